internal import CabinetCodec
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// The server's end of a connection, from HELLO to its end: it feeds the state machine with what
/// arrives, and does what that says.
///
/// `@unchecked Sendable`: it is used on its event loop alone. Handlers' tasks hold it, and come to the
/// loop for everything.
final class ServerSession: Session, TurnTaker, @unchecked Sendable {
    let environment: ServerEnvironment
    let loop: LoopContext
    let peer: PeerIdentity
    let contextConnection: CallContext.Connection
    private let transport: any SessionTransport

    // Checked for exclusive access in debug builds alone: see LoopContext.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var connection: ServerConnection
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var output = FrameOutput()
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var reader = FrameReader(from: .client)
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var input = FrameInput()
    /// Calls whose handler runs in a task: the slot *n* is at *n* − 1.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var tasks: [ServerCall?] = []
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    var subscribers: [ChannelSubscriber] = []
    private var areSubscribersFirst = false
    /// Messages of streams that wait for room, or for a turn.
    var waiting = WaitingMessages()
    /// Whether it is to be told of the next turn.
    var waitsForTurn = false
    /// Calls whose outcome is in ``output``.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var ending: [CallID] = []

    private enum Phase {
        case open
        /// GOAWAY was sent for good: nothing is read or written any more.
        case ended
        case closed
    }
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var phase = Phase.open
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var isReading = false
    private var isFlushScheduled = false
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var timer: SessionTimer
    /// When a drained connection is closed.
    #if !DEBUG
        @exclusivity(unchecked)
    #endif
    private var graceDeadline: Timestamp?

    var isDraining: Bool { graceDeadline != nil }
    var eventLoop: any EventLoop { loop.eventLoop }
    var now: Timestamp { Timestamp(loop.eventLoop.now) }

    init(
        _ environment: ServerEnvironment,
        peer: PeerIdentity,
        transport: any SessionTransport,
        loop: LoopContext,
        remoteAddress: String
    ) {
        self.environment = environment
        self.loop = loop
        self.peer = peer
        self.transport = transport
        contextConnection = CallContext.Connection(
            peer: peer,
            remoteAddress: remoteAddress,
            logger: environment.logger
        )
        connection = ServerConnection(
            limits: environment.limits,
            liveness: environment.liveness,
            at: Timestamp(loop.eventLoop.now)
        )
        timer = SessionTimer(loop.eventLoop)
    }

    var logger: Logger { contextConnection.logger }

    /// Says HELLO.
    func open() {
        environment.metrics.opened()
        logger.debug("connected", metadata: ["subject": "\(peer.subject)"])
        let hello = environment.hello
        output.append(FrameHeader(type: .hello, id: 0, bodyByteCount: hello.count), loop) { span in
            span.append(bytes: hello)
        }
        setNeedsFlush()
        armTimer()
    }

    // MARK: - Reading

    func received(_ bytes: ByteBuffer) {
        guard phase == .open else { return }
        isReading = true
        let now = now
        connection.liveness.received(at: now)
        var bytes = input.begin(bytes)
        var taken = 0
        do throws(ProtocolViolation) {
            let span = bytes.readableBytesSpan
            while phase == .open, taken < span.byteCount,
                let byteCount = try readFrame(span.extracting(taken...), now)
            {
                taken += byteCount
            }
        } catch {
            return end(violation: error)
        }
        bytes.moveReaderIndex(forwardBy: taken)
        input.end(bytes)
    }

    func finishedReading() {
        isReading = false
        guard phase == .open else { return }
        if input.isIncomplete {
            connection.liveness.finishedReading(isIncomplete: true, at: now)
            armTimer()
        }
        flush()
    }

