public import CabinetAPI
internal import CabinetCodec
public import CabinetCrypto
public import CabinetModel

/// A ballot before its member has signed it. The statement is serialized here, once: what is signed,
/// kept in the journal and sent are these bytes.
public struct UnsignedBallot: Hashable, Sendable {
    /// What the member declares.
    public let statement: CabinetModel.BallotStatement

    /// The serialized statement.
    public let statementBytes: [UInt8]

    /// Serializes a statement.
    public init(_ statement: CabinetModel.BallotStatement) {
        self.statement = statement
        statementBytes = CabinetAPI.BallotStatement(statement).serialized()
    }

    /// A ballot in an open poll, with the digests of the motion and the roll that the member was
    /// shown.
    ///
    /// - Returns: `nil` where the poll has not opened.
    public init?(
        _ ballot: BallotID,
        of member: PrincipalID,
        _ purpose: CabinetModel.BallotStatement.Purpose,
        in poll: CabinetModel.Poll,
        of meeting: MeetingID
    ) {
        guard let opening = poll.opening else { return nil }
        self.init(
            BallotStatement(
                ballot: ballot,
                meeting: meeting,
                poll: poll.id,
                member: member,
                purpose: purpose,
                motionDigest: poll.motion.digest,
                rollDigest: opening.rollDigest
            )
        )
    }

    /// What the member signs: "e-cabinet/ballot/v1\n" ‖ statement.
    public var messageToSign: [UInt8] { Domain.ballot + statementBytes }

    /// The ballot as it is sent.
    ///
    /// - Parameters:
    ///   - signature: Over ``messageToSign``, by `key`.
    ///   - certificate: The signer's, in DER; its key is `key`.
    public func signed(
        with signature: [UInt8],
        by key: PublicKey,
        certificate: [UInt8]
    ) -> SignedBallot {
        SignedBallot(
            statement: statementBytes,
            signature: signature,
            algorithm: CabinetAPI.SignatureAlgorithm(key.algorithm.recorded),
            keyFingerprint: key.fingerprint.bytes,
            certificate: certificate
        )
    }

    /// Signs it.
    ///
    /// - Throws: `SigningError`, as the signer does.
    public func signed(
        by signer: some Signer,
        certificate: [UInt8]
    ) async throws(SigningError) -> SignedBallot {
        signed(
            with: try await signer.sign(messageToSign),
            by: signer.publicKey,
            certificate: certificate
        )
    }
}

extension CabinetCrypto.SignatureAlgorithm {
    /// As ballots record it.
    var recorded: CabinetModel.SignatureAlgorithm {
        switch self {
        case .ecdsaP256SHA256: .ecdsaP256SHA256
        case .rsaPSSSHA256: .rsaPSSSHA256
        case .ed25519: .ed25519
        }
    }
}
