internal import CabinetAPI
internal import CabinetCodec
public import CabinetLedger
internal import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// One history: makes sure that the log of a meeting goes on from each state of it that was seen.
///
/// A journal keeps the checkpoints that were seen, and the evidence where the log contradicts them. Those
/// who share a journal, as a member's ``VotingClient`` and its ``MeetingReplica``, share what they have seen,
/// and may compare at the same time.
public struct MeetingHistory: Sendable {
    public let meeting: MeetingID
    let log: TrustedLog
    private let journal: any CheckpointJournal
    private let ledger: LedgerService.Client

    /// - Throws: ``HistoryError/logNameTooLong``.
    public init(
        of meeting: MeetingID,
        in installation: TrustedInstallation,
        over caller: any RPCCaller,
        journal: any CheckpointJournal
    ) throws(HistoryError) {
        guard let log = installation.log(of: meeting) else { throw .logNameTooLong }
        self.meeting = meeting
        self.log = log
        self.journal = journal
        ledger = LedgerService.Client(caller)
    }

    /// Asks the server to prove that its log goes on from every checkpoint that was seen before, all to the
    /// same newer one.
    ///
    /// - Parameter entryCount: How many entries the log is known to have had, by what was shown of them:
    ///   the sequence number of the last event.
    /// - Returns: That newer checkpoint, which is kept in place of the others.
    /// - Throws: ``HistoryError``. Where ``HistoryError/isContradiction`` is true the journal has the
    ///   evidence.
    @discardableResult
    public func verify(atLeast entryCount: UInt64 = 0) async throws(HistoryError)
        -> VerifiedCheckpoint
    {
        let seen = try await seenCheckpoints()
        let largest = seen.max { $0.unverified.treeSize < $1.unverified.treeSize }
        let newest: SignedCheckpoint
        if let largest {
            newest = try await newestCheckpoint(from: largest)
        } else {
            newest = try await newestCheckpoint()
        }
        let verified = try verified(newest)
        for kept in seen where kept != largest {
            try await compare(kept, with: newest)
        }
        guard newest.unverified.treeSize >= entryCount else {
            try await reportShorter(newest, than: entryCount)
        }
        try await keep(newest, inPlaceOf: seen.filter { $0 != newest })
        return verified
    }

    /// Takes a log that contradicts what was seen of it for the meeting's from now on: what an operator has
    /// to ask people for after the log was put back from a copy (`ledger.proto`, `LogRestored`).
    ///
    /// What was seen stays in the journal as evidence. For a member who votes it is
    /// ``VotingClient/acceptRestoration(of:)``, which also sees to the member's ballots.
    ///
    /// - Returns: The newest checkpoint of the log as it is now.
    /// - Throws: ``HistoryError``.
    @discardableResult
    public func acceptRestoration() async throws(HistoryError) -> VerifiedCheckpoint {
        try await acceptRestoration { () throws(JournalError) in }
    }

    /// - Parameter reopen: Done before the checkpoint of the restored log is kept.
    func acceptRestoration(
        _ reopen: () async throws(JournalError) -> Void
    ) async throws(HistoryError) -> VerifiedCheckpoint {
        let newest = try await newestCheckpoint()
        let verified = try verified(newest)
        let seen = try await seenCheckpoints()
        do throws(JournalError) {
            for kept in seen {
                try await journal.keep(
                    .contradiction("given up for a log that was restored", kept, newest)
                )
            }
            try await reopen()
        } catch {
            throw .journal(error)
        }
        try await keep(newest, inPlaceOf: seen.filter { $0 != newest })
        return verified
    }

    /// Keeps the checkpoint of a receipt, to be compared with the others later, or now where there are
    /// many.
    func remember(
        _ checkpoint: SignedCheckpoint
    ) async throws(HistoryError) {
        let seen = try await seenCheckpoints()
        for kept in seen where kept.unverified.treeSize == checkpoint.unverified.treeSize {
            guard kept.unverified.rootHash != checkpoint.unverified.rootHash else { return }
            try await reportFork(kept, checkpoint)
        }
        if seen.count >= JournalLimits.checkpoints / 2 {
            do throws(HistoryError) {
                try await verify()
            } catch {
                // Where only the link fails it is done another time.
                if error.isContradiction { throw error }
            }
        }
        try await keep(checkpoint, inPlaceOf: [])
    }

    // MARK: - The journal

    private func seenCheckpoints() async throws(HistoryError) -> [SignedCheckpoint] {
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

    /// Keeps the note, and throws. What was shown of the log before was not signed: it is evidence for who
    /// has both.
    private func reportShorter(
        _ shown: SignedCheckpoint,
        than entryCount: UInt64
    ) async throws(HistoryError) -> Never {
        let error = HistoryError.shorter(seen: entryCount, shown: shown)
        do throws(JournalError) {
            try await journal.keep(
                Evidence(.falseAnswer, finding: "\(error)", answer: shown.serialized)
            )
        } catch let failure {
            throw .journal(failure)
        }
        throw error
    }

    // MARK: - Comparing

    /// The newest checkpoint of a log that goes on from one that was seen.
    private func newestCheckpoint(
        from kept: SignedCheckpoint
    ) async throws(HistoryError) -> SignedCheckpoint {
        // A tree without entries is the beginning of every other.
        guard kept.unverified.treeSize > 0 else { return try await newestCheckpoint() }
        let response = try await proof(from: kept, to: nil)
        let shown = try Self.parsed(response.checkpoint)
        try await check(response.hashes, from: kept, to: shown)
        return shown
    }

    /// Has the server prove that a newer tree goes on from one that was seen.
    private func compare(
        _ kept: SignedCheckpoint,
        with newest: SignedCheckpoint
    ) async throws(HistoryError) {
        guard kept.unverified.treeSize > 0 else { return }
        let response = try await proof(from: kept, to: newest)
        try await check(response.hashes, from: kept, to: newest)
    }

    private func proof(
        from kept: SignedCheckpoint,
        to newest: SignedCheckpoint?
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
        to shown: SignedCheckpoint
    ) async throws(HistoryError) {
        let newest = try verified(shown)
        let before = try verified(kept)
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
        _ checkpoint: SignedCheckpoint
    ) throws(HistoryError) -> VerifiedCheckpoint {
        do throws(CheckpointVerificationError) {
            return try checkpoint.verified(origin: log.origin, logKey: log.key)
        } catch {
            throw .untrustedCheckpoint(error)
        }
    }

    private func newestCheckpoint() async throws(HistoryError) -> SignedCheckpoint {
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
