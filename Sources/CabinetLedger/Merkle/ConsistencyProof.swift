/// The proof that a tree is the beginning of a larger one, so that nothing in it was changed.
///
/// As with ``InclusionProof``, sizes are bound only so far as they decide the way through the tree;
/// whatever vouches for the roots has to vouch for the sizes too.
///
/// Source: RFC 6962, section 2.1.2; the verification follows RFC 9162, section 2.1.4.2.
public struct ConsistencyProof: Hashable, Sendable {
    /// The number of leaves of the older tree.
    public let fromSize: UInt64

    /// The number of leaves of the newer tree.
    public let toSize: UInt64

    /// Hashes of the newer tree's nodes. Empty where the sizes are equal.
    public let hashes: [MerkleHash]

    /// A proof with these parts, which can be anything.
    public init(fromSize: UInt64, toSize: UInt64, hashes: [MerkleHash]) {
        self.fromSize = fromSize
        self.toSize = toSize
        self.hashes = hashes
    }

    /// Returns only if the proof shows that the tree with the root `older` is the beginning of the
    /// tree with the root `newer`. O(log n) hashes.
    ///
    /// Every tree begins with the empty one, so that a proof from size 0 says nothing, and is
    /// refused.
    ///
    /// - Throws: ``ProofError/sizesUnordered(from:to:)``,
    ///   ``ProofError/wrongHashCount(found:expected:)``,
    ///   ``ProofError/olderRootMismatch(computed:expected:)`` and
    ///   ``ProofError/newerRootMismatch(computed:expected:)``.
    public func verify(from older: MerkleHash, to newer: MerkleHash) throws(ProofError) {
        guard fromSize >= 1, fromSize <= toSize else {
            throw .sizesUnordered(from: fromSize, to: toSize)
        }
        // The way begins at the complete subtree that the older tree ends with. Where that is the
        // whole older tree, its root is known and not in the proof.
        let level = fromSize.trailingZeroBitCount
        let isWholeTree = fromSize.nonzeroBitCount == 1
        let path = AuditPath(index: (fromSize - 1) >> level, last: (toSize - 1) >> level)
        let expectedCount = fromSize == toSize ? 0 : path.count + (isWholeTree ? 0 : 1)
        guard hashes.count == expectedCount else {
            throw .wrongHashCount(found: hashes.count, expected: expectedCount)
        }
        guard fromSize < toSize else {
            guard older == newer else {
                throw .newerRootMismatch(computed: older, expected: newer)
            }
            return
        }
        let siblings = isWholeTree ? hashes[...] : hashes.dropFirst()
        let start = isWholeTree ? older : hashes[0]
        let computed = climb(path, siblings, from: start)
        guard computed.older == older else {
            throw .olderRootMismatch(computed: computed.older, expected: older)
        }
        guard computed.newer == newer else {
            throw .newerRootMismatch(computed: computed.newer, expected: newer)
        }
    }

    /// The roots of both trees. What is to the right of the way is only in the newer one.
    private func climb(
        _ path: AuditPath,
        _ siblings: ArraySlice<MerkleHash>,
        from start: MerkleHash
    ) -> (older: MerkleHash, newer: MerkleHash) {
        var older = start
        var newer = start
        for (side, sibling) in zip(path, siblings) {
            switch side {
            case .left:
                older = MerkleHash(left: sibling, right: older)
                newer = MerkleHash(left: sibling, right: newer)
            case .right:
                newer = MerkleHash(left: newer, right: sibling)
            }
        }
        return (older, newer)
    }
}
