internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

// Ballots and tie choices.

extension SequencerCore {
    func take(_ order: BallotOrder, at now: Moment) throws(StoreError) {
        let isReused = try hasOutcome(order.caller)
        do throws(RPCError) {
            let log = try served(order.command.meeting, for: order.caller.directoryRoles)
            let statement = order.ballot.statement
            // Nothing that may have changed since comes before the log: who has a ballot that counts
            // gets its receipt.
            let index = log.ballots[statement.ballot]
            if index == nil || statement.member != order.caller.id {
                try authorize(order, in: log)
            }
            if let index {
                return batch.answers.append(.receipt(order, log, index: index))
            }
            guard !isReused else { throw RPCError(.idempotencyKeyReused) }
            let caller = try present(order.caller, at: now)
            let entries = try decide(order.command.command, by: caller, in: log, at: now)
            try checkCertificate(of: order.ballot, at: now)
            try order.beginEffect()
            try appendOrRefuse(entries, to: log)
            // The ballot is the first of them.
            guard let index = entries.first?.index, let bytes = log.pendingEntry(at: index) else {
                throw RPCError(.internal, "the ballot led to no entry")
            }
            batch.answers.append(
                .give { Self.answer(order, in: log, at: index, entry: bytes) }
            )
        } catch {
            refuse(order.fail, error)
        }
    }

    /// - Throws: NOT_FOUND / MEETING_NOT_FOUND for who takes no part.
    private func authorize(_ order: BallotOrder, in log: MeetingLog) throws(RPCError) {
        do throws(Rejection) {
            _ = try log.state.authorize(order.command.command, by: .principal(order.caller))
        } catch {
            throw RPCError(error)
        }
    }

    /// A certificate is not signed with the ballot, and anybody can make one of a member's key: what is
    /// written into the log is the one that the directory has, whose issuer was accepted.
    private func checkCertificate(
        of ballot: VerifiedBallot,
        at now: Moment
    ) throws(RPCError) {
        let member = directory.principals[ballot.statement.member]
        guard let certificate = member?.certificate(ballot.keyFingerprint),
            certificate.use == .signing,
            certificate.der == ballot.certificate
        else {
            throw RPCError(
                Rejection.certificateInvalid(
                    rule: "it is the certificate of the key that the directory has for the member"
                )
            )
        }
        guard certificate.revoked == nil else { throw RPCError(Rejection.signingKeyRevoked) }
        guard certificate.validity.contains(now) else {
            throw RPCError(Rejection.certificateInvalid(rule: "the certificate is valid now"))
        }
    }

    /// Whether a principal has used its key for a command that is no ballot.
    func hasOutcome(_ caller: Caller) throws(StoreError) -> Bool {
        let key = OutcomeKey(principal: caller.id.text, key: caller.commandKey.bytes)
        return try outcome(key) != nil
    }

    /// Answers a ballot that is in the log already, whoever carried it first: with the receipt of the same
    /// entry, or a refusal where it is another ballot with that id.
    ///
    /// It is the same where the same key has signed the same statement. A member that signs it once more
    /// has another signature, and may have another certificate of the key by then.
    func answerAgain(
        _ order: BallotOrder,
        in log: MeetingLog,
        at index: UInt64
    ) throws(StoreError) {
        guard let bytes = try store.entry(index, of: LogID(log.id.text)),
            let entry = try? coding.parse(bytes, at: index)
        else { throw StoreError(.damaged, "the entry \(index) of «\(log.id)» cannot be read") }
        switch (entry.body, order.command.command) {
        case (.ballotCast(let ballot, _), .castBallot), (.tieDecided(let ballot), .decideTie):
            if ballot.statementBytes == order.ballot.statementBytes,
                ballot.keyFingerprint == order.ballot.keyFingerprint
            {
                return Self.answer(order, in: log, at: index, entry: bytes)
            }
        default:
            break
        }
        do throws(RPCError) {
            // Who takes no part, and signs with an id of its own choice, learns nothing of the log.
            try authorize(order, in: log)
            order.fail(RPCError(.idempotencyKeyReused))
        } catch {
            order.fail(error)
        }
    }

    static func answer(
        _ order: BallotOrder,
        in log: MeetingLog,
        at index: UInt64,
        entry: [UInt8]
    ) {
        guard let receipt = log.receipt(of: index, entry: entry) else {
            // The tree of the newest checkpoint has every entry that is stored.
            return order.fail(RPCError(.internal, "there is no receipt of the entry \(index)"))
        }
        let poll = order.ballot.statement.poll
        let verdict = log.state.proceedings.poll(poll)?.verdict
        order.succeed(BallotOrder.Outcome(receipt: receipt, verdict: verdict))
    }
}
