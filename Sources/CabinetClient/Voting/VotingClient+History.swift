internal import CabinetAPI
internal import CabinetCodec
public import CabinetLedger
internal import CabinetMapping
public import CabinetModel
internal import CabinetRPC

// One history: that the log of today goes on from each that was seen.

extension VotingClient {
    /// Checkpoints that wait to be compared before a ballot's receipt has the comparison made at once.
    private static let uncomparedCheckpoints = 32

    /// Asks the server for the newest checkpoint, and for the proof that the log goes on from every one
    /// that was seen before. To be called whenever a connection was made; ``ballotPaper(of:in:)`` does.
    ///
    /// - Returns: The newest checkpoint, which is kept for the next time.
    /// - Throws: ``HistoryError``. Where ``HistoryError/isContradiction`` is true the journal has the evidence.
    @discardableResult
    public func verifyHistory(
        of meeting: MeetingID
    ) async throws(HistoryError) -> VerifiedCheckpoint {
        guard let log = installation.log(of: meeting) else { throw .logNameTooLong }
        let seen = try await seenCheckpoints(log)
        guard !seen.isEmpty else {
            let first = try await checkpoint(of: meeting)
            let verified = try verified(first, log)
            try await remember(first, inPlaceOf: [])
            return verified
        }
        var shown: [SignedCheckpoint] = []
        for kept in seen {
            let newest = try await compare(kept, meeting, log)
            if !shown.contains(newest) { shown.append(newest) }
        }
        // The log may have grown in between: then there are several again, to be compared next time.
        for checkpoint in shown.dropLast() { try await remember(checkpoint, inPlaceOf: []) }
        let newest = shown[shown.count - 1]
        try await remember(newest, inPlaceOf: seen.filter { !shown.contains($0) })
        return try verified(newest, log)
    }

    /// Keeps the checkpoint of a receipt, to be compared with the others later, or now where there are
    /// many.
    func remember(
        _ checkpoint: SignedCheckpoint,
        of meeting: MeetingID,
        _ log: TrustedLog
    ) async throws(HistoryError) {
        let seen = try await seenCheckpoints(log)
        try await checkSameSize(checkpoint, seen)
        guard !seen.contains(where: { $0.unverified == checkpoint.unverified }) else { return }
        try await remember(checkpoint, inPlaceOf: [])
        guard seen.count >= Self.uncomparedCheckpoints else { return }
        do throws(HistoryError) {
            try await verifyHistory(of: meeting)
        } catch {
            // Where only the link fails it is done another time.
            if error.isContradiction { throw error }
        }
    }

    private func seenCheckpoints(
        _ log: TrustedLog
    ) async throws(HistoryError) -> [SignedCheckpoint] {
        do throws(JournalError) {
            return try await journal.checkpoints(of: log.origin)
        } catch {
            throw .journal(error)
        }
    }

    private func remember(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) async throws(HistoryError) {
        do throws(JournalError) {
            try await journal.keep(checkpoint, inPlaceOf: older)
        } catch {
            throw .journal(error)
        }
    }

    // MARK: - Comparing

    /// Two trees of one size have one root.
    private func checkSameSize(
        _ checkpoint: SignedCheckpoint,
        _ seen: [SignedCheckpoint]
    ) async throws(HistoryError) {
        let shown = checkpoint.unverified
        for kept in seen where kept.unverified.treeSize == shown.treeSize {
            guard kept.unverified.rootHash != shown.rootHash else { continue }
            let error = CheckpointExtensionError.inconsistent(
                .newerRootMismatch(
                    computed: kept.unverified.rootHash,
                    expected: shown.rootHash
                )
            )
            try await report(.rewritten(kept: kept, shown: checkpoint, error), checkpoint)
        }
    }

    /// Has the server prove that its log goes on from a checkpoint.
    ///
    /// - Returns: The newest checkpoint.
    private func compare(
        _ kept: SignedCheckpoint,
        _ meeting: MeetingID,
        _ log: TrustedLog
    ) async throws(HistoryError) -> SignedCheckpoint {
        let response: GetConsistencyProofResponse
        do throws(RPCError) {
            response = try await ledger.getConsistencyProof(
                GetConsistencyProofRequest(
                    meetingID: meeting.text,
                    fromTreeSize: kept.unverified.treeSize
                )
            )
        } catch {
            guard error.failureReason == .beyondLog else { throw .call(error) }
            try await report(.lost(kept: kept), kept)
        }
        let shown = try Self.parsed(response.checkpoint)
        let newest = try verified(shown, log)
        let before = try verified(kept, log)
        do throws(CheckpointExtensionError) {
            try newest.verifyExtension(of: before, proof: try Self.hashes(response.hashes))
        } catch {
            try await report(.rewritten(kept: kept, shown: shown, error), shown)
        }
        return shown
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
        var hashes: [MerkleHash] = []
        for hash in bytes {
            // A hash of another length is the hash of nothing.
            hashes.append(MerkleHash(hash) ?? .emptyTree)
        }
        return hashes
    }

    /// Keeps the proof, with what was kept before in it, and throws.
    private func report(
        _ error: HistoryError,
        _ shown: SignedCheckpoint
    ) async throws(HistoryError) -> Never {
        do throws(JournalError) {
            try await journal.keep(Evidence(finding: "\(error)", answer: shown.serialized))
        } catch let failure {
            throw .journal(failure)
        }
        throw error
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

    private func checkpoint(
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
