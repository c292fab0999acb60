internal import CabinetAPI
internal import CabinetCodec
internal import CabinetCrypto
public import CabinetLedger
internal import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// A member votes: what it is shown, what it signs, and the proof that it counts.
///
/// ```swift
/// let client = VotingClient(rpc, as: signer, of: installation, journal: journal)
/// let paper = try await client.ballotPaper(of: PollID("poll-1"), in: MeetingID("2019-06-24"))
/// let ballot = try await client.cast(.yes, on: paper)
/// print("you have voted", ballot.explanation)
/// ```
///
/// A ballot is in the journal before it is sent. Whatever happens afterwards, a lost link, a crash of
/// either side, the same ballot is sent again, and the server enters it once. A ``ProvenBallot`` is only
/// made from a receipt of which every part verifies, and a log that is not the one that was seen before is
/// reported.
public struct VotingClient: Sendable {
    let signer: BallotSigner
    let installation: TrustedInstallation
    let journal: any BallotJournal
    let policy: DeliveryPolicy
    let clock: any Clock<Duration>
    private let caller: any RPCCaller
    let voting: VotingService.Client
    private let ledger: LedgerService.Client

    /// - Parameters:
    ///   - caller: The connection, which may be lost and made anew. It may be another's than the member's:
    ///     a seat's tablet carries ballots of whoever sits there.
    ///   - signer: The member, and its key.
    ///   - installation: Whose log is believed.
    ///   - journal: The member's.
    ///   - policy: How often, and for how long, a ballot is sent again.
    ///   - clock: For pauses between attempts.
    public init(
        _ caller: any RPCCaller,
        as signer: BallotSigner,
        of installation: TrustedInstallation,
        journal: any BallotJournal,
        policy: DeliveryPolicy = DeliveryPolicy(),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.caller = caller
        self.signer = signer
        self.installation = installation
        self.journal = journal
        self.policy = policy
        self.clock = clock
        voting = VotingService.Client(caller)
        ledger = LedgerService.Client(caller)
    }

    // MARK: - What is voted on

    /// What the member is shown of a poll, from the server, with every digest computed anew. Compares the
    /// log with what was seen of it before.
    ///
    /// - Throws: ``BallotPaperError``.
    public func ballotPaper(
        of poll: PollID,
        in meeting: MeetingID
    ) async throws(BallotPaperError) -> BallotPaper {
        do throws(HistoryError) {
            try await verifyHistory(of: meeting)
        } catch {
            throw .history(error)
        }
        let found = try await fetchPoll(poll, meeting)
        let roll = try await fetchRoll(of: found, meeting)
        let paper = try BallotPaper(found, roll, of: meeting, for: signer)
        let counting = try await countingBallot(on: paper)
        return paper.with(
            counting: counting,
            kept: try await reconciled(counting, with: ballots(on: paper))
        )
    }

    /// The ballots of the journal in a poll.
    private func ballots(
        on paper: BallotPaper
    ) async throws(BallotPaperError) -> [JournalledBallot] {
        do throws(JournalError) {
            return try await journal.ballots(in: paper.meeting).filter {
                $0.statement.poll == paper.poll.id
            }
        } catch {
            throw .journal(error)
        }
    }

    /// Settles a ballot of the journal that is found to count: nothing was known of it, or the server had
    /// refused it, which is evidence then.
    private func reconciled(
        _ counting: ProvenBallot?,
        with kept: [JournalledBallot]
    ) async throws(BallotPaperError) -> [JournalledBallot] {
        guard let counting,
            let own = kept.first(where: { $0.statement.ballot == counting.statement.ballot })
        else { return kept }
        let receipt = counting.receipt.receipt
        do throws(JournalError) {
            switch own.outcome {
            case .counted:
                return kept
            case .refused(let reason):
                try await journal.keep(
                    Evidence(
                        .contradiction,
                        finding: "the ballot was refused with \(reason), and counts",
                        answer: Receipt(receipt).serialized()
                    )
                )
            case .pending:
                break
            }
            try await journal.settle(counting.statement.ballot, as: .counted(receipt))
        } catch {
            throw .journal(error)
        }
        return kept.map {
            $0.statement.ballot == counting.statement.ballot
                ? JournalledBallot($0.ballot, $0.statement, .counted(receipt)) : $0
        }
    }

    private func fetchPoll(
        _ poll: PollID,
        _ meeting: MeetingID
    ) async throws(BallotPaperError) -> CabinetModel.Poll {
        let response: GetPollResponse
        do throws(RPCError) {
            response = try await voting.getPoll(
                GetPollRequest(meetingID: meeting.text, pollID: poll.text)
            )
        } catch {
            throw .call(error)
        }
        do throws(InvalidField) {
            return try CabinetModel.Poll(response, asked: poll)
        } catch {
            throw .malformed(error)
        }
    }

    private func fetchRoll(
        of poll: CabinetModel.Poll,
        _ meeting: MeetingID
    ) async throws(BallotPaperError) -> FrozenRoll {
        guard let opening = poll.opening else { throw .notOpened }
        var parts: [[UInt8]] = []
        do throws(RPCError) {
            // At most 16: the poll's opening was checked.
            for part in 0..<opening.rollPartCount {
                let response = try await voting.getRoll(
                    GetRollRequest(meetingID: meeting.text, pollID: poll.id.text, part: part)
                )
                parts.append(response.roll?.roll ?? [])
            }
        } catch {
            throw .call(error)
        }
        do throws(InvalidField) {
            return try FrozenRoll(parts: parts)
        } catch {
            throw .malformed(error)
        }
    }

