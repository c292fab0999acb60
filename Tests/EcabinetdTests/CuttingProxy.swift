import CabinetLocks
import NIOCore
import NIOPosix

/// A TCP proxy before a server that may not be there, which cuts the connections that a test wants cut.
final class CuttingProxy: Sendable {
    private struct State {
        var target: Int?
        var links: [ObjectIdentifier: any Channel] = [:]
        var count = 0
    }

    private let state = Guarded(State())
    private let server: any Channel
    let port: Int

    init() async throws {
        let state = state
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 512)
            .childChannelInitializer { client in Self.join(client, state) }
            .bind(host: "127.0.0.1", port: 0).get()
        port = server.localAddress?.port ?? 0
    }

    /// Connects a client with the server, before the first byte is read of it.
    private static func join(
        _ client: any Channel,
        _ state: Guarded<State>
    ) -> EventLoopFuture<Void> {
        guard let target = state.withLock({ $0.target }) else {
            return client.eventLoop.makeFailedFuture(ChannelError.ioOnClosedChannel)
        }
        return ClientBootstrap(group: client.eventLoop)
            .channelInitializer { upstream in
                upstream.eventLoop.makeCompletedFuture {
                    try upstream.pipeline.syncOperations.addHandler(Relay(to: client))
                }
            }
            .connect(host: "127.0.0.1", port: target)
            .flatMapThrowing { upstream in
                try client.pipeline.syncOperations.addHandler(Relay(to: upstream))
                let key = ObjectIdentifier(client)
                state.withLock {
                    $0.links[key] = client
                    $0.count += 1
                }
                client.closeFuture.whenComplete { _ in
                    state.withLock { $0.links[key] = nil }
                    upstream.close(promise: nil)
                }
            }
    }

    /// Where the server listens now; `nil` where there is none.
    func setTarget(_ port: Int?) {
        state.withLock { $0.target = port }
    }

    /// How many links there have been to a server.
    var count: Int { state.withLock { $0.count } }

    /// Cuts links without a word, one in `n` of them.
    func cut(oneIn n: Int, using random: inout some RandomNumberGenerator) {
        for link in state.withLock({ Array($0.links.values) })
        where Int.random(in: 0..<n, using: &random) == 0 {
            link.close(promise: nil)
        }
    }

    func close() async throws {
        try await server.close().get()
        for link in state.withLock({ Array($0.links.values) }) { link.close(promise: nil) }
    }

    /// Hands on what one end says to the other, and its end.
    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel

        init(to other: any Channel) {
            self.other = other
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            other.writeAndFlush(unwrapInboundIn(data), promise: nil)
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
