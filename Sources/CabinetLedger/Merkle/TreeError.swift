/// Why a tree cannot be restored, or cannot give what was asked for.
public enum TreeError: Error, Hashable, Sendable {
    /// The size is above ``LedgerLimits/maximumTreeSize``.
    case sizeAboveLimit(size: UInt64)

    /// A tree of that size has another number of peaks.
    case wrongPeakCount(found: Int, expected: Int)

    /// The tree has fewer leaves than the size that was asked for.
    case sizeBeyondTree(size: UInt64, treeSize: UInt64)

    /// The tree of that size has no leaf with that index.
    case indexBeyondSize(index: UInt64, size: UInt64)

    /// A consistency proof was asked for from a size that is 0 or larger than the other.
    case sizesUnordered(from: UInt64, to: UInt64)
}

extension TreeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .sizeAboveLimit(let size):
            "tree size \(size) is above \(LedgerLimits.maximumTreeSize)"
        case .wrongPeakCount(let found, let expected):
            "compact tree with \(found) hashes, its size asks for \(expected)"
        case .sizeBeyondTree(let size, let treeSize):
            "tree size \(size) was asked for, the tree has \(treeSize) leaves"
        case .indexBeyondSize(let index, let size):
            "leaf \(index) was asked for in a tree of size \(size)"
        case .sizesUnordered(let from, let to):
            "consistency was asked for from tree size \(from) to \(to); needed is 1 ≤ from ≤ to"
        }
    }
}
