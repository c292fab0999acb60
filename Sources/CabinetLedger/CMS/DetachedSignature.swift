public import CabinetCrypto

/// A signature as a file of its own: Cryptographic Message Syntax (RFC 5652), without the content that
/// was signed and with the signer's certificate. Common tools verify it:
///
///     openssl cms -verify -binary -inform DER -in ballot.p7s -content ballot.signed -CAfile ca.pem
///
/// There are no signed attributes: the signature is over the content alone, and is the very one that
/// was given with the ballot. So it can be exported by whoever has the ballot, at any time.
///
/// OpenSSL 3.0 does not verify such a file where the key is Ed25519, which hashes nothing beforehand;
/// `openssl pkeyutl -verify -rawin` verifies the signature itself.
public struct DetachedSignature: Hashable, Sendable {
    public let certificate: SignerCertificate
    /// In the form of ``PublicKey/verify(_:over:)``, which is also that of CMS.
    public let signature: [UInt8]

    public init(certificate: SignerCertificate, signature: [UInt8]) {
        self.certificate = certificate
        self.signature = signature
    }

    /// The file, in DER: a ContentInfo with SignedData.
    public var der: [UInt8] {
        let algorithm = certificate.publicKey.algorithm
        let signerInfo = DER.sequence(
            DER.integer(1),
            DER.sequence(certificate.issuer, certificate.serialNumber),
            algorithm.digestIdentifier,
            algorithm.signatureIdentifier,
            DER.octetString(signature)
        )
        let signedData = DER.sequence(
            DER.integer(1),
            DER.set(algorithm.digestIdentifier),
            DER.sequence(Self.data),
            DER.tagged(0, certificate.der),
            DER.set(signerInfo)
        )
        return DER.sequence(Self.signedData, DER.tagged(0, signedData))
    }

    /// id-data and id-signedData (RFC 5652, sections 4 and 5.1).
    private static let data = DER.identifier(1, 2, 840, 113_549, 1, 7, 1)
    private static let signedData = DER.identifier(1, 2, 840, 113_549, 1, 7, 2)
}

extension SignatureAlgorithm {
    private static let sha256 = DER.sequence(DER.identifier(2, 16, 840, 1, 101, 3, 4, 2, 1))

    /// RFC 5754, section 2.2; RFC 8419, section 2.3.
    fileprivate var digestIdentifier: [UInt8] {
        switch self {
        case .ecdsaP256SHA256, .rsaPSSSHA256: Self.sha256
        case .ed25519: DER.sequence(DER.identifier(2, 16, 840, 1, 101, 3, 4, 2, 3))
        }
    }

    /// RFC 5754, section 3.3; RFC 4056, section 3; RFC 8419, section 2.2.
    fileprivate var signatureIdentifier: [UInt8] {
        switch self {
        case .ecdsaP256SHA256:
            DER.sequence(DER.identifier(1, 2, 840, 10_045, 4, 3, 2))
        case .rsaPSSSHA256:
            DER.sequence(
                DER.identifier(1, 2, 840, 113_549, 1, 1, 10),
                DER.sequence(
                    DER.tagged(0, Self.sha256),
                    DER.tagged(
                        1,
                        DER.sequence(DER.identifier(1, 2, 840, 113_549, 1, 1, 8), Self.sha256)
                    ),
                    // The bytes of salt.
                    DER.tagged(2, DER.integer(32))
                )
            )
        case .ed25519:
            DER.sequence(DER.identifier(1, 3, 101, 112))
        }
    }
}
