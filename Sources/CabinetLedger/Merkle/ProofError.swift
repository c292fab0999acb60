/// What a Merkle proof fails at.
public enum ProofError: Error, Hashable, Sendable {
    /// A tree of that size has no such leaf.
    case leafIndexBeyondTree(index: UInt64, treeSize: UInt64)

    /// A consistency proof is from a size that is 0, about which there is nothing to prove, or
    /// larger than the other.
    case sizesUnordered(from: UInt64, to: UInt64)

    /// A proof between these positions has another number of hashes.
    case wrongHashCount(found: Int, expected: Int)

    /// The leaf and the proof lead to another root: leaf, index, proof or root is wrong.
    case rootMismatch(computed: MerkleHash, expected: MerkleHash)

    /// The proof leads to another root for the older tree: it does not belong to that tree.
    case olderRootMismatch(computed: MerkleHash, expected: MerkleHash)

    /// The proof leads to another root for the newer tree: that one does not begin with the older.
    case newerRootMismatch(computed: MerkleHash, expected: MerkleHash)
}

extension ProofError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .leafIndexBeyondTree(let index, let treeSize):
            "leaf index \(index) is not in a tree of size \(treeSize)"
        case .sizesUnordered(let from, let to):
            "consistency proof from tree size \(from) to \(to); needed is 1 ≤ from ≤ to"
        case .wrongHashCount(let found, let expected):
            "proof has \(found) hashes instead of \(expected)"
        case .rootMismatch(let computed, let expected):
            "leaf and proof lead to the root \(computed), not to \(expected)"
        case .olderRootMismatch(let computed, let expected):
            "proof leads to the older root \(computed), not to \(expected)"
        case .newerRootMismatch(let computed, let expected):
            "proof leads to the newer root \(computed), not to \(expected)"
        }
    }
}
