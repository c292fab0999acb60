import CabinetLedger
import TestSupport
import Testing

@Suite struct MerkleTreeTests {
    static let exhaustiveSize = 130

    private func entries(_ count: Int, _ generator: inout SplitMix64) -> [[UInt8]] {
        (0..<count).map { _ in generator.bytes(Int.random(in: 0...40, using: &generator)) }
    }

    @Test("The roots of RFC 6962's first trees are those of its definition")
    func knownRoots() throws {
        // The entries and roots of the test vectors of certificate-transparency, which
        // ../shared/vectors/merkle uses as well.
        let entries: [[UInt8]] = [[], [0x00], [0x10], [0x20, 0x21]]
        var tree = CompactTree()
        #expect(tree.root.description == "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=")
        tree.append(LeafHash(entry: entries[0]))
        #expect(tree.root.description == "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=")
        tree.append(LeafHash(entry: entries[1]))
        #expect(tree.root.description == "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=")
        tree.append(LeafHash(entry: entries[2]))
        #expect(tree.root.description == "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=")
    }

    @Test("At every size, both trees have the root of the definition, and all of its proofs")
    func exhaustive() throws {
        var generator = Seed.generator(1)
        let entries = entries(Self.exhaustiveSize, &generator)
        let naive = NaiveTree(entries)
        var tree = MerkleTree()
        var compact = CompactTree()
        for size in 0...entries.count {
            #expect(tree.size == UInt64(size))
            #expect(tree.root == naive.root(size))
            #expect(compact.root == naive.root(size))
            guard size < entries.count else { break }
            tree.append(LeafHash(entry: entries[size]))
            compact.append(LeafHash(entry: entries[size]))
        }
        for size in 0...entries.count {
            let root = try tree.root(atSize: UInt64(size))
            #expect(root == naive.root(size))
            // One expectation for all, because an expectation costs more than a proof.
            let wrongInclusions = try (0..<size).filter { index in
                let proof = try tree.inclusionProof(ofLeaf: UInt64(index), atSize: UInt64(size))
                try proof.verify(LeafHash(entry: entries[index]), in: root)
                return proof.hashes != naive.path(index, size)
            }
            #expect(wrongInclusions.isEmpty, "size \(size)")
            let wrongConsistencies = try (1..<max(1, size + 1)).filter { older in
                let proof = try tree.consistencyProof(from: UInt64(older), to: UInt64(size))
                try proof.verify(from: naive.root(older), to: root)
                return proof.hashes != naive.proof(older, size)
            }
            #expect(wrongConsistencies.isEmpty, "size \(size)")
        }
    }

    @Test("The same holds at random places of trees of some thousand entries")
    func random() throws {
        var generator = Seed.generator(2)
        let entries = entries(5_000, &generator)
        let naive = NaiveTree(entries)
        let tree = MerkleTree(leaves: entries.map { LeafHash(entry: $0) })
        #expect(tree.root == naive.root(entries.count))
        for _ in 0..<300 {
            let size = Int.random(in: 1...entries.count, using: &generator)
            let index = Int.random(in: 0..<size, using: &generator)
            let older = Int.random(in: 1...size, using: &generator)
            let root = try tree.root(atSize: UInt64(size))
            #expect(root == naive.root(size))
            let inclusion = try tree.inclusionProof(ofLeaf: UInt64(index), atSize: UInt64(size))
            #expect(inclusion.hashes == naive.path(index, size))
            #expect(try tree.leaf(at: UInt64(index)) == LeafHash(entry: entries[index]))
            try inclusion.verify(LeafHash(entry: entries[index]), in: root)
            let consistency = try tree.consistencyProof(from: UInt64(older), to: UInt64(size))
            #expect(consistency.hashes == naive.proof(older, size))
            try consistency.verify(from: naive.root(older), to: root)
        }
    }

    @Test("A compact tree that was stored goes on as if it had not been")
    func restored() throws {
        var generator = Seed.generator(3)
        var tree = CompactTree()
        for entry in entries(300, &generator) {
            let restored = try CompactTree(size: tree.size, peaks: tree.peaks)
            #expect(restored == tree)
            tree.append(LeafHash(entry: entry))
            var other = restored
            other.append(LeafHash(entry: entry))
            #expect(other == tree)
            #expect(tree.peaks.count == tree.size.nonzeroBitCount)
        }
        #expect(throws: TreeError.wrongPeakCount(found: 1, expected: 2)) {
            try CompactTree(size: 3, peaks: [.emptyTree])
        }
        #expect(throws: TreeError.sizeAboveLimit(size: 1 << 63)) {
            try CompactTree(size: 1 << 63, peaks: [.emptyTree])
        }
        let largest = LedgerLimits.maximumTreeSize
        let peaks = [MerkleHash](repeating: .emptyTree, count: 63)
        var full = try CompactTree(size: largest, peaks: peaks)
        full.append(LeafHash(entry: []))
        #expect(full.size == largest + 1)
        #expect(full.peaks.count == 1)
    }

    @Test("What a tree does not have is refused by name")
    func refused() throws {
        let tree = MerkleTree(leaves: (0..<5).map { LeafHash(entry: [$0]) })
        #expect(throws: TreeError.sizeBeyondTree(size: 6, treeSize: 5)) {
            try tree.root(atSize: 6)
        }
        #expect(throws: TreeError.sizeBeyondTree(size: .max, treeSize: 5)) {
            try tree.inclusionProof(ofLeaf: 0, atSize: .max)
        }
        #expect(throws: TreeError.indexBeyondSize(index: 3, size: 3)) {
            try tree.inclusionProof(ofLeaf: 3, atSize: 3)
        }
        #expect(throws: TreeError.indexBeyondSize(index: .max, size: 5)) {
            try tree.inclusionProof(ofLeaf: .max, atSize: 5)
        }
        #expect(throws: TreeError.indexBeyondSize(index: 5, size: 5)) { try tree.leaf(at: 5) }
        #expect(throws: TreeError.sizesUnordered(from: 0, to: 5)) {
            try tree.consistencyProof(from: 0, to: 5)
        }
        #expect(throws: TreeError.sizesUnordered(from: 4, to: 3)) {
            try tree.consistencyProof(from: 4, to: 3)
        }
        #expect(throws: TreeError.sizeBeyondTree(size: 6, treeSize: 5)) {
            try tree.consistencyProof(from: 1, to: 6)
        }
        #expect(throws: TreeError.sizesUnordered(from: .max, to: 5)) {
            try tree.consistencyProof(from: .max, to: 5)
        }
        #expect(MerkleTree().root == .emptyTree)
    }
}
