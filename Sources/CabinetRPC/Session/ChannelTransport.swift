internal import CabinetTLS
internal import NIOCore

/// A session's transport over a channel with TLS.
final class ChannelTransport: SessionTransport {
    private let context: ChannelHandlerContext
    private let tls: TLSHandler

    /// What the channel last said: a session asks with every write, and the channel has to look
    /// into several of its parts.
    private(set) var isWritable: Bool

    init(_ context: ChannelHandlerContext, _ tls: TLSHandler) {
        self.context = context
        self.tls = tls
        isWritable = context.channel.isWritable
    }

    var eventLoop: any EventLoop { context.eventLoop }

    /// To be called when the channel's writability has changed, before the session is told.
    func writabilityChanged() {
        isWritable = context.channel.isWritable
    }

    func writeAndFlush(_ bytes: ByteBuffer) {
        tls.writeAndFlush(bytes)
    }

    /// Hands to the session what arrives from now on.
    func attach(_ session: any Session) {
        tls.deliver(to: session)
    }

    func close() {
        context.close(mode: .all, promise: nil)
    }
}
