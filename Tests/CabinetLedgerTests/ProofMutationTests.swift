import CabinetLedger
import TestSupport
import Testing

/// Every single changed bit of what a proof is about makes it fail.
///
/// One thing has to be said of sizes: a proof knows a size only by the way through the tree, so that
/// it also holds for another size in which the way is the same. The tests demand exactly that, by
/// the definition in RFC 6962; a receipt's size is under the checkpoint's signature.
@Suite struct ProofMutationTests {
    private static let leaves = (0..<200).map { LeafHash(entry: [UInt8($0), 7]) }
    private static let tree = MerkleTree(leaves: leaves)

    @Test("Inclusion proofs fail with any bit of leaf, root, hashes, index or size changed")
    func inclusion() throws {
        var generator = Seed.generator(4)
        for _ in 0..<60 {
            let size = UInt64.random(in: 1...Self.tree.size, using: &generator)
            let index = UInt64.random(in: 0..<size, using: &generator)
            let proof = try Self.tree.inclusionProof(ofLeaf: index, atSize: size)
            let leaf = Self.leaves[Int(index)]
            let root = try Self.tree.root(atSize: size)
            try proof.verify(leaf, in: root)

            let leaves = flips(of: leaf.merkleHash).map { LeafHash(computed: $0) }
            #expect(!leaves.contains { leaf in holds { try proof.verify(leaf, in: root) } })
            #expect(
                !flips(of: root).contains { root in holds { try proof.verify(leaf, in: root) } }
            )
            let proofs = flips(of: proof.hashes).map {
                InclusionProof(leafIndex: index, treeSize: size, hashes: $0)
            }
            #expect(!proofs.contains { proof in holds { try proof.verify(leaf, in: root) } })
            for bit in 0..<64 {
                let otherIndex = InclusionProof(
                    leafIndex: index ^ 1 << UInt64(bit),
                    treeSize: size,
                    hashes: proof.hashes
                )
                #expect(!holds { try otherIndex.verify(leaf, in: root) })
                let changed = size ^ 1 << UInt64(bit)
                let otherSize = InclusionProof(
                    leafIndex: index,
                    treeSize: changed,
                    hashes: proof.hashes
                )
                let isSameWay =
                    index < changed && pathShape(index, changed) == pathShape(index, size)
                #expect(holds { try otherSize.verify(leaf, in: root) } == isSameWay)
            }
        }
    }

    @Test("Consistency proofs fail with any bit of roots, hashes or sizes changed")
    func consistency() throws {
        var generator = Seed.generator(5)
        for _ in 0..<60 {
            let to = UInt64.random(in: 1...Self.tree.size, using: &generator)
            let from = UInt64.random(in: 1...to, using: &generator)
            let proof = try Self.tree.consistencyProof(from: from, to: to)
            let older = try Self.tree.root(atSize: from)
            let newer = try Self.tree.root(atSize: to)
            try proof.verify(from: older, to: newer)

            let olderRoots = flips(of: older)
            #expect(
                !olderRoots.contains { root in holds { try proof.verify(from: root, to: newer) } }
            )
            let newerRoots = flips(of: newer)
            #expect(
                !newerRoots.contains { root in holds { try proof.verify(from: older, to: root) } }
            )
            let proofs = flips(of: proof.hashes).map {
                ConsistencyProof(fromSize: from, toSize: to, hashes: $0)
            }
            #expect(
                !proofs.contains { proof in holds { try proof.verify(from: older, to: newer) } }
            )
            for bit in 0..<64 {
                let mask: UInt64 = 1 << UInt64(bit)
                for (first, second) in [(from ^ mask, to), (from, to ^ mask)] {
                    let other = ConsistencyProof(
                        fromSize: first,
                        toSize: second,
                        hashes: proof.hashes
                    )
                    let isSameWay =
                        first >= 1 && first <= second
                        && proofShape(first, second) == proofShape(from, to)
                    #expect(holds { try other.verify(from: older, to: newer) } == isSameWay)
                }
            }
        }
    }

    @Test("A proof with a hash more or less, or two exchanged, fails")
    func structure() throws {
        let proof = try Self.tree.inclusionProof(ofLeaf: 100, atSize: 200)
        let root = Self.tree.root
        let count = proof.hashes.count
        func verify(_ hashes: [MerkleHash]) throws(ProofError) {
            try InclusionProof(leafIndex: 100, treeSize: 200, hashes: hashes)
                .verify(Self.leaves[100], in: root)
        }
        #expect(throws: ProofError.wrongHashCount(found: count - 1, expected: count)) {
            try verify(Array(proof.hashes.dropLast()))
        }
        #expect(throws: ProofError.wrongHashCount(found: count + 1, expected: count)) {
            try verify(proof.hashes + [root])
        }
        for index in 1..<count {
            var hashes = proof.hashes
            hashes.swapAt(index - 1, index)
            #expect(throws: ProofError.self) { try verify(hashes) }
        }
    }

    @Test("The largest numbers are refused or walked through, and nothing traps")
    func extremes() throws {
        let interesting: [UInt64] = [0, 1, 2, 3, 1 << 62, 1 << 63, .max - 1, .max]
        let leaf = LeafHash(entry: [])
        for count in [0, 1, 62, 63, 64, 65] {
            let hashes = [MerkleHash](repeating: .emptyTree, count: count)
            for first in interesting {
                for second in interesting {
                    let inclusion = InclusionProof(
                        leafIndex: first,
                        treeSize: second,
                        hashes: hashes
                    )
                    #expect(!holds { try inclusion.verify(leaf, in: .emptyTree) })
                    let proof = ConsistencyProof(fromSize: first, toSize: second, hashes: hashes)
                    let isTrivial = first == second && first > 0 && count == 0
                    #expect(
                        holds { try proof.verify(from: .emptyTree, to: .emptyTree) } == isTrivial
                    )
                }
            }
        }
        let deep = [MerkleHash](repeating: .emptyTree, count: 64)
        let proof = InclusionProof(leafIndex: 0, treeSize: .max, hashes: deep)
        let root = try proof.root(for: leaf)
        try proof.verify(leaf, in: root)
    }

    private func holds(_ body: () throws -> Void) -> Bool {
        do {
            try body()
            return true
        } catch {
            return false
        }
    }

    private func flips(of hash: MerkleHash) -> [MerkleHash] {
        (0..<256).map { bit in
            var bytes = hash.bytes
            bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            return MerkleHash(bytes)!
        }
    }

    private func flips(of hashes: [MerkleHash]) -> [[MerkleHash]] {
        hashes.indices.flatMap { index in
            flips(of: hashes[index]).map { flipped in
                var changed = hashes
                changed[index] = flipped
                return changed
            }
        }
    }
}
