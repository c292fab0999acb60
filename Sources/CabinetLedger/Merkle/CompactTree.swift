/// A log's Merkle tree reduced to what appending and its root need: one hash for each 1 bit of the
/// size, which other implementations call a compact range.
///
/// At most 64 hashes whatever the size. It cannot prove anything; ``MerkleTree`` can.
public struct CompactTree: Hashable, Sendable {
    /// The number of leaves.
    public private(set) var size: UInt64

    /// The roots of the complete subtrees that the tree consists of, the largest and leftmost
    /// first. The i-th has as many leaves as the i-th highest 1 bit of ``size`` is worth.
    public private(set) var peaks: [MerkleHash]

    /// The tree without leaves.
    public init() {
        size = 0
        peaks = []
    }

    /// The tree that had this size and these peaks.
    ///
    /// - Throws: ``TreeError/sizeAboveLimit(size:)`` and
    ///   ``TreeError/wrongPeakCount(found:expected:)``.
    public init(size: UInt64, peaks: [MerkleHash]) throws(TreeError) {
        guard size <= LedgerLimits.maximumTreeSize else { throw .sizeAboveLimit(size: size) }
        guard peaks.count == size.nonzeroBitCount else {
            throw .wrongPeakCount(found: peaks.count, expected: size.nonzeroBitCount)
        }
        self.size = size
        self.peaks = peaks
    }

    /// Appends a leaf. O(log n) hashes at worst, one on average.
    public mutating func append(_ leaf: LeafHash) {
        var hash = leaf.merkleHash
        // Adding 1 to the size carries over each trailing 1 bit; so do the subtrees.
        for _ in 0..<(~size).trailingZeroBitCount {
            hash = MerkleHash(left: peaks.removeLast(), right: hash)
        }
        peaks.append(hash)
        size += 1  // cannot overflow: 2^63 appends are above every limit for `size`
    }

    /// The root hash: MTH of RFC 6962, section 2.1. O(log n) hashes.
    public var root: MerkleHash {
        guard var hash = peaks.last else { return .emptyTree }
        for peak in peaks.dropLast().reversed() {
            hash = MerkleHash(left: peak, right: hash)
        }
        return hash
    }
}
