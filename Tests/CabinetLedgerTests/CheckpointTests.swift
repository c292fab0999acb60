import CabinetLedger
import TestSupport
import Testing

@Suite struct CheckpointTests {
    private static let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

    @Test("The specification's example parses, and serializes to the same bytes")
    func example() throws {
        let note = """
            example.com/behind-the-sofa
            20852163
            \(Self.root)

            \u{2014} example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4U\
            RYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=

            """
        let checkpoint = try SignedCheckpoint(parsing: Array(note.utf8))
        #expect(checkpoint.unverified.origin == NoteLine("example.com/behind-the-sofa"))
        #expect(checkpoint.unverified.treeSize == 20_852_163)
        #expect(checkpoint.unverified.rootHash.description == Self.root)
        #expect(checkpoint.unverified.extensionLines.isEmpty)
        #expect(checkpoint.serialized == Array(note.utf8))
    }

    @Test("What is made comes back from its bytes, with extension lines and at every size")
    func roundTrip() throws {
        var generator = Seed.generator(7)
        let fixture = try LedgerFixture()
        let sizes: [UInt64] = [0, 1, 9, 10, LedgerLimits.maximumTreeSize]
        for size in sizes + (0..<50).map({ _ in generator.next() >> 1 }) {
            let extensions = (0..<Int.random(in: 0...3, using: &generator)).map {
                NoteLine("x \($0) é")!
            }
            let checkpoint = try #require(
                Checkpoint(
                    origin: fixture.origin,
                    treeSize: size,
                    rootHash: MerkleHash(generator.bytes(32))!,
                    extensionLines: extensions
                )
            )
            #expect(try Checkpoint(parsing: checkpoint.noteText) == checkpoint)
            let signed = try SignedCheckpoint(checkpoint, signedBy: fixture.signer)
            let parsed = try SignedCheckpoint(parsing: signed.serialized)
            #expect(parsed == signed)
            let verified = try parsed.verified(
                origin: fixture.origin,
                logKey: fixture.signer.verifierKey
            )
            #expect(verified.checkpoint == checkpoint)
        }
        let tooLarge = LedgerLimits.maximumTreeSize + 1
        #expect(Checkpoint(origin: fixture.origin, treeSize: tooLarge, rootHash: .emptyTree) == nil)
    }

    @Test(
        "Malformed checkpoints are refused by name",
        arguments: [
            ("", CheckpointFormatError.malformedOrigin),
            ("\n1\n\(root)\n", .malformedOrigin),
            ("o", .malformedOrigin),
            ("o\n", .malformedTreeSize),
            ("o\n\n\(root)\n", .malformedTreeSize),
            ("o\n01\n\(root)\n", .malformedTreeSize),
            ("o\n-1\n\(root)\n", .malformedTreeSize),
            ("o\n+1\n\(root)\n", .malformedTreeSize),
            ("o\n 1\n\(root)\n", .malformedTreeSize),
            ("o\n1 \n\(root)\n", .malformedTreeSize),
            ("o\n0x1\n\(root)\n", .malformedTreeSize),
            ("o\n9223372036854775808\n\(root)\n", .malformedTreeSize),
            ("o\n18446744073709551616\n\(root)\n", .malformedTreeSize),
            ("o\n1\n", .malformedRootHash),
            ("o\n1\n\n", .malformedRootHash),
            ("o\n1\n\(root)", .malformedRootHash),
            ("o\n1\n\(root) \n", .malformedRootHash),
            ("o\n1\n\(root.dropLast())\n", .malformedRootHash),
            ("o\n1\n\(root.dropLast(4))\n", .malformedRootHash),
            ("o\n1\nAA==\n", .malformedRootHash),
            ("o\n1\n\(root.replacing("2I=", with: "2J="))\n", .malformedRootHash),
            ("o\n1\n\(root)\n\n", .malformedExtension(lineNumber: 4)),
            ("o\n1\n\(root)\nx\n\ny\n", .malformedExtension(lineNumber: 5)),
            ("o\n1\n\(root)\nx", .unterminatedLine),
        ]
    )
    func malformed(text: String, error: CheckpointFormatError) {
        #expect(throws: error) { try Checkpoint(parsing: Array(text.utf8)) }
    }

    @Test("A checkpoint of another log, or without the log's signature, is refused")
    func untrusted() throws {
        let fixture = try LedgerFixture()
        let log = fixture.signer.verifierKey
        let witness = fixture.witness.verifierKey
        let signed = try fixture.signedCheckpoint()
        let other = try #require(NoteLine("cabinet.example/other"))
        #expect(
            throws: CheckpointVerificationError.wrongOrigin(found: fixture.origin, expected: other)
        ) { try signed.verified(origin: other, logKey: log) }
        #expect(throws: CheckpointVerificationError.note(.noKnownKey)) {
            try signed.verified(origin: fixture.origin, logKey: witness)
        }
        let byWitness = try SignedCheckpoint(fixture.checkpoint(), signedBy: fixture.witness)
        #expect(throws: CheckpointVerificationError.notSignedByLog(log.name, log.id)) {
            try byWitness.verified(origin: fixture.origin, logKey: log, otherKeys: [witness])
        }
        var both = signed.note
        try both.sign(with: fixture.witness)
        let verified = try SignedCheckpoint(both).verified(
            origin: fixture.origin,
            logKey: log,
            otherKeys: [witness]
        )
        #expect(verified.signers == [log, witness])
    }

    @Test("A log that grew extends every checkpoint it had")
    func extended() throws {
        let fixture = try LedgerFixture()
        for to in 0...fixture.tree.size {
            let newer = try fixture.verifiedCheckpoint(size: to)
            for from in 0...to {
                let older = try fixture.verifiedCheckpoint(size: from)
                let hashes =
                    from == 0 ? [] : try fixture.tree.consistencyProof(from: from, to: to).hashes
                try newer.verifyExtension(of: older, proof: hashes)
                #expect(throws: CheckpointExtensionError.self) {
                    try newer.verifyExtension(of: older, proof: hashes + [.emptyTree])
                }
            }
        }
    }

    @Test("A log that lost or rewrote history is found out")
    func rewritten() throws {
        let fixture = try LedgerFixture()
        let older = try fixture.verifiedCheckpoint(size: 6)
        let shorter = try fixture.verifiedCheckpoint(size: 5)
        #expect(throws: CheckpointExtensionError.shrunk(from: 6, to: 5)) {
            try shorter.verifyExtension(of: older, proof: [])
        }
        var entries = fixture.entries
        entries[3] = [0]
        let rewritten = MerkleTree(leaves: entries.map { LeafHash(entry: $0) })
        let checkpoint = try #require(
            Checkpoint(origin: fixture.origin, treeSize: rewritten.size, rootHash: rewritten.root)
        )
        let newer = try SignedCheckpoint(checkpoint, signedBy: fixture.signer)
            .verified(origin: fixture.origin, logKey: fixture.signer.verifierKey)
        for tree in [rewritten, fixture.tree] {
            let proof = try tree.consistencyProof(from: 6, to: tree.size)
            #expect(throws: CheckpointExtensionError.self) {
                try newer.verifyExtension(of: older, proof: proof.hashes)
            }
        }
    }
}
