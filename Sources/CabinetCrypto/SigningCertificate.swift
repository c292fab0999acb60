internal import COpenSSL

/// What there is to know of the certificate that a ballot comes with: its key, and when it is valid
/// (RFC 5280, section 4.1.2.5). Who issued it is not checked: that the key may sign is written
/// elsewhere, on a roll.
public struct SigningCertificate: Hashable, Sendable {
    /// The key.
    public let publicKey: PublicKey

    /// Seconds since 1970-01-01T00:00:00Z in which the certificate is valid, both ends included. Empty
    /// where its times cannot be read or are in the wrong order.
    public let validUnixSeconds: Range<Int64>

    /// A certificate in DER.
    ///
    /// - Throws: ``KeyError`` where the bytes are not exactly one certificate with an accepted key.
    public init(der encoded: [UInt8]) throws(KeyError) {
        publicKey = try PublicKey(certificate: encoded)
        validUnixSeconds = Self.validity(of: encoded)
    }

    /// Whether it is valid at a time.
    public func isValid(atUnixMilliseconds time: Int64) -> Bool {
        validUnixSeconds.contains(time / 1_000)
    }

    private static func validity(of encoded: [UInt8]) -> Range<Int64> {
        ErrorQueue.clear()
        let (certificate, _) = decodeDER(encoded) { d2i_X509(nil, $0, $1) }
        guard let certificate else { return 0..<0 }
        defer { X509_free(certificate) }
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
