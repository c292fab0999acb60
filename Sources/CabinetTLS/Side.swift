internal import COpenSSLShims

/// The side of a connection that a context is for.
enum Side: Sendable {
    case server
    case client

    /// What this side's certificate must be good for.
    var ownPurpose: Int32 { self == .server ? X509_PURPOSE_SSL_SERVER : X509_PURPOSE_SSL_CLIENT }

    var ownName: String { self == .server ? "server" : "client" }

    var peerName: String { self == .server ? "client" : "server" }

    /// OpenSSL's name for the rules that a peer's certificate is verified by.
    var peerVerification: String { self == .server ? "ssl_client" : "ssl_server" }
}

/// The constants of CWP/1 over TLS.
enum CabinetProtocol {
    /// As ALPN has it on the wire: a length, and the name (RFC 7301, section 3.1).
    static let applicationProtocol: [UInt8] = [9] + Array("cabinet/1".utf8)

    /// The bits of security that keys and signatures must have (OpenSSL's security level 2).
    static let minSecurityBits: Int32 = 112
    static let securityLevel: Int32 = 2
}
