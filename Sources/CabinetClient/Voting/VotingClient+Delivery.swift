internal import CabinetAPI
internal import CabinetCodec
internal import CabinetLedger
internal import CabinetMapping
public import CabinetModel
internal import CabinetRPC

// The way of a signed ballot to its receipt.

extension VotingClient {
    /// Sends all ballots of the journal of which nothing is known: at start, and when a link is back.
    ///
    /// They go one after the other, in the order in which they were signed, each with the policy's patience.
    /// After the first to which there is no answer the others are left for the next time. An answer that says
    /// nothing of the ballot, as that there is no such meeting, is no reason not to send the others.
    ///
    /// - Returns: What became of each that was sent.
    /// - Throws: ``JournalError`` where the journal cannot be read.
    public func deliverPending()
        async throws(JournalError) -> [(BallotID, Result<ProvenBallot, CastError>)]
    {
        var results: [(BallotID, Result<ProvenBallot, CastError>)] = []
        for kept in try await journal.pendingBallots() {
            let result: Result<ProvenBallot, CastError>
            do throws(CastError) {
                guard let log = installation.log(of: kept.statement.meeting) else {
                    throw .logNameTooLong
                }
                try check(kept.ballot, kept.statement)
                result = .success(try await deliver(kept.ballot, kept.statement, log))
            } catch {
                result = .failure(error)
            }
            results.append((kept.statement.ballot, result))
            if case .failure(.undelivered(_, let error)) = result, error.failureReason == nil {
                break
            }
        }
        return results
    }

    /// The ballots of a meeting that were proven to count, from the journal alone: no server is asked.
    ///
    /// - Throws: ``JournalError``, ``JournalError/Kind/damaged`` where a receipt does not verify any more.
    public func provenBallots(
        in meeting: MeetingID
    ) async throws(JournalError) -> [ProvenBallot] {
        guard let log = installation.log(of: meeting) else { return [] }
        var proven: [ProvenBallot] = []
        for kept in try await journal.ballots(in: meeting) {
            guard case .counted(let receipt) = kept.outcome else { continue }
            do throws(ReceiptProblem) {
                proven.append(try ProvenBallot(verifying: receipt, of: kept.ballot, in: log))
            } catch {
                throw JournalError(.damaged, "\(kept.statement.ballot): \(error)")
            }
        }
        return proven
    }

    /// Sends a ballot that is in the journal until there is an answer, and keeps what became of it.
    func deliver(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement,
        _ log: TrustedLog
    ) async throws(CastError) -> ProvenBallot {
        let receipt: CabinetAPI.Receipt?
        do throws(RPCError) {
            receipt = try await send(ballot, statement)
        } catch {
            guard let reason = error.failureReason, reason.refusesBallot else {
                throw .undelivered(statement.ballot, error)
            }
            try await settle(statement.ballot, as: .refused(reason: reason.name))
            throw .refused(reason, error)
        }
        let counted: ProvenBallot
        do throws(ReceiptProblem) {
            counted = try ProvenBallot(
                verifying: Self.receipt(receipt),
                of: ballot,
                in: log
            )
        } catch {
            try await keep(error, receipt, of: statement.ballot)
            throw .unproven(statement.ballot, error)
        }
        try await settle(statement.ballot, as: .counted(counted.receipt.receipt))
        do throws(HistoryError) {
            try await history(of: statement.meeting).remember(counted.receipt.receipt.checkpoint)
        } catch {
            throw .history(counted, error)
        }
        return counted
    }

    /// A disk may have changed what is in a journal, and a server would refuse it: as if the ballot, which
    /// may count, did not.
    private func check(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) throws(CastError) {
        do throws(Rejection) {
            _ = try VerifiedBallot(
                verifying: ballot,
                as: statement.purpose.message,
                commandKey: CommandKey(statement.ballot)
            )
        } catch {
            throw .unsettled(
                statement.ballot,
                JournalError(.damaged, "the ballot is not as it was signed: \(error)")
            )
        }
    }

    private func settle(
        _ ballot: BallotID,
        as outcome: BallotOutcome
    ) async throws(CastError) {
        do throws(JournalError) {
            try await journal.settle(ballot, as: outcome)
        } catch {
            throw .unsettled(ballot, error)
        }
    }

    private func keep(
        _ problem: ReceiptProblem,
        _ receipt: CabinetAPI.Receipt?,
        of ballot: BallotID
    ) async throws(CastError) {
        do throws(JournalError) {
            try await journal.keep(
                Evidence(
                    .falseAnswer,
                    finding: "\(problem)",
                    answer: receipt?.serialized() ?? []
                )
            )
        } catch {
            throw .unsettled(ballot, error)
        }
    }

    // MARK: - Attempts

    /// Sends a ballot until there is an answer that another attempt would not change, the policy's
    /// patience is over, or the task is cancelled.
    private func send(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) async throws(RPCError) -> CabinetAPI.Receipt? {
        var generator = SystemRandomNumberGenerator()
        var waited = Duration.zero
        var failures = 0
        while true {
            let (result, duration) = await measured { () async throws(RPCError) in
                try await attempt(ballot, statement)
            }
            switch result {
            case .success(let receipt):
                return receipt
            case .failure(let error):
                failures += 1
                let pause = policy.backoff.pause(afterFailures: failures, using: &generator)
                waited += duration + pause
                guard error.mayPass, waited < policy.patience ?? .seconds(Int64.max) else {
                    throw error
                }
                do {
                    try await clock.sleep(for: pause)
                } catch {
                    throw RPCError(.cancelled, "the task of the caller was cancelled")
                }
            }
        }
    }

    private func measured<Value>(
        _ body: () async throws(RPCError) -> Value
    ) async -> (result: Result<Value, RPCError>, duration: Duration) {
        var result: Result<Value, RPCError>?
        let duration = await clock.measure {
            do throws(RPCError) {
                result = .success(try await body())
            } catch {
                result = .failure(error)
            }
        }
        guard let result else { preconditionFailure("what was measured has run") }
        return (result, duration)
    }

    private func attempt(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) async throws(RPCError) -> CabinetAPI.Receipt? {
        let options = CallOptions(
            timeout: policy.attemptTimeout,
            idempotencyKey: IdempotencyKey(statement.ballot.bytes)
        )
        switch statement.purpose {
        case .vote:
            return try await voting.castBallot(
                CastBallotRequest(ballot: ballot),
                options: options
            ).receipt
        case .tie:
            return try await voting.decideTie(
                DecideTieRequest(ballot: ballot),
                options: options
            ).receipt
        }
    }
}

extension RPCError {
    /// Whether the same ballot may fare better a little later: the link is lost, the server is starting,
    /// full, or slow.
    fileprivate var mayPass: Bool {
        switch code {
        case .unavailable: !isLastingRefusal
        case .deadlineExceeded: true
        case .resourceExhausted: failureReason == nil
        default: false
        }
    }
}