    /// The member's own ballot that is in the log and counts, also where it was cast with another device.
    ///
    /// The server knows it by the connection. On a seat's tablet, whose connection is not the member's,
    /// none is found; the ballots that were cast with this client are in its journal.
    ///
    /// - Returns: `nil` where the server says that there is none.
    /// - Throws: ``BallotPaperError``. The ballot is signed with a key on the roll, for the motion and the
    ///   roll of the paper, or it is no ballot.
    private func countingBallot(
        on paper: BallotPaper
    ) async throws(BallotPaperError) -> ProvenBallot? {
        guard let log = installation.log(of: paper.meeting) else { throw .logNameTooLong }
        let response: GetReceiptResponse
        do throws(RPCError) {
            response = try await ledger.getReceipt(
                GetReceiptRequest(
                    meetingID: paper.meeting.text,
                    entry: .pollID(paper.poll.id.text)
                )
            )
        } catch {
            guard error.failureReason != .entryNotFound else { return nil }
            throw .call(error)
        }
        let ballot: ProvenBallot
        do throws(ReceiptProblem) {
            ballot = try ProvenBallot(verifying: Self.receipt(response.receipt), in: log)
            guard ballot.statement.member == signer.member else { return nil }
            guard paper.admits(ballot) else { throw .otherBallot }
            try ballot.verifySignature()
        } catch {
            throw .receipt(error)
        }
        do throws(HistoryError) {
            try await history(of: paper.meeting).remember(ballot.receipt.receipt.checkpoint)
        } catch {
            throw .history(error)
        }
        return ballot
    }

    static func receipt(
        _ message: CabinetAPI.Receipt?
    ) throws(ReceiptProblem) -> CabinetLedger.Receipt {
        guard let message else { throw .missing }
        do throws(ReceiptError) {
            return try CabinetLedger.Receipt(message)
        } catch {
            throw .receipt(error)
        }
    }

    // MARK: - One history

    /// Asks the server to prove that its log goes on from every checkpoint that was seen before, all to the
    /// same newer one. To be called whenever a connection was made, and at the end of a meeting;
    /// ``ballotPaper(of:in:)`` calls it.
    ///
    /// - Returns: That newer checkpoint, which is kept in place of the others.
    /// - Throws: ``HistoryError``. Where ``HistoryError/isContradiction`` is true the journal has the
    ///   evidence.
    @discardableResult
    public func verifyHistory(
        of meeting: MeetingID
    ) async throws(HistoryError) -> VerifiedCheckpoint {
        try await history(of: meeting).verify()
    }

    /// Takes a log that contradicts what was seen of it for the meeting's from now on: what an operator has
    /// to ask members for after the log was put back from a copy (`ledger.proto`, `LogRestored`).
    ///
    /// What was seen stays in the journal as evidence. Ballots that counted are sent again by
    /// ``deliverPending()``: those that the log still has get their receipts once more, and the others are
    /// entered anew where their poll is open.
    ///
    /// - Returns: The newest checkpoint of the log as it is now.
    /// - Throws: ``HistoryError``.
    @discardableResult
    public func acceptRestoration(
        of meeting: MeetingID
    ) async throws(HistoryError) -> VerifiedCheckpoint {
        try await history(of: meeting).acceptRestoration { () throws(JournalError) in
            try await journal.reopenBallots(in: meeting)
        }
    }

    func history(of meeting: MeetingID) throws(HistoryError) -> MeetingHistory {
        try MeetingHistory(of: meeting, in: installation, over: caller, journal: journal)
    }

    // MARK: - Voting

    /// Casts the member's vote, or replaces the one that counts where the poll's rule allows it.
    ///
    /// Returns once the ballot is proven to be in the log. Sends it again until then, as long as the policy
    /// says.
    ///
    /// - Throws: ``CastError``.
    public func cast(
        _ choice: CabinetModel.Choice,
        on paper: BallotPaper
    ) async throws(CastError) -> ProvenBallot {
        guard let revision = paper.nextRevision else { throw .noFurtherRevision }
        return try await cast(.vote(choice, revision), on: paper)
    }

    /// Decides a tie, where the member is the chair of the poll.
    ///
    /// - Throws: ``CastError``.
    public func decideTie(
        _ choice: TieChoice,
        on paper: BallotPaper
    ) async throws(CastError) -> ProvenBallot {
        try await cast(.tie(choice), on: paper)
    }

    private func cast(
        _ purpose: CabinetModel.BallotStatement.Purpose,
        on paper: BallotPaper
    ) async throws(CastError) -> ProvenBallot {
        guard let log = installation.log(of: paper.meeting) else { throw .logNameTooLong }
        let unsigned = UnsignedBallot(
            CabinetModel.BallotStatement(
                ballot: .random(),
                meeting: paper.meeting,
                poll: paper.poll.id,
                member: signer.member,
                purpose: purpose,
                motionDigest: paper.poll.motion.digest,
                rollDigest: paper.opening.rollDigest
            )
        )
        let signature: [UInt8]
        do throws(SigningError) {
            signature = try await signer.signer.sign(unsigned.messageToSign)
        } catch {
            throw .signing(error)
        }
        let ballot = unsigned.signed(
            with: signature,
            by: signer.signer.publicKey,
            certificate: signer.certificate.der
        )
        do throws(JournalError) {
            try await journal.add(ballot, unsigned.statement)
        } catch {
            throw .notSent(error)
        }
        return try await deliver(ballot, unsigned.statement, log)
    }
}

extension BallotID {
    /// Random, from the system's generator.
    fileprivate static func random() -> BallotID {
        var generator = SystemRandomNumberGenerator()
        do {
            return try BallotID(IdempotencyKey.random(using: &generator).bytes)
        } catch {
            preconditionFailure("a key has 16 bytes, as a ballot id has")
        }
    }
}
