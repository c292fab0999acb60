internal import COpenSSL

/// A public key with the one algorithm that it verifies.
///
/// Two keys are equal where their encodings are, and every key has one encoding.
public struct PublicKey: Sendable {
    /// The algorithm of the key's signatures.
    public let algorithm: SignatureAlgorithm

    /// The DER encoding of the key's SubjectPublicKeyInfo (RFC 5280, section 4.1.2.7).
    public let subjectPublicKeyInfo: [UInt8]

    /// The SHA-256 of ``subjectPublicKeyInfo``, by which the key is named everywhere.
    public let fingerprint: SHA256Digest

    /// The length of a signature, in bytes: exact, except that DER makes ECDSA's vary.
    public let signatureByteCount: ClosedRange<Int>

    let handle: KeyHandle
    /// `nil` for Ed25519.
    let template: VerificationTemplate?

    /// The key in the DER encoding of a SubjectPublicKeyInfo.
    ///
    /// - Throws: ``KeyError`` where the bytes are not exactly one canonical encoding of an accepted
    ///   key.
    public init(subjectPublicKeyInfo encoded: [UInt8]) throws(KeyError) {
        try self.init(encoded, from: .subjectPublicKeyInfo)
    }

    /// The key of an X.509 certificate in DER. Nothing else about the certificate is checked: not
    /// its validity, not its issuer, not its signature.
    ///
    /// - Throws: ``KeyError`` where the bytes are not exactly one certificate with an accepted key.
    public init(certificate encoded: [UInt8]) throws(KeyError) {
        let limit = KeyLimits.maximumCertificateBytes
        guard encoded.count <= limit else {
            throw .tooLong(.certificate, byteCount: encoded.count, limit: limit)
        }
        let (information, handle) = try Self.key(ofCertificate: encoded)
        try self.init(information, from: .certificate, parsed: handle)
    }

    /// The key of the first PEM block of a text, which has to be a public key or a certificate
    /// (RFC 7468, sections 13 and 5).
    ///
    /// - Throws: ``KeyError``.
    public init(pem: String) throws(KeyError) {
        let block = try PEMBlock(firstIn: pem, source: .publicKeyPEM)
        switch block.label {
        case "PUBLIC KEY": try self.init(subjectPublicKeyInfo: block.bytes)
        case "CERTIFICATE": try self.init(certificate: block.bytes)
        default: throw .unexpectedPEMLabel(.publicKeyPEM, label: block.label)
        }
    }

    /// The key of a SubjectPublicKeyInfo, which may have been parsed already.
    init(
        _ encoded: [UInt8],
        from source: KeyError.Source,
        parsed: KeyHandle? = nil
    ) throws(KeyError) {
        let limit = KeyLimits.maximumSubjectPublicKeyInfoBytes
        guard encoded.count <= limit else {
            throw .tooLong(source, byteCount: encoded.count, limit: limit)
        }
        let handle: KeyHandle
        if let parsed { handle = parsed } else { handle = try Self.parse(encoded, from: source) }
        algorithm = try Self.algorithm(of: handle, encoded: encoded)
        switch algorithm {
        case .ecdsaP256SHA256: signatureByteCount = 8...72
        case .rsaPSSSHA256:
            let byteCount = Int(EVP_PKEY_get_size(handle.pointer))
            signatureByteCount = byteCount...byteCount
        case .ed25519: signatureByteCount = 64...64
        }
        subjectPublicKeyInfo = encoded
        fingerprint = SHA256.digest(of: encoded)
        self.handle = handle
        template = try VerificationTemplate(handle, algorithm)
    }
}

extension PublicKey: Hashable {
    public static func == (left: PublicKey, right: PublicKey) -> Bool {
        left.subjectPublicKeyInfo == right.subjectPublicKeyInfo
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(fingerprint)
    }
}

extension PublicKey: CustomStringConvertible {
    public var description: String {
        "\(algorithm) key \(fingerprint)"
    }
}
