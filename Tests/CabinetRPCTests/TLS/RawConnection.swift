import CabinetLocks
import NIOCore
import NIOPosix

/// A TCP connection without TLS, for those who speak something else.
final class RawConnection: Sendable {
    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Guarded<[UInt8]>([])

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytes.withLock { $0 += buffer.readableBytesView }
        }

        // A reset is an end like another.
        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let channel: any Channel
    private let collector: Collector

    /// - Parameter source: The address that it comes from; all of 127.0.0.0/8 are this machine's.
    init(port: Int, from source: String = "127.0.0.1") async throws {
        let collector = Collector()
        self.collector = collector
        channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .channelInitializer { $0.pipeline.addHandler(collector) }
            .bind(to: SocketAddress(ipAddress: source, port: 0))
            .connect(host: "127.0.0.1", port: port).get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    func close() async throws {
        try await channel.close()
    }

    /// Waits until the server has closed the connection.
    ///
    /// - Returns: All that the server has said.
    func end() async throws -> [UInt8] {
        try await channel.closeFuture.get()
        return collector.bytes.withLock { $0 }
    }
}

/// A server without TLS that says one thing and nothing else.
struct RawServer {
    private final class Speaker: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let answer: [UInt8]?

        init(_ answer: [UInt8]?) { self.answer = answer }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            guard let answer else { return }
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: answer)), promise: nil)
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }
    }

    private let channel: any Channel
    var port: Int { channel.localAddress?.port ?? 0 }

    /// - Parameter answer: What it says when something comes; `nil` for nothing ever.
    init(answer: String?) async throws {
        let bytes = answer.map { Array($0.utf8) }
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(Speaker(bytes)) }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    func close() async throws {
        try await channel.close()
    }
}
