public import NIOCore

/// TLS on a channel: ciphertext towards the socket, plaintext towards the next handler.
///
/// After the handshake the next handler gets ``TLSHandshakeCompleted``, then plaintext, and
/// ``TLSInputClosed`` after the peer's close_notify. Whatever goes wrong is one `errorCaught` with a
/// ``TLSError``, after which the channel is closed. Writes before the end of the handshake wait for
/// it.
///
/// - A flush becomes one socket write of as few records as possible. Flushes while the channel is
///   read are gathered until the read is complete.
/// - While the channel is not writable, what was flushed stays here as plaintext, which buffers that
///   go to several connections share.
/// - `close(mode: .output)` sends close_notify and leaves the connection open for reading.
///   `close(mode: .all)` writes what was flushed, sends close_notify and waits for the peer's for
///   ``TLSLimits/closeTimeout`` at most.
public final class TLSHandler: ChannelDuplexHandler {
    public typealias InboundIn = ByteBuffer
    public typealias InboundOut = ByteBuffer
    public typealias OutboundIn = ByteBuffer
    public typealias OutboundOut = ByteBuffer

    enum Phase {
        /// The channel is not active yet.
        case waiting
        case handshaking
        case open
        /// This side has said its last, and waits for the peer to see it.
        case lingering
        case closed
    }

    let core: ContextCore
    let limits: TLSLimits
    /// From the moment at which the handler is in the pipeline.
    private(set) var context: ChannelHandlerContext?
    private let server: ServerName?

    // In a release, what changes with every record is not checked for exclusive access: the checks
    // were an eighth of a call's instructions. Debug builds, and so the tests, check everything.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var phase = Phase.waiting
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var session: TLSSession?
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var loop: LoopResources?
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var pending = PendingWrites()
    /// The end of the handshake's time, or of lingering.
    var deadline: Scheduled<Void>?
    var holdsHandshakeSlot = false
    /// The peer has sent close_notify.
    var isInputClosed = false
    /// This side has sent close_notify.
    var isOutputClosed = false
    /// What lingering waits for besides the peer.
    var isLastWriteDone = false
    var closePromises: [EventLoopPromise<Void>] = []
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var isDraining = false
    /// Who gets the plaintext in place of the next handler.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var receiver: (any TLSReceiver)?
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private(set) var isReading = false
    private var hasDelivered = false
    /// Whether anything of the handshake has come.
    private var hasReceived = false
    /// Whether the loop has it among the silent.
    private var isSilent = false
    /// What the channel last said: asking costs a look into several of its parts.
    private(set) var isChannelWritable = true

    /// The identity of the peer, from the handshake on. Only on the event loop.
    public private(set) var peer: PeerIdentity?

    /// A server's end of a connection.
    public init(_ context: TLSServerContext, limits: TLSLimits = TLSLimits()) {
        core = context.core
        server = nil
        self.limits = limits
    }

    /// A client's end of a connection.
    ///
    /// - Parameter serverName: The DNS name or IP address that the server's certificate must have
    ///   as a subject alternative name (RFC 9525).
    /// - Throws: ``TLSError`` with the reason `wrongHost` for what can be neither.
    public init(
        _ context: TLSClientContext,
        serverName: String,
        limits: TLSLimits = TLSLimits()
    ) throws(TLSError) {
        core = context.core
        server = try ServerName(serverName)
        self.limits = limits
    }

    // MARK: - Begin and end of the channel

