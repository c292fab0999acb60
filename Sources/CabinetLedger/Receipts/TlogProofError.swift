/// Why bytes are not a tlog-proof.
public enum TlogProofError: Error, Hashable, Sendable {
    /// There are more bytes than ``LedgerLimits/maximumTlogProofBytes``.
    case tooLong(byteCount: Int, limit: Int)

    /// The first line is not `c2sp.org/tlog-proof@v1`.
    case wrongHeader

    /// The extra data is no base64, empty, or more than ``LedgerLimits/maximumExtraBytes``.
    case malformedExtra

    /// There is no `index` line, or its number is none or not below
    /// ``LedgerLimits/maximumTreeSize``.
    case malformedIndex

    /// A line before the empty one is not the base64 of 32 bytes. The header's line has number 1.
    case malformedHash(lineNumber: Int)

    /// There are more hashes than any proof has.
    case tooManyHashes(limit: Int)

    /// There is no empty line with a checkpoint after it.
    case noCheckpoint

    /// What follows the empty line is no checkpoint.
    case malformedCheckpoint(CheckpointFormatError)
}

extension TlogProofError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let byteCount, let limit):
            "tlog-proof of \(byteCount) bytes, the limit is \(limit)"
        case .wrongHeader: "tlog-proof does not begin with «c2sp.org/tlog-proof@v1»"
        case .malformedExtra: "tlog-proof has malformed or too much extra data"
        case .malformedIndex: "tlog-proof has no index, or one that is no acceptable number"
        case .malformedHash(let number): "line \(number) of the tlog-proof is no hash"
        case .tooManyHashes(let limit): "tlog-proof has more than \(limit) hashes"
        case .noCheckpoint: "tlog-proof has no empty line before a checkpoint"
        case .malformedCheckpoint(let error): "\(error)"
        }
    }
}
