internal import BallotTestSupport
internal import CabinetAPI
internal import CabinetCrypto
public import CabinetLedger
public import CabinetMapping
public import CabinetModel
public import ModelTestSupport

/// What a server with the log key, and members with keys of their own, make a log of.
public enum SignedMaterials {
    public static let signer: NoteSigner = {
        let name = NoteKeyName("cabinet.example/\(Session.id)")!
        return NoteSigner(name: name, key: try! Ed25519PrivateKey.generate())
    }()

    /// One for each member of a session: of all kinds that there are.
    private static let keys: [PrincipalID: PrivateKey] = Dictionary(
        uniqueKeysWithValues: (1...9).map { number in
            let kinds: [CabinetCrypto.SignatureAlgorithm] = [
                .ecdsaP256SHA256, .ed25519, .rsaPSSSHA256,
            ]
            return (Session.member(number), try! PrivateKey.generate(kinds[number % 3]))
        }
    )
    private static let certificates = keys.mapValues { try! certificate(of: $0) }

    public static let materials = Materials(
        motion: Materials.serialized.motion,
        roll: Materials.serialized.roll,
        ballot: { statement, key in sign(statement, as: key) },
        key: { fingerprint(of: $0) },
        log: LogOpened(
            meeting: Session.id,
            origin: try! LogOrigin(signer.verifierKey.name.line.text),
            publicKey: try! LogPublicKey(signer.verifierKey.publicKey.bytes),
            epoch: try! Epoch(1)
        )
    )

    private static func fingerprint(of member: PrincipalID) -> KeyFingerprint {
        keys[member].map { try! KeyFingerprint($0.publicKey.fingerprint.bytes) }
            ?? .named(member.text)
    }

    /// A ballot that its member has signed. Under another fingerprint it is one that no verification
    /// thread lets pass.
    private static func sign(
        _ statement: CabinetModel.BallotStatement,
        as fingerprint: KeyFingerprint
    ) -> VerifiedBallot {
        let unsigned = UnsignedBallot(statement)
        let key = keys[statement.member] ?? TestKeys.p256
        return try! VerifiedBallot(
            statement: statement,
            statementBytes: unsigned.statementBytes,
            signature: key.sign(unsigned.messageToSign),
            algorithm: recorded(key.publicKey.algorithm),
            keyFingerprint: fingerprint,
            certificate: certificates[statement.member] ?? certificate(of: key)
        )
    }

    private static func recorded(
        _ algorithm: CabinetCrypto.SignatureAlgorithm
    ) -> CabinetModel.SignatureAlgorithm {
        switch algorithm {
        case .ecdsaP256SHA256: .ecdsaP256SHA256
        case .rsaPSSSHA256: .rsaPSSSHA256
        case .ed25519: .ed25519
        }
    }

    // MARK: - What a server can do with its log

    public static func serialized(_ log: [Entry]) throws -> [[UInt8]] {
        var coding = EntryCoding()
        return try log.map { entry in try coding.serialize(entry) }
    }

    /// No log has so many.
    private struct TooManyEntries: Error {}

    /// A checkpoint over entries, true or made up.
    public static func checkpoint(
        of entries: [[UInt8]],
        by signer: NoteSigner = signer
    ) throws -> SignedCheckpoint {
        let tree = MerkleTree(leaves: entries.map { LeafHash(entry: $0) })
        let checkpoint = Checkpoint(
            origin: signer.verifierKey.name.line,
            treeSize: tree.size,
            rootHash: tree.root
        )
        guard let checkpoint else { throw TooManyEntries() }
        return try SignedCheckpoint(checkpoint, signedBy: signer)
    }

    /// A file of entries, whatever they are, signed by the server.
    public static func file(of log: [Entry]) throws -> [UInt8] {
        try file(of: serialized(log))
    }

    public static func file(
        of entries: [[UInt8]],
        checkpoint: SignedCheckpoint? = nil
    ) throws -> [UInt8] {
        let checkpoint = try checkpoint ?? Self.checkpoint(of: entries)
        return try entries.enumerated().reduce(into: LogFile.beginning(with: checkpoint)) {
            $0 += try LogFile.piece(ofEntry: $1.element, at: UInt64($1.offset))
        }
    }

    public static func audit(_ file: [UInt8]) throws(AuditError) -> AuditReport {
        try AuditReport(auditing: [file], logKey: signer.verifierKey)
    }
}
