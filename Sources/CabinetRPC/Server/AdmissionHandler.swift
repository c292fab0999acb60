internal import CabinetWire
internal import Logging
internal import NIOCore

/// Stands in the listening channel, and closes connections beyond the limits as soon as they are taken.
final class AdmissionHandler: ChannelInboundHandler {
    typealias InboundIn = any Channel
    typealias InboundOut = any Channel

    private static let pause = TimeAmount.milliseconds(100)

    private let admission: AdmissionControl
    private let environment: ServerEnvironment
    private let logger: Logger
    private var isPaused = false

    init(_ admission: AdmissionControl, _ environment: ServerEnvironment, _ logger: Logger) {
        self.admission = admission
        self.environment = environment
        self.logger = logger
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let channel = unwrapInboundIn(data)
        let address = ClientNetwork.name(of: channel.remoteAddress)
        let connection = ObjectIdentifier(channel)
        let now = Timestamp(context.eventLoop.now)
        if let refusal = admission.admit(connection, from: address, at: now) {
            environment.metrics.refused(refusal.rawValue)
            environment.strangers.write(
                .notice,
                logger,
                "no connection",
                ["remote": "\(address)", "reason": "\(refusal.rawValue)"],
                at: now
            )
            return channel.close(promise: nil)
        }
        channel.closeFuture.whenComplete { [admission] _ in
            admission.release(connection, from: address)
        }
        context.fireChannelRead(data)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // For want of descriptors, for example: the server goes on with the connections that it has.
        environment.strangers.write(
            .notice,
            logger,
            "a connection could not be taken",
            ["reason": "ACCEPT_FAILED", "error": "\(error)"],
            at: Timestamp(context.eventLoop.now)
        )
        pause(context.channel)
    }

    /// Takes no connections for a moment. What could not be taken still waits, and the system says so as
    /// often as it is asked: without a pause the event loop would do little else.
    private func pause(_ listener: any Channel) {
        guard !isPaused else { return }
        isPaused = true
        listener.setOption(.autoRead, value: false).whenComplete { _ in }
        listener.eventLoop.assumeIsolated().scheduleTask(in: Self.pause) { [self] in
            isPaused = false
            listener.setOption(.autoRead, value: true).whenComplete { _ in }
        }
    }
}
