/// A log's Merkle tree with every complete node, so that it proves anything about every size that
/// it ever had.
///
/// Memory: level h has the roots of the complete subtrees of 2^h leaves, ⌊n / 2^h⌋ of them. All
/// levels together have less than 2n hashes, that is at most 64 bytes for each leaf, and up to
/// twice that where an array has just grown. Entries are not kept. Rebuild it from the stored
/// entries' leaf hashes with ``init(leaves:)``: one hash for each leaf.
///
/// Source: RFC 6962, section 2.1.
public struct MerkleTree: Sendable {
    /// `levels[h][i]` is the root of the leaves i·2^h ..< (i+1)·2^h. No level is empty.
    private var levels: [[MerkleHash]] = []

    /// The tree without leaves.
    public init() {}

    /// The tree with these leaves. O(n) hashes.
    public init(leaves: some Sequence<LeafHash>) {
        for leaf in leaves { append(leaf) }
    }

    /// The number of leaves.
    public var size: UInt64 { UInt64(leafCount) }

    private var leafCount: Int { levels.first?.count ?? 0 }

    /// Appends a leaf. O(log n) hashes at worst, one on average.
    public mutating func append(_ leaf: LeafHash) {
        var hash = leaf.merkleHash
        var level = 0
        while true {
            if level == levels.count { levels.append([]) }
            levels[level].append(hash)
            let count = levels[level].count
            guard count.isMultiple(of: 2) else { return }
            // Its left neighbour is complete too: so is the node above both.
            hash = MerkleHash(left: levels[level][count - 2], right: hash)
            level += 1
        }
    }

    /// The hash of the leaf with this index.
    ///
    /// - Throws: ``TreeError/indexBeyondSize(index:size:)``.
    public func leaf(at index: UInt64) throws(TreeError) -> LeafHash {
        guard index < size else { throw .indexBeyondSize(index: index, size: size) }
        return LeafHash(computed: levels[0][Int(index)])
    }

    /// The root hash of the whole tree. O(log n) hashes.
    public var root: MerkleHash {
        root(ofFirst: leafCount)
    }

    /// The root hash that the tree had at an earlier size. O(log n) hashes.
    ///
    /// - Throws: ``TreeError/sizeBeyondTree(size:treeSize:)``.
    public func root(atSize size: UInt64) throws(TreeError) -> MerkleHash {
        root(ofFirst: try count(atSize: size))
    }

    /// The proof that a leaf is in the tree of the given size, which may be an earlier one: PATH of
    /// RFC 6962, section 2.1.1. O(log n) hashes.
    ///
    /// - Throws: ``TreeError/sizeBeyondTree(size:treeSize:)`` and
    ///   ``TreeError/indexBeyondSize(index:size:)``.
    public func inclusionProof(
        ofLeaf index: UInt64,
        atSize size: UInt64
    ) throws(TreeError) -> InclusionProof {
        var range = 0..<(try count(atSize: size))
        guard index < size else { throw .indexBeyondSize(index: index, size: size) }
        let leaf = Int(index)
        var hashes: [MerkleHash] = []
        while range.count > 1 {
            let (left, right) = split(range)
            let isLeft = leaf < left.upperBound
            hashes.append(root(of: isLeft ? right : left))
            range = isLeft ? left : right
        }
        hashes.reverse()
        return InclusionProof(leafIndex: index, treeSize: size, hashes: hashes)
    }

    /// The proof that the tree of one size is the beginning of the tree of another: PROOF of
    /// RFC 6962, section 2.1.2. O(log n) hashes.
    ///
    /// - Throws: ``TreeError/sizeBeyondTree(size:treeSize:)`` and
    ///   ``TreeError/sizesUnordered(from:to:)``.
    public func consistencyProof(
        from older: UInt64,
        to newer: UInt64
    ) throws(TreeError) -> ConsistencyProof {
        var range = 0..<(try count(atSize: newer))
        guard older >= 1, older <= newer else { throw .sizesUnordered(from: older, to: newer) }
        let boundary = Int(older)
        var hashes: [MerkleHash] = []
        // Down to the subtree that the older tree ends with.
        while range.upperBound != boundary {
            let (left, right) = split(range)
            let isLeft = boundary <= left.upperBound
            hashes.append(root(of: isLeft ? right : left))
            range = isLeft ? left : right
        }
        // Where it is the whole older tree, the verifier has its root.
        if range.lowerBound != 0 { hashes.append(root(of: range)) }
        hashes.reverse()
        return ConsistencyProof(fromSize: older, toSize: newer, hashes: hashes)
    }

    private func count(atSize size: UInt64) throws(TreeError) -> Int {
        guard size <= self.size else { throw .sizeBeyondTree(size: size, treeSize: self.size) }
        return Int(size)
    }

    private func root(ofFirst count: Int) -> MerkleHash {
        count == 0 ? .emptyTree : root(of: 0..<count)
    }

    /// The root over leaves that are a subtree of some size of this tree: the range is not empty,
    /// and its lower bound is a multiple of the smallest power of two that is not below its count.
    private func root(of range: Range<Int>) -> MerkleHash {
        if range.count.nonzeroBitCount == 1 {
            let level = range.count.trailingZeroBitCount
            return levels[level][range.lowerBound >> level]
        }
        let (left, right) = split(range)
        return MerkleHash(left: root(of: left), right: root(of: right))
    }

    /// The two subtrees of a range of more than one leaf: the left one has the largest power of two
    /// of leaves that is below the count (k in RFC 6962, section 2.1).
    private func split(_ range: Range<Int>) -> (left: Range<Int>, right: Range<Int>) {
        let leftCount = 1 << (Int.bitWidth - 1 - (range.count - 1).leadingZeroBitCount)
        let middle = range.lowerBound + leftCount
        return (range.lowerBound..<middle, middle..<range.upperBound)
    }
}
