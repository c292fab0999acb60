/// A checkpoint whose origin and signatures have been verified. There is no other way to get one
/// than ``SignedCheckpoint/verified(origin:logKey:otherKeys:)``.
public struct VerifiedCheckpoint: Hashable, Sendable {
    /// What the log has signed.
    public let checkpoint: Checkpoint

    /// The known keys that have signed it, the log's first.
    public let signers: [NoteVerifierKey]

    /// Returns only if the log has kept all that it had at an older checkpoint.
    ///
    /// Two signed checkpoints of one log for which no proof exists show that the log has lost or
    /// rewritten its history: keep both.
    ///
    /// - Parameters:
    ///   - older: a checkpoint that was seen before.
    ///   - hashes: the consistency proof between the two sizes. Empty where they are equal, and
    ///     from a tree without leaves, which is the beginning of every other.
    /// - Throws: ``CheckpointExtensionError``.
    public func verifyExtension(
        of older: VerifiedCheckpoint,
        proof hashes: [MerkleHash]
    ) throws(CheckpointExtensionError) {
        guard checkpoint.origin == older.checkpoint.origin else {
            throw .otherLog(older: older.checkpoint.origin, newer: checkpoint.origin)
        }
        guard older.checkpoint.treeSize <= checkpoint.treeSize else {
            throw .shrunk(from: older.checkpoint.treeSize, to: checkpoint.treeSize)
        }
        let proof = ConsistencyProof(
            fromSize: older.checkpoint.treeSize,
            toSize: checkpoint.treeSize,
            hashes: hashes
        )
        do throws(ProofError) {
            try Self.verify(proof, from: older.checkpoint.rootHash, to: checkpoint.rootHash)
        } catch {
            throw .inconsistent(error)
        }
    }

    private static func verify(
        _ proof: ConsistencyProof,
        from older: MerkleHash,
        to newer: MerkleHash
    ) throws(ProofError) {
        guard proof.fromSize == 0 else { return try proof.verify(from: older, to: newer) }
        guard proof.hashes.isEmpty else {
            throw .wrongHashCount(found: proof.hashes.count, expected: 0)
        }
        guard older == .emptyTree else {
            throw .olderRootMismatch(computed: .emptyTree, expected: older)
        }
        guard proof.toSize > 0 || newer == .emptyTree else {
            throw .newerRootMismatch(computed: .emptyTree, expected: newer)
        }
    }
}

/// Why a log is not shown to have kept what it had.
public enum CheckpointExtensionError: Error, Hashable, Sendable {
    /// The checkpoints are of two logs.
    case otherLog(older: NoteLine, newer: NoteLine)

    /// The log has fewer entries than it had.
    case shrunk(from: UInt64, to: UInt64)

    /// The proof fails.
    case inconsistent(ProofError)
}

extension CheckpointExtensionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .otherLog(let older, let newer):
            "checkpoints are of two logs, «\(older)» and «\(newer)»"
        case .shrunk(let from, let to): "log had \(from) entries and has \(to)"
        case .inconsistent(let error): "log does not extend what it was: \(error)"
        }
    }
}
