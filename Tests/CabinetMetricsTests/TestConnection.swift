import NIOCore
import NIOPosix

/// A client's connection that sends text and takes whatever comes.
struct TestConnection: Sendable {
    private let channel: any Channel
    private let received: EventLoopFuture<String>

    /// - Parameter reads: Whether it takes what comes.
    init(to address: SocketAddress, reads: Bool = true) async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.any()
        let promise = loop.makePromise(of: String.self)
        received = promise.futureResult
        let connecting = ClientBootstrap(group: loop)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelOption(.autoRead, value: reads)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(Collector(promise))
                }
            }
            .connect(to: address)
        connecting.cascadeFailure(to: promise)
        channel = try await connecting.get()
    }

    func send(_ text: String) async throws {
        try await channel.writeAndFlush(ByteBuffer(string: text)).get()
    }

    /// Everything that came, when the other side has ended.
    func end() async throws -> String {
        defer { channel.close(promise: nil) }
        return try await received.get()
    }

    func close() async {
        try? await channel.close().get()
    }
}

private final class Collector: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let promise: EventLoopPromise<String>
    private var text = ""

    init(_ promise: EventLoopPromise<String>) {
        self.promise = promise
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        text += String(buffer: unwrapInboundIn(data))
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { promise.succeed(text) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        promise.succeed(text)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        promise.fail(error)
    }
}
