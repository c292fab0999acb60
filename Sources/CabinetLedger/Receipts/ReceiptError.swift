/// Why a receipt proves nothing.
public enum ReceiptError: Error, Hashable, Sendable {
    /// The entry is longer than ``LedgerLimits/maximumEntryBytes``.
    case entryTooLong(byteCount: Int, limit: Int)

    /// There are more hashes than any proof has.
    case tooManyHashes(count: Int, limit: Int)

    /// A hash of the proof does not have 32 bytes. The first has position 0.
    case malformedHash(position: Int, byteCount: Int)

    /// The checkpoint is none.
    case malformedCheckpoint(CheckpointFormatError)

    /// The checkpoint is not this log's, or not signed with its key.
    case untrustedCheckpoint(CheckpointVerificationError)

    /// The log has signed the checkpoint, but the entry is not shown to be under its root.
    case notIncluded(ProofError)
}

extension ReceiptError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .entryTooLong(let byteCount, let limit):
            "entry of \(byteCount) bytes, the limit is \(limit)"
        case .tooManyHashes(let count, let limit):
            "inclusion proof of \(count) hashes, the limit is \(limit)"
        case .malformedHash(let position, let byteCount):
            "hash \(position) of the inclusion proof has \(byteCount) bytes instead of 32"
        case .malformedCheckpoint(let error): "\(error)"
        case .untrustedCheckpoint(let error): "\(error)"
        case .notIncluded(let error): "entry is not shown to be in the log: \(error)"
        }
    }
}
