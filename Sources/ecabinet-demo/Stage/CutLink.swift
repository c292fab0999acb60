import CabinetLocks
import NIOCore
import NIOPosix

/// The way of one device to the server, over a port of its own, which can be cut: the server's next word is
/// not handed on, and the port is closed.
final class CutLink: Sendable {
    private struct State {
        var isArmed = false
        var links: [any Channel] = []
        var isCut = false
    }

    private let state: Guarded<State>
    private let server: any Channel
    let port: Int

    /// - Parameter target: Where the server listens on 127.0.0.1.
    init(to target: Int) async throws {
        let state = Guarded(State())
        self.state = state
        server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { device in
                ClientBootstrap(group: device.eventLoop)
                    .channelInitializer { upstream in
                        upstream.eventLoop.makeCompletedFuture {
                            try upstream.pipeline.syncOperations.addHandler(
                                Relay(to: device) { state.withLock { $0.isArmed } }
                            )
                        }
                    }
                    .connect(host: "127.0.0.1", port: target)
                    .flatMapThrowing { upstream in
                        try device.pipeline.syncOperations.addHandler(
                            Relay(to: upstream) { false }
                        )
                        state.withLock { $0.links.append(device) }
                    }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = server.localAddress?.port ?? 0
    }

    /// Cuts the link when the server answers next.
    func cutAtNextAnswer() {
        state.withLock { $0.isArmed = true }
    }

    /// Ends the link and closes the port.
    func close() async {
        try? await server.close().get()
        for link in state.withLock({ $0.links }) { try? await link.close().get() }
    }

    /// Hands on what one end says to the other, and its end.
    private final class Relay: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private let other: any Channel
        private let isCut: () -> Bool

        init(to other: any Channel, isCut: @escaping () -> Bool) {
            self.other = other
            self.isCut = isCut
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            if isCut() {
                context.close(promise: nil)
                other.close(promise: nil)
            } else {
                other.writeAndFlush(unwrapInboundIn(data), promise: nil)
            }
        }

        func channelInactive(context: ChannelHandlerContext) {
            other.close(promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }
}
