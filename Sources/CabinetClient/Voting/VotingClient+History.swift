internal import CabinetAPI
internal import CabinetCodec
public import CabinetLedger
internal import CabinetMapping
public import CabinetModel
internal import CabinetRPC

// One history: that the log of today goes on from each that was seen.

extension VotingClient {
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
        guard let log = installation.log(of: meeting) else { throw .logNameTooLong }
        let seen = try await seenCheckpoints(log)
        guard let largest = seen.max(by: { $0.unverified.treeSize < $1.unverified.treeSize }) else {
            let first = try await newestCheckpoint(of: meeting)
            let verified = try verified(first, log)
            try await keep(first, inPlaceOf: [])
            return verified
        }
        let newest = try await newestCheckpoint(from: largest, meeting, log)
        let verified = try verified(newest, log)
        for kept in seen where kept != largest {
            try await compare(kept, with: newest, meeting, log)
        }
        try await keep(newest, inPlaceOf: seen.filter { $0 != newest })
        return verified
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
        guard let log = installation.log(of: meeting) else { throw .logNameTooLong }
        let newest = try await newestCheckpoint(of: meeting)
        let verified = try verified(newest, log)
        let seen = try await seenCheckpoints(log)
        do throws(JournalError) {
            for kept in seen {
                try await journal.keep(
                    .contradiction("given up for a log that was restored", kept, newest)
                )
            }
            try await journal.reopenBallots(in: meeting)
        } catch {
            throw .journal(error)
        }
        try await keep(newest, inPlaceOf: seen.filter { $0 != newest })
        return verified
    }

    /// Keeps the checkpoint of a receipt, to be compared with the others later, or now where there are
    /// many.
    func remember(
        _ checkpoint: SignedCheckpoint,
        of meeting: MeetingID,
        _ log: TrustedLog
    ) async throws(HistoryError) {
        let seen = try await seenCheckpoints(log)
        for kept in seen where kept.unverified.treeSize == checkpoint.unverified.treeSize {
            guard kept.unverified.rootHash != checkpoint.unverified.rootHash else { return }
            try await reportFork(kept, checkpoint)
        }
        if seen.count >= JournalLimits.checkpoints / 2 {
            do throws(HistoryError) {
                try await verifyHistory(of: meeting)
            } catch {
                // Where only the link fails it is done another time.
                if error.isContradiction { throw error }
            }
        }
        try await keep(checkpoint, inPlaceOf: [])
    }

    // MARK: - The journal

    private func seenCheckpoints(
        _ log: TrustedLog
    ) async throws(HistoryError) -> [SignedCheckpoint] {
        do throws(JournalError) {
            return try await journal.checkpoints(of: log.origin)
        } catch {
            throw .journal(error)
        }
    }

    private func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) async throws(HistoryError) {
        do throws(JournalError) {
            try await journal.keep(checkpoint, inPlaceOf: older)
        } catch {
            throw .journal(error)
        }
    }

    /// Keeps both notes, and throws.
    private func report(
        _ error: HistoryError,
        _ kept: SignedCheckpoint,
        _ shown: SignedCheckpoint?
    ) async throws(HistoryError) -> Never {
        do throws(JournalError) {
            try await journal.keep(.contradiction("\(error)", kept, shown))
        } catch let failure {
            throw .journal(failure)
        }
        throw error
    }

    /// Two trees of one size have one root.
    private func reportFork(
        _ kept: SignedCheckpoint,
        _ shown: SignedCheckpoint
    ) async throws(HistoryError) -> Never {
        let error = ProofError.newerRootMismatch(
            computed: kept.unverified.rootHash,
            expected: shown.unverified.rootHash
        )
        try await report(
            .rewritten(kept: kept, shown: shown, .inconsistent(error)),
            kept,
            shown
        )
    }

    // MARK: - Comparing

    /// The newest checkpoint of a log that goes on from one that was seen.
    private func newestCheckpoint(
        from kept: SignedCheckpoint,
        _ meeting: MeetingID,
        _ log: TrustedLog
    ) async throws(HistoryError) -> SignedCheckpoint {
        // A tree without entries is the beginning of every other.
        guard kept.unverified.treeSize > 0 else { return try await newestCheckpoint(of: meeting) }
        let response = try await proof(from: kept, to: nil, meeting)
        let shown = try Self.parsed(response.checkpoint)
        try await check(response.hashes, from: kept, to: shown, log)
        return shown
    }

    /// Has the server prove that a newer tree goes on from one that was seen.
    private func compare(
        _ kept: SignedCheckpoint,
        with newest: SignedCheckpoint,
        _ meeting: MeetingID,
        _ log: TrustedLog
    ) async throws(HistoryError) {
        guard kept.unverified.treeSize > 0 else { return }
        let response = try await proof(from: kept, to: newest, meeting)
        try await check(response.hashes, from: kept, to: newest, log)
    }

    private func proof(
        from kept: SignedCheckpoint,
        to newest: SignedCheckpoint?,
        _ meeting: MeetingID
    ) async throws(HistoryError) -> GetConsistencyProofResponse {
        do throws(RPCError) {
            return try await ledger.getConsistencyProof(
                GetConsistencyProofRequest(
                    meetingID: meeting.text,
                    fromTreeSize: kept.unverified.treeSize,
                    toTreeSize: newest?.unverified.treeSize ?? 0
                )
            )
        } catch {
            guard error.failureReason == .beyondLog else { throw .call(error) }
            try await report(.lost(kept: kept), kept, newest)
        }
    }

    private func check(
        _ hashes: [[UInt8]],
        from kept: SignedCheckpoint,
        to shown: SignedCheckpoint,
        _ log: TrustedLog
    ) async throws(HistoryError) {
        let newest = try verified(shown, log)
        let before = try verified(kept, log)
        do throws(CheckpointExtensionError) {
            try newest.verifyExtension(of: before, proof: try Self.hashes(hashes))
        } catch {
            try await report(.rewritten(kept: kept, shown: shown, error), kept, shown)
        }
    }

    private static func hashes(
        _ bytes: [[UInt8]]
    ) throws(CheckpointExtensionError) -> [MerkleHash] {
        guard bytes.count <= LedgerLimits.maximumProofHashes else {
            throw .inconsistent(
                .wrongHashCount(
                    found: bytes.count,
                    expected: LedgerLimits.maximumProofHashes
                )
            )
        }
        // A hash of another length is the hash of nothing.
        return bytes.map { MerkleHash($0) ?? .emptyTree }
    }

    private func verified(
        _ checkpoint: SignedCheckpoint,
        _ log: TrustedLog
    ) throws(HistoryError) -> VerifiedCheckpoint {
        do throws(CheckpointVerificationError) {
            return try checkpoint.verified(origin: log.origin, logKey: log.key)
        } catch {
            throw .untrustedCheckpoint(error)
        }
    }

    private func newestCheckpoint(
        of meeting: MeetingID
    ) async throws(HistoryError) -> SignedCheckpoint {
        let response: GetCheckpointResponse
        do throws(RPCError) {
            response = try await ledger.getCheckpoint(
                GetCheckpointRequest(meetingID: meeting.text)
            )
        } catch {
            throw .call(error)
        }
        return try Self.parsed(response.checkpoint)
    }

    private static func parsed(
        _ message: CabinetAPI.Checkpoint?
    ) throws(HistoryError) -> SignedCheckpoint {
        do throws(CheckpointFormatError) {
            return try SignedCheckpoint(parsing: message?.note ?? [])
        } catch {
            throw .malformedCheckpoint(error)
        }
    }
}

extension Evidence {
    fileprivate static func contradiction(
        _ finding: String,
        _ kept: SignedCheckpoint,
        _ shown: SignedCheckpoint?
    ) -> Evidence {
        Evidence(
            .contradiction,
            finding: finding,
            answer: kept.serialized + (shown?.serialized ?? [])
        )
    }
}
