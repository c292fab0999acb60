internal import NIOCore

/// A request is longer than it may be.
struct RequestTooLong: Error {}

/// Stands before the parser, and gives it no more bytes than a request may have.
final class RequestByteLimit: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private var bytesLeft: Int
    private var isExceeded = false

    init(_ maximum: Int) {
        bytesLeft = maximum
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let count = unwrapInboundIn(data).readableBytes
        guard !isExceeded else { return }
        guard count <= bytesLeft else {
            isExceeded = true
            return context.fireErrorCaught(RequestTooLong())
        }
        bytesLeft -= count
        context.fireChannelRead(data)
    }
}
