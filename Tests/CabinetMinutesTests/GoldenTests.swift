import BallotTestSupport
import CabinetAPI
import CabinetCrypto
import CabinetLedger
import CabinetMapping
import CabinetMinutes
import CabinetModel
import CabinetTexts
import LogTestSupport
import ModelTestSupport
import Testing

/// Minutes have to verify for ever: what is made of a log must not change with the program.
@Suite struct GoldenTests {
    private static func key(_ number: UInt8) throws -> PrivateKey {
        let seed = [UInt8](repeating: number, count: Ed25519PrivateKey.seedByteCount)
        return try PrivateKey(pem: Ed25519PrivateKey(seed: seed).pem())
    }

    private static func key(of member: PrincipalID) throws -> PrivateKey {
        try key(UInt8(member.text.dropFirst()) ?? 0)
    }

    private static func fingerprint(of member: PrincipalID) throws -> KeyFingerprint {
        try KeyFingerprint(key(of: member).publicKey.fingerprint.bytes)
    }

    /// A meeting whose keys, and so whose signatures, are always the same.
    private static func log() throws -> (bytes: [UInt8], key: NoteVerifierKey) {
        let name = try #require(NoteKeyName("cabinet.example/\(Session.id)"))
        let signer = NoteSigner(name: name, key: try Ed25519PrivateKey(key(200)))
        let materials = Materials(
            motion: Materials.serialized.motion,
            roll: Materials.serialized.roll,
            ballot: { statement, _ in
                let unsigned = UnsignedBallot(statement)
                let key = try! key(of: statement.member)
                return try! VerifiedBallot(
                    statement: statement,
                    statementBytes: unsigned.statementBytes,
                    signature: key.sign(unsigned.messageToSign),
                    algorithm: .ed25519,
                    keyFingerprint: fingerprint(of: statement.member),
                    certificate: certificate(of: key)
                )
            },
            key: { try! fingerprint(of: $0) },
            log: CabinetModel.LogOpened(
                meeting: Session.id,
                origin: try LogOrigin(name.line.text),
                publicKey: try LogPublicKey(signer.verifierKey.publicKey.bytes),
                epoch: try Epoch(1)
            )
        )
        var session = try Session.voting(
            rule: PollRule(isRevocable: true),
            weights: [1, 2],
            materials: materials
        )
        for number in 1...4 { try session.cast(Session.member(number), .yes) }
        try session.cast("m4", .no, revision: 2)
        try session.run(.closePoll("poll"), by: "m1")
        try session.run(.adjournMeeting, by: "m1")
        let entries = try SignedMaterials.serialized(session.log)
        let checkpoint = try SignedMaterials.checkpoint(of: entries, by: signer)
        return (try SignedMaterials.file(of: entries, checkpoint: checkpoint), signer.verifierKey)
    }

    /// Where this fails, minutes that were made before no longer verify: what is made needs a new
    /// `MinutesOptions.format` then, once there has been a release.
    @Test(
        "What is made of a log never changes under one format",
        arguments: [
            (
                Language.vietnamese,
                "ca8660567b938466c904c904c803fd6b4d22d4262153dcb514b0a7459bfa60da"
            ),
            (
                Language.english,
                "af3cb5391413e68b9d5d7476c9338c4b9379dd5d2dfc66457f5f1d785cee24c9"
            ),
        ]
    )
    func golden(_ language: Language, _ digest: String) throws {
        let (bytes, key) = try Self.log()
        let bundle = try MinutesBundle(
            of: bytes,
            key: key,
            options: MinutesOptions(language: language)
        )
        // It has the digests of all other files.
        let manifest = try #require(bundle.files.first { $0.path.text == "manifest" })
        #expect("\(SHA256.digest(of: manifest.bytes))" == digest)
    }
}
