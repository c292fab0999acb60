public import CabinetCrypto
internal import CabinetLedger

/// An authority that issues certificates of e-Cabinet and revokes them (RFC 5280), with a key in memory.
///
/// It is for trials: whoever can read the file with its key can issue certificates of anybody.
public struct CertificateAuthority: Sendable {
    /// Its own certificate, which it has signed itself.
    public let certificate: SignerCertificate
    private let key: PrivateKey

    /// - Throws: ``IssuingError`` where the two do not belong together, or the key is not of P-256.
    public init(certificate: SignerCertificate, key: PrivateKey) throws(IssuingError) {
        guard key.publicKey == certificate.publicKey else { throw .otherKey }
        guard key.publicKey.algorithm == .ecdsaP256SHA256 else { throw .notP256 }
        self.certificate = certificate
        self.key = key
    }

    /// Makes a new authority with a key, which has to be of P-256.
    ///
    /// - Parameter validity: Seconds since 1970-01-01T00:00:00Z in which it is valid.
    /// - Throws: ``IssuingError``.
    public static func create(
        _ name: DistinguishedName,
        key: PrivateKey,
        serial: SerialNumber = .random(),
        validity: ClosedRange<Int64>
    ) throws(IssuingError) -> CertificateAuthority {
        guard key.publicKey.algorithm == .ecdsaP256SHA256 else { throw .notP256 }
        let der = try CertificateWriter(
            serial: serial,
            issuer: name.der,
            validity: validity,
            subject: name.der,
            publicKey: key.publicKey,
            extensions: CertificateExtensions.authority(key.publicKey)
        ).signed(by: key)
        return try CertificateAuthority(certificate: parsed(der), key: key)
    }

    /// Issues a certificate of somebody's key.
    ///
    /// - Parameter validity: Seconds since 1970-01-01T00:00:00Z in which it is valid, which ends with the
    ///   authority's own at the latest.
    /// - Throws: ``IssuingError``.
    public func issue(
        _ purpose: CertificatePurpose,
        to subject: DistinguishedName,
        key subjectKey: PublicKey,
        serial: SerialNumber = .random(),
        validity: ClosedRange<Int64>
    ) throws(IssuingError) -> SignerCertificate {
        guard let last = certificate.validUnixSeconds.last, validity.upperBound <= last else {
            throw .outlivesAuthority
        }
        let der = try CertificateWriter(
            serial: serial,
            // It has signed its own certificate, and is its issuer.
            issuer: certificate.issuer,
            validity: validity,
            subject: subject.der,
            publicKey: subjectKey,
            extensions: CertificateExtensions.issued(
                purpose,
                to: subjectKey,
                by: certificate.publicKey
            )
        ).signed(by: key)
        return try Self.parsed(der)
    }

    /// Writes the list of the certificates that were revoked (RFC 5280, section 5).
    ///
    /// - Parameters:
    ///   - number: Higher than that of every earlier list.
    ///   - validity: Seconds since 1970-01-01T00:00:00Z in which it is current.
    /// - Returns: The list in DER.
    /// - Throws: ``IssuingError``.
    public func revocationList(
        _ revocations: [Revocation],
        number: UInt64,
        validity: ClosedRange<Int64>
    ) throws(IssuingError) -> [UInt8] {
        let entries = try revocations.map { (revocation) throws(IssuingError) in
            try revocation.der
        }
        let contents = DER.sequence(
            DER.integer(1),
            SignatureValue.ecdsaWithSHA256,
            certificate.issuer,
            try CertificateTime.der(validity.lowerBound),
            try CertificateTime.der(validity.upperBound),
            entries.isEmpty ? [] : DER.element(0x30, entries.flatMap(\.self)),
            DER.tagged(
                0,
                DER.sequence(
                    CertificateExtensions.authorityKeyIdentifier(certificate.publicKey),
                    CertificateExtensions.revocationListNumber(number)
                )
            )
        )
        return try SignatureValue.signed(contents, by: key)
    }

    private static func parsed(_ der: [UInt8]) throws(IssuingError) -> SignerCertificate {
        do throws(KeyError) {
            return try SignerCertificate(der: der)
        } catch {
            throw .unreadable(error)
        }
    }
}
