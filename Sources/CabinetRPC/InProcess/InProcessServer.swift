public import CabinetTLS
internal import CabinetWire
public import Logging
public import NIOCore

/// A server without sockets and TLS: clients in the same process connect to it, each with an identity
/// that it is given. Everything else, frames, limits, deadlines, drain, is as on the network.
///
/// For tests, and for programs that have client and server in one.
public final class InProcessServer: Sendable {
    private let core: ServerCore

    public init(
        _ router: MethodRouter,
        configuration: RPCServerConfiguration = RPCServerConfiguration(),
        logger: Logger
    ) {
        core = ServerCore(router, configuration, logger)
    }

    /// Connects. The server's HELLO is on its way when this returns.
    ///
    /// - Parameter eventLoop: The loop of both ends, which may be one whose time a test moves. This is
    ///   called on it.
    /// - Returns: The client's end.
    package func connect(as peer: PeerIdentity, on eventLoop: any EventLoop) -> InProcessPipe {
        eventLoop.preconditionInEventLoop()
        let (client, server) = InProcessPipe.pair(on: eventLoop)
        let loop = core.loops.loop(of: eventLoop)
        if let goAway = core.refusal(of: peer, loop) {
            core.refuse(server, loop, goAway)
            return client
        }
        let session = ServerSession(
            core.environment,
            peer: peer,
            transport: server,
            loop: loop.context,
            remoteAddress: "in-process"
        )
        let connection = InProcessConnection(session, loop, core.peers)
        loop.add(connection)
        server.attach(connection)
        session.open()
        return client
    }

    /// Ends the connections and the subscriptions of those who may not have them any more: those whom
    /// ``RPCServerConfiguration/refusal`` refuses, and as ``ChannelSubscription`` says.
    public func review() async {
        await core.review()
    }

    /// To be called when those who may have the events of channels are others, but all may be connected.
    ///
    /// What is published after this returns is sent to nobody who is refused, as ``ChannelSubscription``
    /// says, and their subscriptions end soon.
    public func subscriptionAccessChanged() {
        core.subscriptionAccessChanged()
    }

    /// Drains: refuses new calls, lets those in flight finish for the configured time, and ends all
    /// connections.
    public func shutdown() async {
        await core.drain()
    }
}

/// A connection within the process, as the server counts it.
private final class InProcessConnection: Session, ServedConnection {
    private let session: ServerSession
    private let loop: ServerLoop
    private let peers: ConnectedPeers

    init(_ session: ServerSession, _ loop: ServerLoop, _ peers: ConnectedPeers) {
        self.session = session
        self.loop = loop
        self.peers = peers
    }

    var peer: PeerIdentity? { session.peer }

    func drain(grace: Interval, reconnectAfterMilliseconds: UInt32) {
        session.drain(grace: grace, reconnectAfterMilliseconds: reconnectAfterMilliseconds)
    }

    func end(_ reason: GoAwayReason, _ message: String) { session.end(reason, message) }
    func reviewSubscriptions() { session.reviewSubscriptions() }
    func received(_ bytes: ByteBuffer) { session.received(bytes) }
    func finishedReading() { session.finishedReading() }
    func writabilityChanged() { session.writabilityChanged() }
    func failed(_ error: any Error) { session.failed(error) }

    func closed() {
        session.closed()
        peers.remove(session.peer)
        loop.remove(self)
    }
}

extension InProcessServer {
    /// A client of this server, which behaves as on the network.
    ///
    /// - Parameters:
    ///   - peer: Who the server is told that the client is.
    ///   - eventLoop: The loop of both ends of its connections.
    public func client(
        as peer: PeerIdentity,
        configuration: RPCClientConfiguration = RPCClientConfiguration(),
        on eventLoop: any EventLoop,
        logger: Logger
    ) -> RPCClient {
        RPCClient(
            InProcessConnector(server: self, peer: peer),
            on: eventLoop,
            configuration,
            logger
        )
    }
}

/// Connects within the process.
private struct InProcessConnector: Connector {
    private static let serverIdentity = PeerIdentity(
        subject: "CN=in-process",
        publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: [])
    )

    let server: InProcessServer
    let peer: PeerIdentity
    var target: String { "in-process" }

    func connect(_ parts: ClientSession.Parts) -> EventLoopFuture<ClientSession> {
        let eventLoop = parts.loop.eventLoop
        let pipe = server.connect(as: peer, on: eventLoop)
        let session = parts.open(pipe, to: Self.serverIdentity)
        pipe.attach(session)
        return eventLoop.makeSucceededFuture(session)
    }
}