    /// - Returns: The bytes of the frame; `nil` where there is no whole one.
    private func readFrame(
        _ bytes: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Int? {
        guard case .frame(let header) = try reader.next(in: bytes) else { return nil }
        let byteCount = FrameHeader.byteCount + header.bodyByteCount
        try take(header, bytes.extracting(FrameHeader.byteCount..<byteCount), now)
        connection.liveness.finishedFrame()
        return byteCount
    }

    private func take(
        _ header: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) {
        switch try connection.receive(header, body: body, at: now) {
        case .call(let id, let callHeader, let isWhole):
            begin(id, callHeader, isWhole: isWhole, body, now)
        case .item(let id, let isLast):
            received(body, of: id, isLast: isLast)
        case .endOfItems(let id):
            task(id)?.inbox?.end()
        case .cancelled(let id):
            abandon(id, .cancelled)
        case .creditRaised(let id):
            if let call = task(id) { resume(call) }
        case .refused(let id):
            environment.metrics.refusedCall(.draining)
            var error = RPCError.draining
            error.isNotProcessed = true
            fail(id, error)
        case .hello:
            let limits = try Hello.limits(of: body, with: &loop.decoder)
            connection.acceptHello(limits: limits)
            reader.maxBodyBytes = environment.limits.maxFrameBytes
        case .ping(let number):
            output.append(number: number, .pong, id: 0, loop)
            setNeedsFlush()
        case .goAway:
            let goAway = try GoAway.read(body, with: &loop.decoder)
            logger.debug(
                "the client is about to close the connection",
                metadata: ["reason": "\(goAway.reason)", "message": "\(goAway.message)"]
            )
        case .nothing:
            break
        }
    }

    /// Nobody waits for the outcome of a call any more.
    private func abandon(_ id: CallID, _ code: Code) {
        if let call = task(id) {
            call.abandon(code)
        } else {
            subscriber(id)?.end(RPCError(code, "the subscriber does not want more"))
        }
    }

    private func received(_ message: RawSpan, of id: CallID, isLast: Bool) {
        guard let call = task(id) else { return }
        if let credit = call.inbox?.receive(message) { give(credit, to: call) }
        if isLast { call.inbox?.end() }
    }

    // MARK: - Tasks

    func task(_ id: CallID) -> ServerCall? {
        let index = Int(id.slot) - 1
        guard tasks.indices.contains(index), let call = tasks[index], call.id == id else {
            return nil
        }
        return call
    }

    func add(_ call: ServerCall) {
        let index = Int(call.id.slot) - 1
        while tasks.count <= index { tasks.append(nil) }
        tasks[index] = call
    }

    func remove(_ call: ServerCall) {
        let index = Int(call.id.slot) - 1
        if tasks.indices.contains(index), tasks[index] === call { tasks[index] = nil }
        failWaiting(of: call)
    }

    // MARK: - Writing

    /// Notes that a call's outcome is in ``output``.
    func setEnding(_ id: CallID) {
        ending.append(id)
        setNeedsFlush()
    }

    /// Writes what there is at the end of this tick of the event loop: one write for all.
    func setNeedsFlush() {
        guard !isReading, !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.execute { [self] in
            isFlushScheduled = false
            flush()
        }
    }

    private func flush() {
        guard phase == .open, output.byteCount > 0 else { return }
        guard transport.isWritable else { return waitForTransport() }
        writeAll()
        if transport.isWritable { writeStreams() } else { waitForTransport() }
    }

    private func writeAll() {
        let bytes = output.take()
        transport.writeAndFlush(bytes)
        loop.give(bytes)
        let now = now
        for id in ending { connection.written(id, at: now) }
        if !ending.isEmpty, connection.callCount == 0 { armTimer() }
        ending.removeAll(keepingCapacity: true)
    }

    /// Writes frames of a channel, which others are sent too.
    func append(_ frames: ByteBuffer) {
        guard output.byteCount == 0, !isReading, transport.isWritable else {
            output.append(frames: frames, loop)
            return setNeedsFlush()
        }
        // Nothing to be put together with: the bytes stay shared.
        transport.writeAndFlush(frames)
        if !transport.isWritable { waitForTransport() }
    }

    private func waitForTransport() {
        connection.liveness.beganWriting(at: now)
        armTimer()
    }

    /// Whether there is room for what this side sends of itself.
    var hasRoom: Bool {
        phase == .open && transport.isWritable && output.byteCount < FrameOutput.pauseBytes
    }

    /// Whether streams may write. Where they may not, they go on when they may.
    var takesMore: Bool { hasRoom && loop.turns.allows(self) }

    func writabilityChanged() {
        guard phase == .open else { return }
        // TLS writes of what it holds itself when the socket has taken some, so the transport may be full
        // again by now. It was not in between, and that is progress.
        connection.liveness.wrote(isPending: !transport.isWritable, at: now)
        guard transport.isWritable else { return armTimer() }
        // It goes on with streams, too.
        if output.byteCount > 0 { flush() } else { writeStreams() }
    }

    private func writeStreams() {
        guard !waiting.isEmpty || !subscribers.isEmpty else { return }
        let bytesLeft = loop.turns.bytesLeft
        let areSubscribersFirst = areSubscribersFirst
        if !areSubscribersFirst { sendWaiting() }
        for subscriber in subscribers { subscriber.advance() }
        if areSubscribersFirst { sendWaiting() }
        // Neither waits until the other has nothing more: who was first is the last next time.
        if loop.turns.bytesLeft < bytesLeft { self.areSubscribersFirst = !areSubscribersFirst }
    }

    /// Streams may write again.
    func turnBegan() {
        waitsForTurn = false
        writeStreams()
    }

    // MARK: - Time

    func armTimer() {
        var deadline = connection.nextDeadline
        if let graceDeadline { deadline = min(deadline ?? graceDeadline, graceDeadline) }
        timer.set(deadline) { [self] in expire() }
    }

    private func expire() {
        timer.fired()
        let now = now
        while phase == .open, let expiry = connection.expire(at: now) {
            switch expiry {
            case .deadlineExceeded(let ids):
                for id in ids { abandon(id, .deadlineExceeded) }
            case .liveness(.ping(let number)):
                output.append(number: number, .ping, id: 0, loop)
                setNeedsFlush()
            case .liveness(.violation(let violation)):
                end(violation: violation)
            case .liveness(.idle):
                end(.idle, "no call for the idle time")
            case .liveness(.dead):
                logger.debug("the client does not answer")
                environment.metrics.ended("DEAD")
                phase = .ended
                stop()
                transport.close()
            }
        }
        if phase == .open, let graceDeadline, now >= graceDeadline {
            // GOAWAY was sent when the time began.
            environment.metrics.ended("DRAIN")
            close()
        }
        if phase == .open { armTimer() }
    }

    // MARK: - The end

    /// Refuses new calls, lets those in flight finish, and ends the connection after `grace`.
    func drain(grace: Interval, reconnectAfterMilliseconds: UInt32) {
        guard phase == .open, graceDeadline == nil else { return }
        connection.drain()
        for subscriber in Array(subscribers) { subscriber.end(.draining) }
        graceDeadline = now + grace
        appendGoAway(
            GoAway(
                reason: .drain,
                graceMs: UInt32(clamping: grace.nanoseconds / 1_000_000),
                reconnectAfterMs: reconnectAfterMilliseconds,
                message: "the server is stopping"
            )
        )
        setNeedsFlush()
        armTimer()
    }

    private func end(violation: ProtocolViolation) {
        let reason = GoAwayReason(rawValue: violation.reason.rawValue)
        logger.notice(
            "the client broke the protocol",
            metadata: [
                "reason": "\(reason.canonicalName)", "rule": "\(violation.rule)",
                "explanation": "\(violation.explanation)",
            ]
        )
        end(reason, "rule \(violation.rule): \(violation.explanation)")
    }

    /// Says why, and closes.
    func end(_ reason: GoAwayReason, _ message: String) {
        guard phase == .open else { return }
        environment.metrics.ended(reason.canonicalName)
        appendGoAway(GoAway(reason: reason, message: message))
        close()
    }

    /// Writes what there is, and closes.
    private func close() {
        let bytes = output.take()
        phase = .ended
        if bytes.readableBytes > 0 { transport.writeAndFlush(bytes) }
        stop()
        transport.close()
    }

    private func appendGoAway(_ goAway: GoAway) {
        loop.encoder.encode(goAway) { byteCount, write in
            output.append(
                FrameHeader(type: .goAway, id: 0, bodyByteCount: byteCount),
                loop,
                message: byteCount,
                write
            )
        }
    }

    func failed(_ error: any Error) {
        guard phase != .closed else { return }
        if let error = error as? TLSError {
            logger.debug("the connection failed", metadata: ["error": "\(error)"])
        }
    }

    func closed() {
        guard phase != .closed else { return }
        phase = .closed
        stop()
        environment.metrics.closed()
        logger.debug("disconnected")
    }

    /// Stops everything that runs for the connection.
    private func stop() {
        timer.cancel()
        _ = connection.close()
        ending = []
        _ = output.take()
        // At once, not for each of the calls.
        waiting.failAll(RPCError.hasEnded)
        for call in tasks { call?.abandon(.cancelled) }
        tasks = []
        for subscriber in subscribers { subscriber.detach() }
        environment.metrics.subscriptions(ended: subscribers.count)
        subscribers = []
    }
}
