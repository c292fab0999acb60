import CabinetLedger
import TestSupport
import Testing

@Suite struct TlogProofTests {
    @Test("A receipt survives its export, with the entry beside it")
    func roundTrip() throws {
        let fixture = try LedgerFixture()
        for index in 0..<fixture.tree.size {
            let receipt = try fixture.receipt(index)
            let proof = try receipt.tlogProof()
            let parsed = try TlogProof(parsing: proof.serialized)
            #expect(parsed == proof)
            #expect(parsed.serialized == proof.serialized)
            #expect(try Receipt(parsed, entry: receipt.entry) == receipt)
        }
    }

    @Test("The text is the one of the specification")
    func text() throws {
        let receipt = try LedgerFixture(size: 3).receipt(2)
        let hash = receipt.inclusionHashes[0]
        let checkpoint = String(decoding: receipt.checkpoint.serialized, as: UTF8.self)
        let expected = "c2sp.org/tlog-proof@v1\nindex 2\n\(hash)\n\n\(checkpoint)"
        #expect(try receipt.tlogProof().serialized == Array(expected.utf8))
        let withExtra = try TlogProof(
            extra: [1, 2, 3],
            index: 2,
            inclusionHashes: [hash],
            checkpoint: receipt.checkpoint
        )
        let lines = expected.replacing("\nindex", with: "\nextra AQID\nindex")
        #expect(withExtra.serialized == Array(lines.utf8))
        #expect(try TlogProof(parsing: Array(lines.utf8)) == withExtra)
        let alone = try LedgerFixture(size: 1).receipt(0).tlogProof()
        #expect(try TlogProof(parsing: alone.serialized) == alone)
    }

    private static let header = "c2sp.org/tlog-proof@v1\n"
    private static let hash = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    private static let note = "o\n1\n\(hash)\n\u{2014} o AAAAAAE=\n"

    @Test(
        "Malformed proofs are refused by name",
        arguments: [
            ("", TlogProofError.wrongHeader),
            ("c2sp.org/tlog-proof@v2\nindex 0\n\n\(note)", .wrongHeader),
            (" \(header)index 0\n\n\(note)", .wrongHeader),
            ("c2sp.org/tlog-proof@v1", .wrongHeader),
            ("c2sp.org/tlog-proof@v1\r\nindex 0\n\n\(note)", .wrongHeader),
            (header, .malformedIndex),
            ("\(header)\n\(note)", .malformedIndex),
            ("\(header)index\n\n\(note)", .malformedIndex),
            ("\(header)index \n\n\(note)", .malformedIndex),
            ("\(header)index  1\n\n\(note)", .malformedIndex),
            ("\(header)index 01\n\n\(note)", .malformedIndex),
            ("\(header)index -1\n\n\(note)", .malformedIndex),
            ("\(header)index 9223372036854775807\n\n\(note)", .malformedIndex),
            ("\(header)index 99999999999999999999\n\n\(note)", .malformedIndex),
            ("\(header)Index 1\n\n\(note)", .malformedIndex),
            ("\(header)index 1\nextra AQID\n\n\(note)", .malformedHash(lineNumber: 3)),
            ("\(header)extra \nindex 1\n\n\(note)", .malformedExtra),
            ("\(header)extra AQI\nindex 1\n\n\(note)", .malformedExtra),
            ("\(header)extra AQID\nextra AQID\nindex 1\n\n\(note)", .malformedIndex),
            ("\(header)extra\nindex 1\n\n\(note)", .malformedIndex),
            ("\(header)index 1\nAA==\n\n\(note)", .malformedHash(lineNumber: 3)),
            ("\(header)index 1\n\(hash)x\n\n\(note)", .malformedHash(lineNumber: 4)),
            ("\(header)index 1\n\(hash)", .noCheckpoint),
            ("\(header)index 1\n", .noCheckpoint),
            ("\(header)index 1\n\n", .malformedCheckpoint(.note(.unterminatedLine))),
            ("\(header)index 1\n\n\n\(note)", .malformedCheckpoint(.malformedOrigin)),
            ("\(header)index 1\n\(note)", .malformedHash(lineNumber: 3)),
        ]
    )
    func malformed(text: String, error: TlogProofError) {
        #expect(throws: error) { try TlogProof(parsing: Array(text.utf8)) }
    }

    @Test("The largest proof passes, and every part has its limit")
    func limits() throws {
        let hashes = LedgerLimits.maximumProofHashes
        func text(_ extra: Int, _ hashCount: Int) throws -> [UInt8] {
            let extra = String(repeating: "AAAA", count: extra / 3)
            let lines = String(repeating: Self.hash, count: hashCount)
            return Array("\(Self.header)extra \(extra)\nindex 0\n\(lines)\n\(Self.note)".utf8)
        }
        let extra = LedgerLimits.maximumExtraBytes / 3 * 3
        let largest = try text(extra, hashes)
        #expect(try TlogProof(parsing: largest).serialized == largest)
        #expect(throws: TlogProofError.malformedExtra) {
            try TlogProof(parsing: text(extra + 3, hashes))
        }
        #expect(throws: TlogProofError.tooManyHashes(limit: hashes)) {
            try TlogProof(parsing: text(extra, hashes + 1))
        }
        let limit = LedgerLimits.maximumTlogProofBytes
        #expect(throws: TlogProofError.tooLong(byteCount: limit + 1, limit: limit)) {
            try TlogProof(parsing: [UInt8](repeating: 0x0a, count: limit + 1))
        }
    }

    @Test("Random bytes, and a proof with random bytes changed, never trap")
    func fuzz() throws {
        var generator = Seed.generator(8)
        let proof = try LedgerFixture().receipt(5).tlogProof().serialized
        for _ in 0..<3_000 {
            var bytes = proof
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let start = Int.random(in: 0..<bytes.count, using: &generator)
                let end = min(bytes.count, start + Int.random(in: 0...5, using: &generator))
                let count = Int.random(in: 0...5, using: &generator)
                bytes.replaceSubrange(start..<end, with: generator.bytes(count))
            }
            if let parsed = try? TlogProof(parsing: bytes) { #expect(parsed.serialized == bytes) }
            let noise = generator.bytes(Int.random(in: 0...300, using: &generator))
            #expect(throws: TlogProofError.self) { try TlogProof(parsing: noise) }
            #expect(throws: CheckpointFormatError.self) { try SignedCheckpoint(parsing: noise) }
        }
    }
}
