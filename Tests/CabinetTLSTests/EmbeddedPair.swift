import CabinetTLS
import NIOCore
import NIOEmbedded
import TLSTestSupport
import Testing

/// What came out of a TLS handler.
final class Recorder: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    var plaintext: [UInt8] = []
    var reads = 0
    var handshake: TLSHandshakeCompleted?
    var isInputClosed = false
    var errors: [TLSError] = []
    var isInactive = false
    var onRead: ((ChannelHandlerContext, ByteBuffer) -> Void)?

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        plaintext += buffer.readableBytesView
        reads += 1
        onRead?(context, buffer)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? TLSHandshakeCompleted { handshake = event }
        if event is TLSInputClosed { isInputClosed = true }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let error = error as? TLSError { errors.append(error) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        isInactive = true
    }

    var reason: TLSError.Reason? { errors.first?.reason }
}

/// One end of a connection without a socket.
struct EmbeddedEnd {
    let channel: EmbeddedChannel
    let recorder = Recorder()

    init(_ handler: TLSHandler, loop: EmbeddedEventLoop) throws {
        channel = EmbeddedChannel(loop: loop)
        try channel.pipeline.syncOperations.addHandlers([handler, recorder])
        channel.connect(to: try SocketAddress(ipAddress: "127.0.0.1", port: 1), promise: nil)
    }

    func takeCiphertext() throws -> [ByteBuffer] {
        var buffers: [ByteBuffer] = []
        while let buffer = try channel.readOutbound(as: ByteBuffer.self) { buffers.append(buffer) }
        return buffers
    }

    /// Has the channel say whether it takes more, as a socket's does: with an event.
    func setWritable(_ isWritable: Bool) {
        channel.isWritable = isWritable
        channel.pipeline.fireChannelWritabilityChanged()
    }

    /// The socket's end of input, as NIO reports it.
    func breakOff() {
        channel.pipeline.fireChannelInactive()
    }

    func send(_ text: String) -> EventLoopFuture<Void> {
        channel.writeAndFlush(ByteBuffer(string: text))
    }
}

/// A client and a server whose bytes are carried by the test.
struct EmbeddedPair {
    let loop = EmbeddedEventLoop()
    let server: EmbeddedEnd
    let client: EmbeddedEnd

    init(
        _ serverContext: TLSServerContext,
        _ clientContext: TLSClientContext,
        serverName: String = "localhost",
        serverLimits: TLSLimits = TLSLimits(),
        clientLimits: TLSLimits = TLSLimits()
    ) throws {
        server = try EmbeddedEnd(TLSHandler(serverContext, limits: serverLimits), loop: loop)
        client = try EmbeddedEnd(
            TLSHandler(clientContext, serverName: serverName, limits: clientLimits),
            loop: loop
        )
    }

    /// Carries bytes until there are none, and ends a side where the other is closed.
    func pump() throws {
        var hasMoved = true
        while hasMoved {
            hasMoved = false
            loop.run()
            for (from, to) in [(client, server), (server, client)] {
                for buffer in try from.takeCiphertext() where to.channel.isActive {
                    hasMoved = true
                    _ = try? to.channel.writeInbound(buffer)
                }
                if !from.channel.isActive, to.channel.isActive, !to.recorder.isInactive {
                    hasMoved = true
                    to.breakOff()
                }
            }
        }
    }

    /// Closes what is open, so that handlers leave the pipelines.
    func finish() {
        for end in [server, client] {
            end.channel.close(promise: nil)
            loop.advanceTime(by: .seconds(10))
            _ = try? end.channel.finish(acceptAlreadyClosed: true)
        }
    }
}

func makeServer(
    _ name: String = "server",
    ca: String = "ca.pem",
    crl: String? = nil,
    options: TLSContextOptions = TLSContextOptions()
) throws -> TLSServerContext {
    try TLSServerContext(PKI.shared.files(name, ca: ca, crl: crl), options: options)
}

func makeClient(
    _ name: String = "client",
    ca: String = "ca.pem",
    crl: String? = nil,
    options: TLSContextOptions = TLSContextOptions()
) throws -> TLSClientContext {
    try TLSClientContext(PKI.shared.files(name, ca: ca, crl: crl), options: options)
}

/// Options with a clock that stands still.
func at(_ time: WallTime) -> TLSContextOptions {
    var options = TLSContextOptions()
    options.clock = { time }
    return options
}
