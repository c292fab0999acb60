internal import NIOCore

/// A session's transport over a channel with TLS.
final class ChannelTransport: SessionTransport {
    private let context: ChannelHandlerContext

    init(_ context: ChannelHandlerContext) {
        self.context = context
    }

    var eventLoop: any EventLoop { context.eventLoop }

    var isWritable: Bool { context.channel.isWritable }

    func writeAndFlush(_ bytes: ByteBuffer) {
        context.writeAndFlush(NIOAny(bytes), promise: nil)
    }

    func close() {
        context.close(mode: .all, promise: nil)
    }
}
