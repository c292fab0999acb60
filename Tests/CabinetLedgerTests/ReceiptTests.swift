import CabinetLedger
import Testing

@Suite struct ReceiptTests {
    @Test("The receipt of every entry verifies, and explains itself")
    func valid() throws {
        for size in [1, 2, 3, 8, 11] {
            let fixture = try LedgerFixture(size: size)
            for index in 0..<fixture.tree.size {
                let receipt = try fixture.receipt(index)
                let verified = try verify(receipt, fixture)
                #expect(verified.index == index)
                #expect(verified.entry == fixture.entries[Int(index)])
                #expect(verified.explanation.count == 5)
                #expect(verified.description.contains("in the log at index \(index), unchanged"))
                #expect(verified.description.contains(fixture.origin.text))
            }
        }
    }

    @Test("A receipt with any bit of entry, hashes, index or checkpoint changed fails")
    func mutations() throws {
        let fixture = try LedgerFixture()
        let receipt = try fixture.receipt(6)
        for entry in flips(of: receipt.entry) {
            let changed = try Receipt(
                index: 6,
                entry: entry,
                inclusionHashes: receipt.inclusionHashes,
                checkpoint: receipt.checkpoint
            )
            #expect(throws: ReceiptError.self) { try verify(changed, fixture) }
        }
        for bit in 0..<64 {
            let changed = try Receipt(
                index: 6 ^ 1 << UInt64(bit),
                entry: receipt.entry,
                inclusionHashes: receipt.inclusionHashes,
                checkpoint: receipt.checkpoint
            )
            #expect(throws: ReceiptError.self) { try verify(changed, fixture) }
        }
        for position in receipt.inclusionHashes.indices {
            let hash = receipt.inclusionHashes[position].bytes
            let accepted = try flips(of: hash).filter { bytes in
                var hashes = receipt.inclusionHashes
                hashes[position] = MerkleHash(bytes)!
                let changed = try Receipt(
                    index: 6,
                    entry: receipt.entry,
                    inclusionHashes: hashes,
                    checkpoint: receipt.checkpoint
                )
                return (try? verify(changed, fixture)) != nil
            }
            #expect(accepted.isEmpty)
        }
        let accepted = flips(of: receipt.checkpoint.serialized).filter { note in
            let changed = try? Receipt(
                index: 6,
                entry: receipt.entry,
                inclusionHashes: receipt.inclusionHashes.map(\.bytes),
                checkpointNote: note
            )
            return changed.flatMap { try? verify($0, fixture) } != nil
        }
        #expect(accepted.isEmpty)
    }

    @Test("A receipt under another log's checkpoint, or of another tree, is refused by name")
    func wrongLog() throws {
        let fixture = try LedgerFixture()
        let receipt = try fixture.receipt(2)
        let other = try #require(NoteLine("cabinet.example/other"))
        #expect(
            throws: ReceiptError.untrustedCheckpoint(
                .wrongOrigin(found: fixture.origin, expected: other)
            )
        ) { try receipt.verified(origin: other, logKey: fixture.signer.verifierKey) }
        #expect(throws: ReceiptError.untrustedCheckpoint(.note(.noKnownKey))) {
            try receipt.verified(origin: fixture.origin, logKey: fixture.witness.verifierKey)
        }
        let earlier = try Receipt(
            index: 2,
            entry: receipt.entry,
            inclusionHashes: receipt.inclusionHashes,
            checkpoint: fixture.signedCheckpoint(size: 2)
        )
        #expect(throws: ReceiptError.notIncluded(.leafIndexBeyondTree(index: 2, treeSize: 2))) {
            try verify(earlier, fixture)
        }
    }

    @Test("Parts outside their limits are refused by name")
    func limits() throws {
        let fixture = try LedgerFixture()
        let note = try fixture.signedCheckpoint().serialized
        func receipt(_ entry: Int, _ hashes: [[UInt8]], _ note: [UInt8]) throws -> Receipt {
            try Receipt(
                index: 0,
                entry: [UInt8](repeating: 0, count: entry),
                inclusionHashes: hashes,
                checkpointNote: note
            )
        }
        let hash = [UInt8](repeating: 0, count: 32)
        _ = try receipt(12_288, [[UInt8]](repeating: hash, count: 65), note)
        #expect(throws: ReceiptError.entryTooLong(byteCount: 12_289, limit: 12_288)) {
            try receipt(12_289, [], note)
        }
        #expect(throws: ReceiptError.tooManyHashes(count: 66, limit: 65)) {
            try receipt(0, [[UInt8]](repeating: hash, count: 66), note)
        }
        #expect(throws: ReceiptError.malformedHash(position: 1, byteCount: 31)) {
            try receipt(0, [hash, hash.dropLast()], note)
        }
        #expect(throws: ReceiptError.malformedCheckpoint(.note(.unterminatedLine))) {
            try receipt(0, [], [])
        }
    }

    private func verify(
        _ receipt: Receipt,
        _ fixture: LedgerFixture
    ) throws(ReceiptError) -> VerifiedReceipt {
        try receipt.verified(origin: fixture.origin, logKey: fixture.signer.verifierKey)
    }

    private func flips(of bytes: [UInt8]) -> [[UInt8]] {
        (0..<bytes.count * 8).map { bit in
            var changed = bytes
            changed[bit / 8] ^= 1 << UInt8(bit % 8)
            return changed
        }
    }
}
