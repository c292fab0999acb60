internal import COpenSSLShims

/// What a certificate says of itself, for people. Nothing of it is verified.
public struct CertificateSummary: Hashable, Sendable {
    /// As RFC 2253 writes it, in UTF-8. It can hold anything: a terminal must not be shown it as it is.
    public let subject: String
    /// As ``subject``.
    public let issuer: String
    /// In hexadecimal.
    public let serial: String

    /// - Returns: `nil` where the bytes are no certificate.
    public init?(der: [UInt8]) {
        let found = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        defer { ERR_clear_error() }
        guard let certificate = found else { return nil }
        defer { X509_free(certificate) }
        guard let subject = Self.text(X509_get_subject_name(certificate)),
            let issuer = Self.text(X509_get_issuer_name(certificate)),
            let serial = Self.digits(X509_get0_serialNumber(certificate))
        else { return nil }
        self.subject = subject
        self.issuer = issuer
        self.serial = serial
    }

    private static func text(_ name: OpaquePointer?) -> String? {
        guard let name, let bio = BIO_new(BIO_s_mem()) else { return nil }
        defer { BIO_free(bio) }
        guard cabinet_X509_NAME_print_rfc2253(bio, name) >= 0 else { return nil }
        var data: UnsafeMutablePointer<CChar>?
        let byteCount = cabinet_BIO_get_mem_data(bio, &data)
        guard let data, byteCount >= 0 else { return nil }
        return String(
            decoding: UnsafeRawBufferPointer(start: data, count: byteCount),
            as: UTF8.self
        )
    }

    private static func digits(_ number: UnsafePointer<ASN1_INTEGER>?) -> String? {
        guard let number, let value = ASN1_INTEGER_to_BN(number, nil) else { return nil }
        defer { BN_free(value) }
        guard let digits = BN_bn2hex(value) else { return nil }
        // OPENSSL_free is a macro over this.
        defer { CRYPTO_free(digits, nil, 0) }
        return String(cString: digits).lowercased()
    }
}
