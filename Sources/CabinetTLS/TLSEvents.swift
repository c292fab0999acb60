/// The user inbound event after a handshake, before the first plaintext.
public struct TLSHandshakeCompleted: Hashable, Sendable {
    /// Whom the connection is with.
    public let peer: PeerIdentity
    /// Whether an earlier session was resumed. The peer's certificate is then that of the first
    /// handshake, verified again.
    public let isResumed: Bool
    /// What protects the connection. The version is always TLS 1.3.
    public let cipherSuite: TLSCipherSuite
}

/// The user inbound event after the last plaintext: the peer has sent close_notify (RFC 8446,
/// section 6.1), and everything it wrote has been received.
///
/// The end of a connection without it is the error ``TLSError/Reason-swift.enum/truncated``.
public struct TLSInputClosed: Hashable, Sendable {}
