import CabinetCodec
import CabinetLocks
import CabinetRPC
import CabinetTLS
import CabinetWire
import Logging
import NIOCore
import NIOPosix
import TLSTestSupport

/// A server of frames on TLS that does what a test tells it, right or wrong.
final class ScriptedServer: Sendable {
    /// What arrived from a client.
    struct Frame: Sendable {
        let type: FrameType
        let flags: FrameFlags
        let id: UInt32
        let body: [UInt8]

        /// The method of a CALL.
        var method: UInt16 { UInt16(body[0]) << 8 | UInt16(body[1]) }
    }

    /// Called on the connection's event loop with each frame but HELLO, which is answered.
    typealias Script = @Sendable (Connection, Frame) -> Void

    private let channel: any Channel
    private let counter: ConnectionCounter
    var port: Int { channel.localAddress?.port ?? 0 }
    var connectionCount: Int { counter.value.withLock { $0 } }

    private final class ConnectionCounter: Sendable {
        let value = Guarded(0)
    }

    init(_ script: @escaping Script) async throws {
        let tls = try TLSServerContext(PKI.shared.files("server"))
        var limits = TLSLimits()
        limits.handshakeTimeout = .seconds(600)
        let counter = ConnectionCounter()
        self.counter = counter
        channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { [limits] channel in
                channel.eventLoop.makeCompletedFuture {
                    let number = counter.value.withLock { count in
                        count += 1
                        return count
                    }
                    try channel.pipeline.syncOperations.addHandlers([
                        Link(), TLSHandler(tls, limits: limits), Connection(number, script),
                    ])
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
    }

    /// Runs `body` with a client of a server that follows `script`.
    static func run(
        _ configuration: RPCClientConfiguration = .impatient,
        _ script: @escaping Script,
        _ body: (RPCClient, ScriptedServer) async throws -> Void
    ) async throws {
        let server = try await ScriptedServer(script)
        let client = RPCClient(
            host: "127.0.0.1",
            port: server.port,
            tls: try TLSClientContext(PKI.shared.files("client")),
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await body(client, server)
        } catch {
            await client.close()
            try await server.channel.close().get()
            throw error
        }
        await client.close()
        try await server.channel.close().get()
    }

    /// One client's connection. Used on its event loop.
    final class Connection: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        /// The first connection of the server is 1.
        let number: Int
        private let script: Script
        private var context: ChannelHandlerContext?
        private var reader = FrameReader(from: .client)
        private var input = ByteBuffer()
        /// For scripts that keep calls.
        var slots: [UInt32] = []

        init(_ number: Int, _ script: @escaping Script) {
            self.number = number
            self.script = script
        }

        func handlerAdded(context: ChannelHandlerContext) { self.context = context }
        func handlerRemoved(context: ChannelHandlerContext) { self.context = nil }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            var bytes = unwrapInboundIn(data)
            input.writeBuffer(&bytes)
            while case .frame(let header) = try? reader.next(in: input.readableBytesSpan) {
                input.moveReaderIndex(forwardBy: FrameHeader.byteCount)
                let body = input.readBytes(length: header.bodyByteCount) ?? []
                if header.type == .hello {
                    reader.maxBodyBytes = 65_536
                    send(.hello, id: 0, Hello(versions: [1]).serialized())
                } else {
                    script(
                        self,
                        Frame(type: header.type, flags: header.flags, id: header.id, body: body)
                    )
                }
            }
        }

        func errorCaught(context: ChannelHandlerContext, error: any Error) {
            context.close(promise: nil)
        }

        func send(
            _ type: FrameType,
            _ flags: FrameFlags = [],
            id: UInt32,
            _ body: [UInt8] = []
        ) {
            sendPart(type, flags, id: id, announcing: body.count, body)
        }

        /// Sends a frame with less of a body than its header says.
        func sendPart(
            _ type: FrameType,
            _ flags: FrameFlags = [],
            id: UInt32,
            announcing byteCount: Int,
            _ body: [UInt8]
        ) {
            let header = FrameHeader(type: type, flags: flags, id: id, bodyByteCount: byteCount)
            var bytes = ByteBuffer()
            bytes.writeInteger(header.word)
            bytes.writeBytes(body)
            context?.writeAndFlush(NIOAny(bytes), promise: nil)
        }

        func fail(_ id: UInt32, _ code: Code, isNotProcessed: Bool = false) {
            send(
                .status,
                isNotProcessed ? .notProcessed : [],
                id: id,
                Status(code: code, message: "scripted").serialized()
            )
        }

        func goAway(reconnectAfterMilliseconds: UInt32 = 0) {
            send(
                .goAway,
                id: 0,
                GoAway(
                    reason: .drain,
                    graceMs: 1_000,
                    reconnectAfterMs: reconnectAfterMilliseconds
                ).serialized()
            )
        }

        /// Ends the connection as a broken link does, without close_notify.
        ///
        /// - Parameter isLate: Whether what was sent is on its way before.
        func cut(isLate: Bool = true) {
            // From below TLS, which would say goodbye.
            guard let context,
                let link = try? context.pipeline.syncOperations.context(handlerType: Link.self)
            else { return }
            if isLate {
                context.eventLoop.assumeIsolated().execute { link.close(promise: nil) }
            } else {
                link.close(promise: nil)
            }
        }
    }

    /// Stands below TLS, and does nothing.
    private final class Link: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer
    }
}
