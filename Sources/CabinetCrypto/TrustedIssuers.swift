internal import COpenSSL

/// The authorities whose certificates are accepted, for signing ballots or for connections.
///
/// `@unchecked Sendable`: OpenSSL locks a store itself, and nothing is added after it was made.
public final class TrustedIssuers: @unchecked Sendable {
    /// Bytes of the file: about a thousand authorities. More is a mistake.
    public static let maximumBytes = 2 << 20

    private let store: OpaquePointer

    /// - Parameter pem: Certificates of authorities, one after the other.
    /// - Throws: ``KeyError`` where there is none, or one of them cannot be read.
    public init(pem: String) throws(KeyError) {
        guard pem.utf8.count <= Self.maximumBytes else {
            throw .tooLong(.certificate, byteCount: pem.utf8.count, limit: Self.maximumBytes)
        }
        guard let store = X509_STORE_new() else {
            throw .library(ErrorQueue.drain(after: "X509_STORE_new"))
        }
        self.store = store
        var rest = pem[...]
        var isEmpty = true
        while let end = rest.firstRange(of: Self.endOfCertificate) {
            let block = try PEMBlock(
                firstIn: String(rest[..<end.upperBound]),
                source: .certificate
            )
            try add(block)
            rest = rest[end.upperBound...]
            isEmpty = false
        }
        guard !isEmpty else { throw .unexpectedPEMLabel(.certificate, label: "") }
    }

    deinit {
        X509_STORE_free(store)
    }

    private static let endOfCertificate = "-----END CERTIFICATE-----"

    private func add(_ block: PEMBlock) throws(KeyError) {
        guard block.label == "CERTIFICATE" else {
            throw .unexpectedPEMLabel(.certificate, label: block.label)
        }
        ErrorQueue.clear()
        let (certificate, _) = decodeDER(block.bytes) { d2i_X509(nil, $0, $1) }
        guard let certificate else {
            throw .malformed(.certificate, ErrorQueue.drain(after: "d2i_X509"))
        }
        defer { X509_free(certificate) }
        guard X509_STORE_add_cert(store, certificate) == 1 else {
            throw .library(ErrorQueue.drain(after: "X509_STORE_add_cert"))
        }
    }

    /// Whether one of the authorities has issued a certificate (RFC 5280, section 6), directly. Whether it
    /// is valid at some time is not looked at: ``SignerCertificate/validUnixSeconds`` says it.
    public func haveIssued(_ certificate: SignerCertificate) -> Bool {
        ErrorQueue.clear()
        defer { ErrorQueue.clear() }
        let (subject, _) = decodeDER(certificate.der) { d2i_X509(nil, $0, $1) }
        guard let subject, let context = X509_STORE_CTX_new() else { return false }
        defer {
            X509_STORE_CTX_free(context)
            X509_free(subject)
        }
        guard X509_STORE_CTX_init(context, store, subject, nil) == 1 else { return false }
        X509_STORE_CTX_set_flags(context, UInt(X509_V_FLAG_NO_CHECK_TIME))
        return X509_verify_cert(context) == 1
    }
}
