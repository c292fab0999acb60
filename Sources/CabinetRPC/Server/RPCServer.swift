internal import CabinetLocks
public import CabinetTLS
internal import CabinetWire
public import Logging
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// A server of CWP/1 on TLS.
///
/// ```swift
/// let server = RPCServer([votingHandler], tls: context, logger: logger)
/// try await ServiceGroup(
///     services: [server], gracefulShutdownSignals: [.sigterm], logger: logger
/// ).run()
/// ```
public final class RPCServer: Service, Sendable {
    private enum State {
        case idle
        case starting
        case listening(any Channel)
        case stopping(Task<Void, Never>)
        /// Stopped before it began to listen.
        case stopped
    }

    private let core: ServerCore
    private let tls: TLSServerContext
    private let configuration: RPCServerConfiguration
    private let group: any EventLoopGroup
    private let admission: AdmissionControl
    private let logger: Logger
    private let state = Guarded(State.idle)

    /// - Parameters:
    ///   - router: The methods that the server has.
    ///   - tls: Made once, and not on an event loop.
    ///   - group: The event loops that the connections run on.
    public init(
        _ router: MethodRouter,
        tls: TLSServerContext,
        configuration: RPCServerConfiguration = RPCServerConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        core = ServerCore(router, configuration, logger) { tls.verdict(on: $0) }
        self.tls = tls
        self.configuration = configuration
        self.group = group
        self.logger = logger
        admission = AdmissionControl(configuration.admission)
    }

    /// A server of the methods of some services.
    public convenience init(
        _ services: [any ServiceHandler],
        tls: TLSServerContext,
        configuration: RPCServerConfiguration = RPCServerConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        var router = MethodRouter()
        for service in services { router.register(service) }
        self.init(router, tls: tls, configuration: configuration, group: group, logger: logger)
    }

    /// Begins to listen.
    ///
    /// - Returns: The address, with the port that was free if the configuration's is 0.
    /// - Throws: An `IOError` where the address cannot be had, and ``RPCServerError`` where the server
    ///   was started before.
    @discardableResult
    public func start() async throws -> SocketAddress {
        try state.withLock { state in
            guard case .idle = state else { throw RPCServerError.alreadyStarted }
            state = .starting
        }
        let channel: any Channel
        do {
            channel = try await bootstrap.bind(
                host: configuration.host,
                port: configuration.port
            ).get()
        } catch {
            state.withLock { $0 = .stopped }
            throw error
        }
        let isWanted = state.withLock { state in
            guard case .starting = state else { return false }
            state = .listening(channel)
            return true
        }
        guard isWanted else {
            try? await channel.close().get()
            throw RPCServerError.stopped
        }
        recheckPeers(while: channel)
        guard let address = channel.localAddress else { throw ChannelError.unknownLocalAddress }
        logger.info("listening", metadata: ["address": "\(address)"])
        return address
    }

    /// Serves until the service group is told to stop, then drains: it takes no more connections,
    /// tells the clients to go, lets calls in flight finish for the configured time, and returns.
    ///
    /// It starts the server, unless ``start()`` was called before.
    public func run() async throws {
        let isIdle = state.withLock { state in
            if case .idle = state { true } else { false }
        }
        if isIdle { try await start() }
        await cancelWhenGracefulShutdown {
            try? await Task.sleep(for: .seconds(86_400 * 365 * 100))
        }
        await shutdown()
    }

    /// Drains, as ``run()`` does when it is told to stop. Returns when all connections have ended.
    public func shutdown() async {
        let stopping = state.withLock { state -> Task<Void, Never>? in
            switch state {
            case .stopping(let task):
                return task
            case .listening(let channel):
                let task = Task { [core, logger] in
                    logger.info("stopping")
                    try? await channel.close().get()
                    await core.drain()
                    logger.info("stopped")
                }
                state = .stopping(task)
                return task
            case .idle, .starting, .stopped:
                state = .stopped
                return nil
            }
        }
        await stopping?.value
    }

    /// Reads certificates and revocation lists again, and ends the connections of all who would not be
    /// let in any more.
    ///
    /// - Throws: `TLSConfigurationError`. The server then goes on with what it had.
    public func reload(_ files: TLSFiles) async throws(TLSConfigurationError) {
        try tls.reload(files)
        logger.info("certificates and revocation lists reloaded")
        await review()
    }

    /// Ends the connections of clients whose certificates do not hold any more, because they were revoked
    /// or have expired, and of those whom ``RPCServerConfiguration/refusal`` refuses; and the subscriptions
    /// of those who may not have their events any more, as ``ChannelSubscription`` says.
    ///
    /// Where this is called again while it runs, one more look at all connections serves all who call.
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

    /// Sees to it that who is not let in any more does not stay: certificates and revocation lists expire
    /// while connections are open.
    private func recheckPeers(while channel: any Channel) {
        let interval = configuration.peerRecheckInterval
        let recheck = channel.eventLoop.scheduleRepeatedAsyncTask(
            initialDelay: interval,
            delay: interval
        ) { [weak self] _ in
            channel.eventLoop.makeFutureWithTask { [weak self] in await self?.review() }
        }
        channel.closeFuture.whenComplete { _ in recheck.cancel() }
    }

    // MARK: - Sockets

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(clamping: configuration.backlog))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [admission, core, logger] channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(
                        AdmissionHandler(admission, core.environment, logger)
                    )
                }
            }
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            // A read that did not fill its buffer has emptied the socket: a second would find nothing.
            .childChannelOption(.maxMessagesPerRead, value: 1)
            .childChannelOption(
                .recvAllocator,
                // Each connection keeps the buffer of its last read.
                value: AdaptiveRecvByteBufferAllocator(
                    minimum: 1_024,
                    initial: 1_024,
                    maximum: 65_536
                )
            )
            .childChannelOption(
                .writeBufferWaterMark,
                value: ChannelOptions.Types.WriteBufferWaterMark(low: 16_384, high: 65_536)
            )
            .childChannelInitializer { [core, tls, configuration, admission] channel in
                channel.eventLoop.makeCompletedFuture {
                    let address = channel.remoteAddress.map { "\($0)" } ?? "unknown"
                    let tls = TLSHandler(tls, limits: configuration.tls)
                    try channel.pipeline.syncOperations.addHandlers([
                        tls,
                        ServerChannelHandler(
                            core,
                            core.loops.loop(of: channel.eventLoop),
                            admission,
                            tls,
                            remoteAddress: address
                        ),
                    ])
                }
            }
    }
}

/// A server that was used in a way that it does not have.
public enum RPCServerError: Error, Sendable, CustomStringConvertible {
    /// A server is started once.
    case alreadyStarted
    /// It was told to stop while it started.
    case stopped

    public var description: String {
        switch self {
        case .alreadyStarted: "the server was started before: make another one"
        case .stopped: "the server was stopped while it started"
        }
    }
}
