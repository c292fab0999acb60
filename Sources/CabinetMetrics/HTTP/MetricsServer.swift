public import Logging
public import NIOCore
internal import NIOPosix
public import ServiceLifecycle

/// Serves what a registry has at `/metrics`, over HTTP/1.1 without TLS: for a monitoring system on the same
/// machine.
///
/// It has a thread of its own, which does everything that readers cost. A connection carries one request.
public final class MetricsServer: Service, Sendable {
    private let registry: MetricsRegistry
    private let address: SocketAddress
    private let limits: MetricsLimits
    private let logger: Logger
    private let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)

    public init(
        _ registry: MetricsRegistry,
        on address: SocketAddress,
        limits: MetricsLimits = MetricsLimits(),
        logger: Logger
    ) {
        self.registry = registry
        self.address = address
        self.limits = limits
        self.logger = logger
    }

    /// Begins to serve. To be called once; ``run()`` or ``close()`` has to follow.
    ///
    /// - Returns: The address, with the port that was free where the given one was 0.
    /// - Throws: An `IOError` where the address cannot be had. ``close()`` has to follow then as well.
    public func start() async throws -> SocketAddress {
        let channel = try await bootstrap.bind(to: address).get()
        guard let bound = channel.localAddress else { throw ChannelError.unknownLocalAddress }
        logger.info("metrics are served", metadata: ["address": "\(bound)"])
        return bound
    }

    /// Serves until the service group is told to stop.
    public func run() async throws {
        await cancelWhenGracefulShutdown {
            try? await Task.sleep(for: .seconds(86_400 * 365 * 100))
        }
        await close()
    }

    /// Ends all connections, and the thread.
    public func close() async {
        do {
            try await group.shutdownGracefully()
        } catch {
            preconditionFailure("a group of event loops was shut down twice: \(error)")
        }
    }

    private var bootstrap: ServerBootstrap {
        ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: Int32(clamping: limits.maxConnections))
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .serverChannelInitializer { [limits] channel in
                channel.eventLoop.makeCompletedFuture {
                    let gate = ConnectionGate(limits.maxConnections)
                    try channel.pipeline.syncOperations.addHandler(gate)
                }
            }
            // A client that has said all that it says still wants the answer.
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { [registry, limits] channel in
                channel.eventLoop.makeCompletedFuture {
                    try MetricsResponder.configure(channel, registry, limits)
                }
            }
    }
}
