internal import COpenSSLShims

/// Names OpenSSL's results of verifying a certificate (RFC 5280, section 6).
enum PeerVerification {
    /// Whether the chain of the peer's certificate does not end at an authority that is trusted.
    static func isUntrusted(_ code: Int32) -> Bool {
        switch code {
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT, X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE, X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN, X509_V_ERR_CERT_UNTRUSTED,
            X509_V_ERR_CERT_SIGNATURE_FAILURE, X509_V_ERR_CERT_CHAIN_TOO_LONG:
            true
        default: false
        }
    }

    /// - Parameters:
    ///   - code: The `X509_V_ERR_*`.
    ///   - subject: The certificate that the error is about.
    ///   - expectedName: The host that the client wanted to connect to.
    static func error(
        _ code: Int32,
        side: Side,
        subject: String?,
        expectedName: String? = nil,
        files: TLSFiles
    ) -> TLSError {
        let peer = "the \(side.peerName)'s certificate" + (subject.map { " (\($0))" } ?? "")
        switch code {
        case _ where isUntrusted(code):
            return TLSError(.untrusted, "\(peer) is not signed by \(files.trustedAuthorities)")
        case X509_V_ERR_CERT_HAS_EXPIRED:
            return TLSError(.expired, "\(peer) has expired; it must be renewed")
        case X509_V_ERR_CERT_NOT_YET_VALID:
            return TLSError(
                .notYetValid,
                "\(peer) is not valid yet; is this machine's clock right?"
            )
        case X509_V_ERR_CERT_REVOKED:
            return TLSError(.revoked, "\(peer) has been revoked")
        case X509_V_ERR_UNABLE_TO_GET_CRL, X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER,
            X509_V_ERR_CRL_HAS_EXPIRED, X509_V_ERR_CRL_NOT_YET_VALID,
            X509_V_ERR_CRL_SIGNATURE_FAILURE:
            let file = files.revocationLists ?? "the revocation lists"
            return TLSError(
                .revocationUnknown,
                "\(file) has no current revocation list for \(peer): \(text(code))"
            )
        case X509_V_ERR_HOSTNAME_MISMATCH, X509_V_ERR_IP_ADDRESS_MISMATCH:
            return TLSError(.wrongHost, "\(peer) is not for \(expectedName ?? "the host")")
        case X509_V_ERR_INVALID_PURPOSE, X509_V_ERR_INVALID_CA:
            return TLSError(.wrongPurpose, "\(peer) is not for a TLS \(side.peerName)")
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            return TLSError(.weakCertificate, "\(peer) is too weak: \(text(code))")
        case X509_V_ERR_OUT_OF_MEM:
            return TLSError(.internalError, "no memory to verify \(peer)")
        default:
            return TLSError(.badCertificate, "\(peer) does not hold: \(text(code))")
        }
    }

    private static func text(_ code: Int32) -> String {
        X509_verify_cert_error_string(Int(code)).map { String(cString: $0) } ?? "error \(code)"
    }
}
