internal import CabinetTLS
package import Logging
package import NIOCore

extension RPCClient {
    /// A client without sockets and TLS, whose server is whoever takes the other ends of its
    /// connections: for tests that speak the protocol by hand.
    ///
    /// - Parameters:
    ///   - eventLoop: The loop of both ends, which may be one whose time a test moves.
    ///   - accept: Is given the server's end of each connection, on the event loop.
    package convenience init(
        inProcessOn eventLoop: any EventLoop,
        configuration: RPCClientConfiguration = RPCClientConfiguration(),
        logger: Logger,
        accept: @escaping @Sendable (InProcessPipe) -> Void
    ) {
        self.init(HandConnector(accept: accept), on: eventLoop, configuration, logger)
    }
}

/// Connects to whoever takes the other end.
private struct HandConnector: Connector {
    let accept: @Sendable (InProcessPipe) -> Void
    var target: String { "in-process" }

    func connect(_ parts: ClientSession.Parts) -> EventLoopFuture<ClientSession> {
        let (client, server) = InProcessPipe.pair(on: parts.loop.eventLoop)
        accept(server)
        let session = parts.open(
            client,
            to: PeerIdentity(
                subject: "CN=by-hand",
                publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: [])
            )
        )
        client.attach(session)
        return parts.loop.eventLoop.makeSucceededFuture(session)
    }
}
