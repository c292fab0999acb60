internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore
internal import NIOPosix

/// Makes the connections of a client.
protocol Connector: Sendable {
    /// The server, as a person would name it.
    var target: String { get }

    /// Makes a connection on the event loop of `parts`, and says HELLO on it. Called there.
    func connect(_ parts: ClientSession.Parts) -> EventLoopFuture<ClientSession>
}

extension ClientSession {
    /// What all connections of a client have in common.
    struct Parts {
        /// Of the attempt, counted from 1.
        let number: UInt64
        let loop: LoopContext
        let configuration: RPCClientConfiguration
        let hello: [UInt8]
        let logger: Logger
        let events: Events

        /// Begins a session on a transport whose other end is `server`.
        ///
        /// - Parameter handshake: How TLS began; `nil` without TLS.
        func open(
            _ transport: any SessionTransport,
            to server: PeerIdentity,
            after handshake: TLSHandshakeCompleted? = nil
        ) -> ClientSession {
            let session = ClientSession(
                transport: transport,
                server: server,
                handshake: handshake,
                number: number,
                loop: loop,
                configuration: configuration,
                logger: logger,
                events: events
            )
            session.open(hello: hello)
            return session
        }
    }
}

/// Connects by TCP and TLS.
struct SocketConnector: Connector {
    let host: String
    let port: Int
    let tls: TLSClientContext
    /// The name that the server's certificate must have.
    let serverName: String

    var target: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    func connect(_ parts: ClientSession.Parts) -> EventLoopFuture<ClientSession> {
        let eventLoop = parts.loop.eventLoop
        let promise = eventLoop.makePromise(of: ClientSession.self)
        // The bootstrap tries all addresses of a name, IPv6 and IPv4 side by side (RFC 8305).
        let bootstrap = ClientBootstrap(group: eventLoop)
            .connectTimeout(parts.configuration.connectTimeout)
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelOption(.maxMessagesPerRead, value: 1)
            .channelOption(
                .recvAllocator,
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 2_048,
                    initial: 2_048,
                    maximum: 65_536
                )
            )
            .channelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: 16_384, high: 65_536)
            )
        let parts = NIOLoopBound(parts, eventLoop: eventLoop)
        let channel = connect(
            bootstrap.channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let tls = try TLSHandler(
                        tls,
                        serverName: serverName,
                        limits: parts.value.configuration.tls
                    )
                    try channel.pipeline.syncOperations.addHandlers([
                        tls, ClientChannelHandler(parts.value, tls, promise),
                    ])
                }
            }
        )
        channel.whenFailure { promise.fail($0) }
        return promise.futureResult
    }

    private func connect(_ bootstrap: ClientBootstrap) -> EventLoopFuture<any Channel> {
        if let address = try? SocketAddress(ipAddress: host, port: port) {
            return bootstrap.connect(to: address)
        }
        return bootstrap.connect(host: host, port: port)
    }
}

/// A client's connection on a channel: waits for the handshake, and then carries a session.
private final class ClientChannelHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let parts: ClientSession.Parts
    private let tls: TLSHandler
    private var promise: EventLoopPromise<ClientSession>?
    private var transport: ChannelTransport?
    private var session: ClientSession?

    init(
        _ parts: ClientSession.Parts,
        _ tls: TLSHandler,
        _ promise: EventLoopPromise<ClientSession>
    ) {
        self.parts = parts
        self.tls = tls
        self.promise = promise
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSHandshakeCompleted, session == nil else { return }
        let transport = ChannelTransport(context, tls)
        let session = parts.open(transport, to: event.peer, after: event)
        transport.attach(session)
        self.transport = transport
        self.session = session
        promise?.succeed(session)
        promise = nil
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        transport?.writabilityChanged()
        session?.writabilityChanged()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let session { return session.failed(error) }
        fail(error)
        // TLS closes the channel after its own errors.
        if !(error is TLSError) { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        session?.closed()
        session = nil
        // It knows this handler's place in the pipeline, and so this handler.
        transport = nil
        fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    private func fail(_ error: any Error) {
        promise?.fail(error)
        promise = nil
    }
}
