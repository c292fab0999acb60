/// The proof that a leaf is at an index of a tree: the siblings of the nodes on the way from the
/// leaf up to the root, the leaf's own first.
///
/// The proof binds leaf and index to a root, and the size only so far as it decides the way: trees
/// of other sizes in which the way to the leaf is the same have the same proof. A size is known
/// from what vouches for the root too, a signed checkpoint.
///
/// Source: RFC 6962, section 2.1.1.
public struct InclusionProof: Hashable, Sendable {
    /// The leaf's position. The first is 0.
    public let leafIndex: UInt64

    /// The number of leaves of the tree.
    public let treeSize: UInt64

    /// The siblings' hashes, from the leaf upwards.
    public let hashes: [MerkleHash]

    /// A proof with these parts, which can be anything.
    public init(leafIndex: UInt64, treeSize: UInt64, hashes: [MerkleHash]) {
        self.leafIndex = leafIndex
        self.treeSize = treeSize
        self.hashes = hashes
    }

    /// Returns only if the proof leads from the leaf to the root. O(log n) hashes.
    ///
    /// - Throws: ``ProofError/leafIndexBeyondTree(index:treeSize:)``,
    ///   ``ProofError/wrongHashCount(found:expected:)`` and
    ///   ``ProofError/rootMismatch(computed:expected:)``.
    public func verify(_ leaf: LeafHash, in root: MerkleHash) throws(ProofError) {
        let computed = try self.root(for: leaf)
        guard computed == root else { throw .rootMismatch(computed: computed, expected: root) }
    }

    /// The root that the proof leads to from the leaf. O(log n) hashes.
    ///
    /// - Throws: ``ProofError/leafIndexBeyondTree(index:treeSize:)`` and
    ///   ``ProofError/wrongHashCount(found:expected:)``.
    public func root(for leaf: LeafHash) throws(ProofError) -> MerkleHash {
        guard leafIndex < treeSize else {
            throw .leafIndexBeyondTree(index: leafIndex, treeSize: treeSize)
        }
        let path = AuditPath(index: leafIndex, last: treeSize - 1)
        guard hashes.count == path.count else {
            throw .wrongHashCount(found: hashes.count, expected: path.count)
        }
        return zip(path, hashes).reduce(leaf.merkleHash) { hash, step in
            switch step.0 {
            case .left: MerkleHash(left: step.1, right: hash)
            case .right: MerkleHash(left: hash, right: step.1)
            }
        }
    }
}
