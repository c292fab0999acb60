/// Why a TLS connection failed, or a write on it.
public struct TLSError: Error, Hashable, Sendable {
    /// What happened. The raw value is stable.
    public enum Reason: String, Sendable {
        // Before the handshake.

        /// The peer speaks HTTP without TLS.
        case plainHTTP = "PLAIN_HTTP"
        /// The peer speaks something that is not TLS.
        case notTLS = "NOT_TLS"
        /// This event loop has as many handshakes under way as it may have.
        case tooManyHandshakes = "TOO_MANY_HANDSHAKES"

        /// The peer had not sent a whole ClientHello, and was the first of those, when its place was needed
        /// for another handshake.
        case silentDisplaced = "SILENT_DISPLACED"

        // In the handshake.

        case handshakeTimeout = "HANDSHAKE_TIMEOUT"
        /// The connection ended before the handshake did.
        case closedDuringHandshake = "CLOSED_DURING_HANDSHAKE"
        /// The peer does not have TLS 1.3.
        case unsupportedVersion = "UNSUPPORTED_VERSION"
        /// The peer does not have the protocol `cabinet/1` (ALPN, RFC 7301).
        case noCommonProtocol = "NO_COMMON_PROTOCOL"
        /// The client has no certificate.
        case noCertificate = "NO_CERTIFICATE"
        /// No trusted authority has signed the peer's certificate.
        case untrusted = "UNTRUSTED"
        case expired = "EXPIRED"
        case notYetValid = "NOT_YET_VALID"
        case revoked = "REVOKED"
        /// There is no current revocation list that would cover the peer's certificate.
        case revocationUnknown = "REVOCATION_UNKNOWN"
        /// The server's certificate is for another host.
        case wrongHost = "WRONG_HOST"
        /// The peer's certificate is not for this use.
        case wrongPurpose = "WRONG_PURPOSE"
        /// A key or a signature in the peer's chain is too weak.
        case weakCertificate = "WEAK_CERTIFICATE"
        /// The peer's certificate does not hold for another reason.
        case badCertificate = "BAD_CERTIFICATE"

        // At any time.

        /// The peer ended the connection with an alert (RFC 8446, section 6.2): it is the one that
        /// has found something wrong. In TLS 1.3 a client learns only after its handshake that the
        /// server has refused its certificate.
        case peerAlert = "PEER_ALERT"
        /// The peer broke the protocol.
        case protocolError = "PROTOCOL_ERROR"
        /// The connection ended without close_notify: what was received may not be all (CWP/1, rule
        /// 7.5).
        case truncated = "TRUNCATED"
        /// This side has ended its output: nothing more can be written.
        case outputClosed = "OUTPUT_CLOSED"
        /// OpenSSL failed without the peer's doing, for example for want of memory.
        case internalError = "INTERNAL_ERROR"
    }

    public let reason: Reason
    /// What happened, in English, for a log. It can have text of the peer's certificate in it.
    public let explanation: String

    init(_ reason: Reason, _ explanation: String) {
        self.reason = reason
        self.explanation = explanation
    }
}

extension TLSError: CustomStringConvertible {
    public var description: String { "\(explanation) (\(reason.rawValue))" }
}
