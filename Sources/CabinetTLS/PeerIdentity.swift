/// Whom a connection is with, as its certificate says. The certificate has been verified.
///
/// It is the identity of the device, and not that of a person who signs something with it.
public struct PeerIdentity: Hashable, Sendable {
    /// The SHA-256 of a certificate's SubjectPublicKeyInfo (RFC 7469, section 2.4, has the same).
    ///
    /// It remains the same when the certificate is renewed with the same key.
    public struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
        /// 32 bytes.
        public let bytes: [UInt8]

        public init(bytes: [UInt8]) {
            self.bytes = bytes
        }

        /// 64 hexadecimal digits in lower case.
        public var description: String {
            let digits = Array("0123456789abcdef".utf8)
            return String(
                decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] },
                as: UTF8.self
            )
        }
    }

    /// The subject as RFC 2253 writes it, for people and logs: in UTF-8, most specific part first.
    public let subject: String
    public let publicKeyFingerprint: Fingerprint
    /// The certificate (RFC 5280, section 4.1), in DER.
    public let certificateDER: [UInt8]
    /// The last second at which the certificate is valid.
    public let notAfter: WallTime
    /// The certificates that led from this one to a trusted authority when it was verified.
    let intermediates: [[UInt8]]

    /// An identity that something else than TLS has made sure of: a transport within the process, or
    /// a test.
    public init(
        subject: String,
        publicKeyFingerprint: Fingerprint,
        certificateDER: [UInt8] = [],
        notAfter: WallTime = WallTime(secondsSince1970: .max)
    ) {
        self.subject = subject
        self.publicKeyFingerprint = publicKeyFingerprint
        self.certificateDER = certificateDER
        self.notAfter = notAfter
        intermediates = []
    }

    /// `nil` where OpenSSL fails, as for want of memory.
    init?(_ certificate: Certificate, intermediates: [Certificate]) {
        let der = certificate.der
        guard let digest = certificate.publicKeyDigest, !der.isEmpty else { return nil }
        subject = certificate.subject
        publicKeyFingerprint = Fingerprint(bytes: digest)
        certificateDER = der
        notAfter = certificate.notAfter
        self.intermediates = intermediates.map(\.der)
    }
}

/// What a context thinks of an identity now, where it accepted it once.
public enum IdentityVerdict: Hashable, Sendable {
    /// A handshake with the identity would succeed.
    case valid
    /// It would fail, with that error.
    case refused(TLSError)
}
