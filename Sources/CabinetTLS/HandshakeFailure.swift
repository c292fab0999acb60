internal import COpenSSLShims

/// Names the errors that OpenSSL's queue has after a failed call.
enum HandshakeFailure {
    static func error(_ entries: [ErrorQueue.Entry], side: Side) -> TLSError {
        let text =
            entries.isEmpty
            ? "OpenSSL gave no reason" : entries.map(\.text).joined(separator: ", ")
        for entry in entries {
            if let alert = entry.alert { return error(alert: alert, side: side) }
            guard entry.library == ERR_LIB_SSL else { continue }
            switch entry.reason {
            case SSL_R_UNSUPPORTED_PROTOCOL, SSL_R_WRONG_SSL_VERSION, SSL_R_VERSION_TOO_LOW,
                SSL_R_UNKNOWN_PROTOCOL:
                return TLSError(.unsupportedVersion, "the \(side.peerName) does not have TLS 1.3")
            case SSL_R_NO_APPLICATION_PROTOCOL:
                return noCommonProtocol(side)
            case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
                return TLSError(.noCertificate, "the \(side.peerName) has no certificate")
            case SSL_R_HTTP_REQUEST, SSL_R_HTTPS_PROXY_REQUEST:
                return TLSError(.plainHTTP, "the \(side.peerName) speaks HTTP without TLS")
            default:
                continue
            }
        }
        let isOurs = entries.contains { $0.reason == cabinet_ERR_R_MALLOC_FAILURE() }
        return TLSError(isOurs ? .internalError : .protocolError, text)
    }

    static func noCommonProtocol(_ side: Side) -> TLSError {
        TLSError(
            .noCommonProtocol,
            "the \(side.peerName) does not offer the protocol cabinet/1 (ALPN)"
        )
    }

    private static func error(alert: Int32, side: Side) -> TLSError {
        let name = SSL_alert_desc_string_long(alert).map { String(cString: $0) } ?? "\(alert)"
        switch alert {
        case SSL_AD_NO_APPLICATION_PROTOCOL:
            return noCommonProtocol(side)
        case SSL_AD_PROTOCOL_VERSION:
            return TLSError(.unsupportedVersion, "the \(side.peerName) does not have TLS 1.3")
        default:
            return TLSError(
                .peerAlert,
                "the \(side.peerName) ended the connection with the alert «\(name)»"
            )
        }
    }
}
