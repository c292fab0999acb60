internal import COpenSSLShims

/// An X.509 certificate (RFC 5280).
///
/// `@unchecked Sendable`: nothing changes the X509 after it was read, and its reference count, and
/// what OpenSSL caches in it, are safe between threads.
final class Certificate: @unchecked Sendable {
    let x509: OpaquePointer

    /// Takes over a reference.
    init(owning x509: OpaquePointer) {
        self.x509 = x509
    }

    /// Adds a reference.
    convenience init(retaining x509: OpaquePointer) {
        X509_up_ref(x509)
        self.init(owning: x509)
    }

    deinit { X509_free(x509) }

    /// The subject as RFC 2253 writes it, in UTF-8, for people and logs: of a stranger, too. So it is cut
    /// where it is longer than ``maxSubjectBytes``, and what would change how the text around it is shown
    /// is replaced.
    var subject: String { Self.text(X509_get_subject_name(x509)) }

    static func text(_ name: OpaquePointer?) -> String {
        guard let name, let bio = BIO_new(BIO_s_mem()) else { return "" }
        defer { BIO_free(bio) }
        guard cabinet_X509_NAME_print_rfc2253(bio, name) >= 0 else { return "" }
        var data: UnsafeMutablePointer<CChar>?
        let byteCount = cabinet_BIO_get_mem_data(bio, &data)
        guard let data, byteCount > 0 else { return "" }
        let whole = UnsafeRawBufferPointer(start: data, count: byteCount)
        let text = String(decoding: whole.prefix(maxSubjectBytes), as: UTF8.self)
        var shown = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                shown.append("\u{fffd}")
            default:
                shown.append(scalar)
            }
        }
        return String(shown) + (byteCount > maxSubjectBytes ? "…" : "")
    }

    /// More of a subject is not kept.
    static let maxSubjectBytes = 512

    var der: [UInt8] {
        let byteCount = Int(i2d_X509(x509, nil))
        guard byteCount > 0 else { return [] }
        return [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
            var end = bytes.baseAddress
            count = max(0, Int(i2d_X509(x509, &end)))
        }
    }

    convenience init?(der: [UInt8]) {
        let x509 = der.withUnsafeBufferPointer { bytes in
            var start = bytes.baseAddress
            return d2i_X509(nil, &start, bytes.count)
        }
        guard let x509 else { return nil }
        self.init(owning: x509)
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    var publicKeyDigest: [UInt8]? {
        let key = X509_get_X509_PUBKEY(x509)
        let byteCount = Int(i2d_X509_PUBKEY(key, nil))
        guard byteCount > 0 else { return nil }
        let info = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, count in
            var end = bytes.baseAddress
            count = max(0, Int(i2d_X509_PUBKEY(key, &end)))
        }
        return sha256(info)
    }

    var notBefore: WallTime { Self.wallTime(X509_get0_notBefore(x509), ifUnreadable: .max) }
    var notAfter: WallTime { Self.wallTime(X509_get0_notAfter(x509), ifUnreadable: .min) }

    /// - Parameter ifUnreadable: The seconds to be taken for a time that cannot be read, so that the
    ///   certificate is not valid.
    static func wallTime(_ time: UnsafePointer<ASN1_TIME>?, ifUnreadable: Int64) -> WallTime {
        var days: Int32 = 0
        var seconds: Int32 = 0
        guard let time, let epoch = ASN1_TIME_set(nil, 0) else {
            return WallTime(secondsSince1970: ifUnreadable)
        }
        defer { ASN1_STRING_free(epoch) }
        guard ASN1_TIME_diff(&days, &seconds, epoch, time) == 1 else {
            return WallTime(secondsSince1970: ifUnreadable)
        }
        return WallTime(secondsSince1970: Int64(days) * 86_400 + Int64(seconds))
    }
}

/// SHA-256 of some bytes. Not for hot paths: it fetches the algorithm each time.
func sha256(_ bytes: [UInt8]) -> [UInt8]? {
    var digest = [UInt8](repeating: 0, count: 32)
    guard EVP_Digest(bytes, bytes.count, &digest, nil, EVP_sha256(), nil) == 1 else { return nil }
    return digest
}

/// A list of certificates for OpenSSL, which keeps a reference to each.
struct CertificateStack: ~Copyable {
    let pointer: OpaquePointer?

    init(_ certificates: [Certificate]) {
        pointer = cabinet_sk_X509_new()
        guard let pointer else { return }
        for certificate in certificates {
            _ = cabinet_sk_X509_push_up_ref(pointer, certificate.x509)
        }
    }

    deinit {
        if let pointer { cabinet_sk_X509_pop_free(pointer) }
    }

    /// The certificates of a stack that remains OpenSSL's.
    static func certificates(in stack: OpaquePointer?) -> [Certificate] {
        guard let stack else { return [] }
        return (0..<cabinet_sk_X509_num(stack)).compactMap {
            cabinet_sk_X509_value(stack, $0).map(Certificate.init(retaining:))
        }
    }
}
