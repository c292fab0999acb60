internal import NIOCore

/// Stands in the listening channel, and closes connections beyond a number as soon as they are taken.
///
/// Its connections run on its own event loop.
final class ConnectionGate: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private static let pause = TimeAmount.milliseconds(500)

    private let maximum: Int
    private var count = 0
    private var isPaused = false

    init(_ maximum: Int) {
        self.maximum = maximum
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let connection = unwrapInboundIn(data)
        guard count < maximum else { return connection.close(promise: nil) }
        count += 1
        let gate = NIOLoopBound(self, eventLoop: context.eventLoop)
        connection.closeFuture.hop(to: context.eventLoop).whenComplete { _ in
            gate.value.count -= 1
        }
        context.fireChannelRead(data)
    }

    /// Takes no connections for a moment where one could not be taken, for want of descriptors for example.
    /// It still waits, and the system says so as often as it is asked: without a pause the thread would do
    /// nothing else.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard !isPaused else { return }
        isPaused = true
        let listener = context.channel
        listener.setOption(.autoRead, value: false).whenComplete { _ in }
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
            isPaused = false
            listener.setOption(.autoRead, value: true).whenComplete { _ in }
        }
    }
}
