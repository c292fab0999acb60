internal import COpenSSL

/// A certificate, as far as a signed document has to name it: the key, and the issuer's name with the
/// serial number, which together name one certificate (RFC 5280, section 4.1.2.2).
///
/// Nothing about it is verified: not its validity, not its issuer's signature.
public struct SignerCertificate: Hashable, Sendable {
    /// The certificate in DER.
    public let der: [UInt8]
    public let publicKey: PublicKey
    /// The DER encoding of the issuer's Name (RFC 5280, section 4.1.2.4).
    public let issuer: [UInt8]
    /// The DER encoding of the serial number, an INTEGER.
    public let serialNumber: [UInt8]

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
        ErrorQueue.clear()
        self.der = der
        self.issuer = issuer
        self.serialNumber = serialNumber
    }
}
