public import CabinetTLS
public import CabinetWire

/// Whom a connection is with, and what the server said in its HELLO.
public struct ServerGreeting: Sendable, Hashable {
    public let server: PeerIdentity
    /// How the TLS handshake ended; `nil` for a server in this process, which there is no TLS to.
    public let handshake: TLSHandshakeCompleted?
    /// What the server accepts from this client.
    public let limits: ConnectionLimits
    /// Name and version of the server's software, for logs and people. It may be anything.
    public let agent: String
    /// SHA-256 of the schema that the server was built with; empty where it says none.
    public let schemaHash: [UInt8]
    /// Silence after which the server will ask whether this client is still there; `nil` for never.
    public let pingInterval: Duration?
}

extension RPCClient {
    /// Connects, if there is no connection, and says what the server said.
    ///
    /// - Throws: As ``connect()``.
    public func greeting() async throws(RPCError) -> ServerGreeting {
        try await connect()
        let found = await LoopWait<ServerGreeting?>.on(eventLoop) { [manager] wait in
            wait.resume(manager.greeting)
        }
        guard let found else { throw .taskCancelled }
        // It may have been lost in the meantime.
        guard let greeting = found else { throw RPCError(connectionLost: nil).ofCall }
        return greeting
    }
}
