internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// A server's connection on a channel: waits for the handshake, and then carries a session.
final class ServerChannelHandler: ChannelInboundHandler, ServedConnection {
    typealias InboundIn = ByteBuffer

    private let core: ServerCore
    private let loop: ServerLoop
    private let admission: AdmissionControl
    private let tls: TLSHandler
    private let remoteAddress: String
    private var context: ChannelHandlerContext?
    private var transport: ChannelTransport?
    private var session: ServerSession?
    private var hasFailed = false
    /// When the connection began; `nil` once its handshake is over.
    private var handshakeBegin: NIODeadline?

    init(
        _ core: ServerCore,
        _ loop: ServerLoop,
        _ admission: AdmissionControl,
        _ tls: TLSHandler,
        remoteAddress: String
    ) {
        self.core = core
        self.loop = loop
        self.admission = admission
        self.tls = tls
        self.remoteAddress = remoteAddress
    }

    // MARK: - The channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        handshakeBegin = context.eventLoop.now
        loop.add(self)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        loop.remove(self)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let session {
            session.closed()
            core.peers.remove(session.peer)
        }
        session = nil
        // It knows this handler's place in the pipeline, and so this handler.
        transport = nil
        loop.remove(self)
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        // From one who was refused: TLS hands a session its bytes directly.
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        transport?.writabilityChanged()
        session?.writabilityChanged()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let event = event as? TLSHandshakeCompleted, session == nil else { return }
        admission.established(ObjectIdentifier(context.channel))
        countHandshake(event.isResumed ? .resumed : .full, context)
        let transport = ChannelTransport(context, tls)
        if let goAway = core.refusal(of: event.peer, loop) {
            return core.refuse(transport, loop, goAway)
        }
        let session = ServerSession(
            core.environment,
            peer: event.peer,
            transport: transport,
            loop: loop.context,
            remoteAddress: remoteAddress
        )
        self.transport = transport
        self.session = session
        transport.attach(session)
        session.open()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let session { return session.failed(error) }
        guard !hasFailed else { return }
        hasFailed = true
        countHandshake(.failed, context)
        let reason = (error as? TLSError)?.reason.rawValue ?? "IO"
        core.environment.metrics.refused(reason)
        core.environment.strangers.write(
            .notice,
            core.environment.logger,
            "no connection",
            [
                "remote": "\(remoteAddress)", "reason": "\(reason)",
                "explanation": "\((error as? TLSError)?.explanation ?? "\(error)")",
            ],
            at: Timestamp(context.eventLoop.now)
        )
        // TLS closes the channel after its own errors.
        if !(error is TLSError) { context.close(promise: nil) }
    }

    /// - Parameter outcome: Of the handshake, if that is not over yet.
    private func countHandshake(
        _ outcome: ServerMetrics.HandshakeOutcome,
        _ context: ChannelHandlerContext
    ) {
        guard let begin = handshakeBegin else { return }
        handshakeBegin = nil
        let duration = context.eventLoop.now - begin
        core.environment.metrics.handshake(outcome, nanoseconds: duration.nanoseconds)
    }

    // MARK: - The server

    var peer: PeerIdentity? { session?.peer }

    func drain(grace: Interval, reconnectAfterMilliseconds: UInt32) {
        if let session {
            session.drain(grace: grace, reconnectAfterMilliseconds: reconnectAfterMilliseconds)
        } else {
            context?.close(promise: nil)
        }
    }

    func end(_ reason: GoAwayReason, _ message: String) {
        session?.end(reason, message)
    }

    func reviewSubscriptions() {
        session?.reviewSubscriptions()
    }
}