    public func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        if context.channel.isActive { begin(context) }
    }

    public func channelActive(context: ChannelHandlerContext) {
        // First, because the handshake may be refused at once, and inactive must come after active.
        context.fireChannelActive()
        begin(context)
    }

    public func channelInactive(context: ChannelHandlerContext) {
        inputEnded(context)
        tearDown(context, error: ChannelError.ioOnClosedChannel)
        context.fireChannelInactive()
    }

    public func handlerRemoved(context: ChannelHandlerContext) {
        tearDown(context, error: ChannelError.ioOnClosedChannel)
        self.context = nil
    }

    private func begin(_ context: ChannelHandlerContext) {
        guard phase == .waiting else { return }
        phase = .handshaking
        isChannelWritable = context.channel.isWritable
        let loop = core.resources(of: context.eventLoop)
        self.loop = loop
        if loop.handshakes >= limits.maxHandshakesPerLoop { displaceSilent(loop, context) }
        guard loop.beginHandshake(limit: limits.maxHandshakesPerLoop) else {
            return fail(
                context,
                TLSError(
                    .tooManyHandshakes,
                    "\(limits.maxHandshakesPerLoop) handshakes are under way on this event loop"
                )
            )
        }
        holdsHandshakeSlot = true
        if core.side == .server {
            isSilent = true
            loop.beganSilence(self, context)
        }
        setDeadline(context, limits.handshakeTimeout) { handler, context in
            handler.fail(
                context,
                TLSError(.handshakeTimeout, "the handshake took longer than its time limit")
            )
        }
        do throws(TLSError) {
            session = try TLSSession(core, server: server)
        } catch {
            return fail(context, error)
        }
        // A client speaks first.
        if core.side == .client { continueHandshake(context) }
        context.read()
    }

    /// Makes room: whoever only holds a place loses it to the next, who may have something to say.
    private func displaceSilent(_ loop: LoopResources, _ context: ChannelHandlerContext) {
        let now = context.eventLoop.now
        guard let oldest = loop.popSilent(for: limits.leastSilence, at: now) else { return }
        oldest.handler.fail(
            oldest.context,
            TLSError(
                .silentDisplaced,
                "the \(core.side.peerName) had not said its first when its place was needed for another"
            )
        )
    }

    func endSilence() {
        guard isSilent else { return }
        isSilent = false
        loop?.endedSilence(self)
    }

    // MARK: - Reading

    public func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let buffer = unwrapInboundIn(data)
        if !hasReceived, phase == .handshaking {
            guard buffer.readableBytes > 0 else { return }
            hasReceived = true
            if let error = FirstBytes.error(buffer, side: core.side) { return fail(context, error) }
        }
        isReading = true
        switch phase {
        case .handshaking:
            session?.ciphertext.receive(buffer)
            continueHandshake(context)
        case .open:
            session?.ciphertext.receive(buffer)
            readPlaintext(context)
        case .lingering:
            session?.ciphertext.receive(buffer)
            discardPlaintext(context)
        case .waiting, .closed:
            break
        }
    }

    public func channelReadComplete(context: ChannelHandlerContext) {
        if let receiver {
            // It gathers by itself what it has to say, and what it says is written at once.
            isReading = false
            receiver.finishedReading()
        } else {
            context.fireChannelReadComplete()
            isReading = false
        }
        drain(context)
        // The next handler does not know that bytes of a handshake, or of a part of a record, came
        // in its place. And for a receiver the channel would ask by the way of all handlers.
        if receiver != nil || !hasDelivered, phase != .closed { context.read() }
        hasDelivered = false
    }

    private func continueHandshake(_ context: ChannelHandlerContext) {
        guard let session else { return }
        switch session.handshake() {
        case .needsMore:
            session.ciphertext.releaseReceived()
            // Single bytes hold no place: there is an answer to a whole ClientHello alone.
            if session.ciphertext.toSend.readableBytes > 0 { endSilence() }
            drain(context)
        case .failed(let error):
            fail(context, error)
        case .completed(let outcome):
            deadline?.cancel()
            deadline = nil
            releaseHandshakeSlot()
            phase = .open
            peer = outcome.peer
            context.fireUserInboundEventTriggered(outcome)
            if phase == .open { readPlaintext(context) }
            drain(context)
        }
    }

    private func readPlaintext(_ context: ChannelHandlerContext) {
        guard let session, let loop else { return }
        var plaintext = loop.takePlaintext(max(session.ciphertext.receivedByteCount, 256))
        let outcome = session.read(into: &plaintext)
        session.ciphertext.releaseReceived()
        if plaintext.readableBytes > 0 {
            hasDelivered = true
            if let receiver {
                receiver.received(plaintext)
            } else {
                context.fireChannelRead(wrapInboundOut(plaintext))
            }
        }
        loop.give(plaintext: plaintext)
        // The next handler may have closed the connection.
        guard phase == .open else { return }
        switch outcome {
        case .drained:
            // Answers to requests for new keys (RFC 8446, section 4.6.3): whoever asks without end
            // and reads nothing would fill the memory.
            if session.ciphertext.toSend.readableBytes > 0, !isChannelWritable {
                fail(
                    context,
                    TLSError(.protocolError, "the peer asks for new keys and does not read them")
                )
            }
        case .closeNotify:
            isInputClosed = true
            context.fireUserInboundEventTriggered(TLSInputClosed())
            if phase == .open, !limits.allowsHalfClosure || isOutputClosed {
                endGracefully(context)
            }
        case .failed(let error):
            fail(context, error)
        }
    }

    /// The channel has no more input.
    private func inputEnded(_ context: ChannelHandlerContext) {
        switch phase {
        case .handshaking:
            fail(
                context,
                TLSError(
                    .closedDuringHandshake,
                    "the \(core.side.peerName) closed the connection during the handshake"
                )
            )
        case .open where !isInputClosed:
            fail(
                context,
                TLSError(
                    .truncated,
                    "the connection ended without close_notify: something may be missing"
                )
            )
        case .lingering:
            isInputClosed = true
            finishLingering(context)
        case .open, .waiting, .closed:
            break
        }
    }

    public func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // With ChannelOptions.allowRemoteHalfClosure the channel stays active at its input's end.
        if let event = event as? ChannelEvent, event == .inputClosed { inputEnded(context) }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: - Writing

    public func write(
        context: ChannelHandlerContext,
        data: NIOAny,
        promise: EventLoopPromise<Void>?
    ) {
        switch phase {
        case .waiting, .handshaking, .open:
            if isOutputClosed {
                promise?.fail(TLSError(.outputClosed, "this side has ended its output"))
            } else {
                pending.append(unwrapOutboundIn(data), promise: promise)
            }
        case .lingering, .closed:
            promise?.fail(ChannelError.ioOnClosedChannel)
        }
    }

    public func flush(context: ChannelHandlerContext) {
        pending.flush()
        if !isReading { drain(context) }
    }

    public func channelWritabilityChanged(context: ChannelHandlerContext) {
        isChannelWritable = context.channel.isWritable
        if isChannelWritable { drain(context) }
        context.fireChannelWritabilityChanged()
    }
}

/// A handler belongs to its channel's event loop.
@available(*, unavailable)
extension TLSHandler: Sendable {}
