internal import COpenSSL

/// A certificate, as far as a signed document has to name it: the key, and the issuer's name with the
/// serial number, which together name one certificate (RFC 5280, section 4.1.2.2).
///
/// Its issuer's signature is not verified, and whether it is valid has to be asked.
public struct SignerCertificate: Hashable, Sendable {
    /// The certificate in DER.
    public let der: [UInt8]
    public let publicKey: PublicKey
    /// The DER encoding of the issuer's Name (RFC 5280, section 4.1.2.4).
    public let issuer: [UInt8]
    /// The DER encoding of the serial number, an INTEGER.
    public let serialNumber: [UInt8]
    /// Seconds since 1970-01-01T00:00:00Z in which it is valid, both ends included (RFC 5280, section
    /// 4.1.2.5). Empty where its times cannot be read or are in the wrong order.
    public let validUnixSeconds: Range<Int64>
    /// Whether documents may be signed with its key: it is no authority's (RFC 5280, section 4.2.1.9), and
    /// its key usage, if it has one, allows digitalSignature or nonRepudiation (section 4.2.1.3).
    ///
    /// Extended key usages are not looked at: none is for ballots, and those of a person's certificate are
    /// for mail and logins.
    public let isForSignatures: Bool

    /// - Throws: ``KeyError`` where the bytes are not exactly one certificate with an accepted key.
    public init(der: [UInt8]) throws(KeyError) {
        // It also refuses what is too long, or has bytes behind it.
        publicKey = try PublicKey(certificate: der)
        let (certificate, _) = decodeDER(der) { d2i_X509(nil, $0, $1) }
        guard let certificate else {
            throw .malformed(.certificate, ErrorQueue.drain(after: "d2i_X509"))
        }
        defer { X509_free(certificate) }
        let name = X509_get_issuer_name(certificate)
        let number = X509_get0_serialNumber(certificate)
        guard let issuer = encodeDER({ i2d_X509_NAME(name, $0) }),
            let serialNumber = encodeDER({ i2d_ASN1_INTEGER(number, $0) })
        else { throw .library(ErrorQueue.drain(after: "i2d_X509_NAME")) }
        self.der = der
        self.issuer = issuer
        self.serialNumber = serialNumber
        validUnixSeconds = Self.validity(of: certificate)
        isForSignatures = Self.allowsSignatures(certificate)
        ErrorQueue.clear()
    }

    /// The first certificate of a PEM text.
    ///
    /// - Throws: ``KeyError`` where there is none, or its key is not accepted.
    public init(pem: String) throws(KeyError) {
        let block = try PEMBlock(firstIn: pem, source: .certificate)
        guard block.label == "CERTIFICATE" else {
            throw .unexpectedPEMLabel(.certificate, label: block.label)
        }
        try self.init(der: block.bytes)
    }

    private static func allowsSignatures(_ certificate: OpaquePointer) -> Bool {
        // An extension that cannot be read may say anything.
        let flags = X509_get_extension_flags(certificate)
        guard flags & (UInt32(EXFLAG_CA) | UInt32(EXFLAG_INVALID)) == 0 else { return false }
        // All bits are set where there is no key usage.
        let signing = UInt32(KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)
        return X509_get_key_usage(certificate) & signing != 0
    }

    private static func validity(of certificate: OpaquePointer) -> Range<Int64> {
        guard let first = unixSeconds(X509_get0_notBefore(certificate)),
            let last = unixSeconds(X509_get0_notAfter(certificate)),
            first <= last
        else { return 0..<0 }
        return first..<last + 1
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) -> Int64? {
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else { return nil }
        defer { ASN1_STRING_free(epoch) }
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else { return nil }
        return Int64(days) * 86_400 + Int64(seconds)
    }
}
