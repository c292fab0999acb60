import CabinetCodec
import CabinetLocks
import CabinetRPC
import CabinetTLS
import CabinetWire
import NIOCore
import NIOPosix
import TLSTestSupport

/// A client on TLS that sends bytes as it likes.
final class TLSPeer: Sendable {
    private final class Collector: ChannelInboundHandler, Sendable {
        typealias InboundIn = ByteBuffer
        let bytes = Guarded<[UInt8]>([])
        let error = Guarded<TLSError?>(nil)
        let isOpen: EventLoopPromise<Void>

        init(_ isOpen: EventLoopPromise<Void>) { self.isOpen = isOpen }

        func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
            if event is TLSHandshakeCompleted { isOpen.succeed() }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            let buffer = unwrapInboundIn(data)
            bytes.withLock { $0 += buffer.readableBytesView }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            self.error.withLock { $0 = $0 ?? error as? TLSError }
            isOpen.fail(error)
        }

        func channelInactive(context: ChannelHandlerContext) {
            isOpen.fail(ChannelError.eof)
        }
    }

    private let channel: any Channel
    private let collector: Collector

    /// Makes a connection, and waits for the end of the handshake.
    init(port: Int, _ name: String = "client") async throws {
        let loop = MultiThreadedEventLoopGroup.singleton.next()
        let isOpen = loop.makePromise(of: Void.self)
        let collector = Collector(isOpen)
        self.collector = collector
        let tls = try TLSClientContext(PKI.shared.files(name))
        do {
            channel = try await ClientBootstrap(group: loop)
                // The kernel is to keep little of what is not read.
                .channelOption(.socketOption(.so_rcvbuf), value: 16_384)
                .channelInitializer { channel in
                    channel.eventLoop.makeCompletedFuture {
                        try channel.pipeline.syncOperations.addHandlers([
                            TLSHandler(tls, serverName: "127.0.0.1"), collector,
                        ])
                    }
                }
                .connect(host: "127.0.0.1", port: port).get()
        } catch {
            isOpen.fail(error)
            throw error
        }
        try await isOpen.futureResult.get()
    }

    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(ByteBuffer(bytes: bytes))
    }

    /// Reads nothing from now on.
    func stopReading() async throws {
        try await channel.setOption(.autoRead, value: false).get()
    }

    func read() async throws {
        try await channel.setOption(.autoRead, value: true).get()
    }

    func close() async throws {
        try? await channel.close()
    }

    /// Waits until the server has closed the connection.
    ///
    /// - Returns: All that the server has said.
    func end() async throws -> [UInt8] {
        try await channel.closeFuture.get()
        return collector.bytes.withLock { $0 }
    }
}

extension [UInt8] {
    /// Why the server ends the connection whose bytes these are.
    var goAway: GoAway? {
        var reader = FrameReader(from: .server)
        reader.maxBodyBytes = Int(FrameHeader.maxField)
        var input = ByteBuffer(bytes: self)
        while case .frame(let header)? = try? reader.next(in: input.readableBytesSpan) {
            input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
            let body = input.readBytes(length: header.bodyByteCount) ?? []
            if header.type == .goAway { return try? GoAway(serialized: body) }
        }
        return nil
    }
}
