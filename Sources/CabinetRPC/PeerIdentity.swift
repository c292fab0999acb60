/// Who is at the other end of a connection, by the certificate that its transport has verified.
///
/// It is the identity of the device, and not that of a person who signs something with it.
public struct PeerIdentity: Sendable, Hashable {
    /// The subject of the certificate (RFC 4514).
    public var subject: String
    /// SHA-256 of the certificate's SubjectPublicKeyInfo in DER, 32 bytes.
    public var keyFingerprint: [UInt8]
    /// The certificate in DER.
    public var certificate: [UInt8]

    public init(subject: String, keyFingerprint: [UInt8], certificate: [UInt8]) {
        self.subject = subject
        self.keyFingerprint = keyFingerprint
        self.certificate = certificate
    }
}
