internal import CabinetCodec
internal import CabinetTLS
internal import CabinetWire
internal import Logging
internal import NIOCore

/// The client's end of a connection: it feeds the state machine with what arrives, and does what that
/// says.
///
/// `@unchecked Sendable`: it is used on its event loop alone.
final class ClientSession: Session, @unchecked Sendable {
    /// What whoever made the connection is told.
    struct Events {
        /// The server's HELLO has come.
        var isReady: (ClientSession) -> Void
        /// No new calls can be made here. The calls given have not been sent.
        var goesAway: (ClientSession, GoAway, [ClientCall]) -> Void
        /// No calls can be made here any more, and those in flight are about to end in error.
        var ended: (ClientSession, RPCError) -> Void
        /// The connection is gone.
        var closed: (ClientSession) -> Void
    }

    let loop: LoopContext
    /// Whom the connection is with.
    let server: PeerIdentity
    /// How the TLS handshake ended; `nil` without TLS.
    private let handshake: TLSHandshakeCompleted?
    /// Of the client's attempt at a connection that it comes of.
    let number: UInt64
    let limits: ConnectionLimits
    let logger: Logger
    private let transport: any SessionTransport
    let maxWaitingCalls: Int
    private let events: Events

    var connection: ClientConnection
    var output = FrameOutput()
    private var reader = FrameReader(from: .server)
    private var input = FrameInput()
    /// The slot *n* is at *n* − 1.
    var calls: [ClientCall?] = []
    /// Calls that wait for a free slot.
    var waiting = CircularBuffer<ClientCall>()
    /// Calls to be cancelled when the budget for that allows it (CWP/1, rule 9.2).
    var cancellations = CircularBuffer<CallID>()

    enum Phase {
        case open
        /// The server has sent GOAWAY: calls in flight end, and then the connection.
        case leaving
        /// This side has sent its last.
        case ended
        case closed
    }
    var phase = Phase.open
    /// Whether the server's HELLO has come: it has let this client in.
    private(set) var isReady = false
    /// What the server said then.
    private(set) var greeting: ServerGreeting?
    private var isReading = false
    private var isFlushScheduled = false
    private var timer: SessionTimer
    /// The earliest deadline of a call, or an earlier moment.
    var earliestDeadline: Timestamp?
    /// Whether the server has said GOAWAY in place of HELLO.
    private var isRefused = false
    /// Why the connection ends.
    private var reason: (any Error)?

    var eventLoop: any EventLoop { loop.eventLoop }
    var now: Timestamp { Timestamp(loop.eventLoop.now) }

    init(
        transport: any SessionTransport,
        server: PeerIdentity,
        handshake: TLSHandshakeCompleted?,
        number: UInt64,
        loop: LoopContext,
        configuration: RPCClientConfiguration,
        logger: Logger,
        events: Events
    ) {
        self.transport = transport
        self.server = server
        self.handshake = handshake
        self.number = number
        self.loop = loop
        self.logger = logger
        self.events = events
        limits = configuration.limits
        maxWaitingCalls = configuration.maxWaitingCalls
        connection = ClientConnection(
            limits: configuration.limits,
            liveness: configuration.liveness,
            at: Timestamp(loop.eventLoop.now)
        )
        timer = SessionTimer(loop.eventLoop)
    }

    /// Says HELLO. Calls may follow at once.
    func open(hello: [UInt8]) {
        output.append(FrameHeader(type: .hello, id: 0, bodyByteCount: hello.count), loop) { span in
            span.append(bytes: hello)
        }
        setNeedsFlush()
        armTimer()
    }

    // MARK: - Reading

    func received(_ bytes: ByteBuffer) {
        guard phase == .open || phase == .leaving else { return }
        isReading = true
        let now = now
        connection.liveness.received(at: now)
        var bytes = input.begin(bytes)
        do throws(ProtocolViolation) {
            while phase == .open || phase == .leaving, try readFrame(&bytes, now) {}
            input.end(bytes)
        } catch {
            end(violation: error)
        }
    }

    func finishedReading() {
        isReading = false
        guard phase == .open || phase == .leaving else { return }
        if input.isIncomplete {
            connection.liveness.finishedReading(isIncomplete: true, at: now)
            armTimer()
        }
        startWaiting()
        flush()
        closeIfDone()
    }

    private func readFrame(
        _ bytes: inout ByteBuffer,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Bool {
        guard case .frame(let header) = try reader.next(in: bytes.readableBytesSpan) else {
            return false
        }
        let byteCount = FrameHeader.byteCount + header.bodyByteCount
        try take(
            header,
            bytes.readableBytesSpan.extracting(FrameHeader.byteCount..<byteCount),
            now
        )
        bytes.moveReaderIndex(forwardBy: byteCount)
        connection.liveness.finishedFrame()
        return true
    }

    private func take(
        _ header: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) {
        switch try connection.receive(header, body: body, at: now) {
        case .nothing:
            break
        case .hello:
            let said = try Hello.read(body, with: &loop.decoder)
            let ready = connection.acceptHello(limits: said.limits)
            greeting = ServerGreeting(
                server: server,
                handshake: handshake,
                limits: said.limits,
                agent: said.hello.agent,
                schemaHash: said.hello.schemaHash,
                pingInterval: said.hello.pingIntervalMs == 0
                    ? nil : .milliseconds(Int64(said.hello.pingIntervalMs))
            )
            reader.maxBodyBytes = limits.maxFrameBytes
            isReady = true
            for id in ready { creditRaised(id) }
            events.isReady(self)
        case .reply(let id):
            remove(id)?.reply(body, self)
        case .status(let id, let isNotProcessed):
            try ended(id, body, isNotProcessed: isNotProcessed)
        case .item(let id):
            call(id)?.received(body, self)
        case .bound(let id, let bound):
            call(id)?.received(.bound(bound), body)
        case .event(let id, let sequence):
            call(id)?.received(.event(sequence: sequence), body)
        case .batch(let id, let batch):
            call(id)?.received(.batch(batch), body)
        case .mark(let id, let sequence):
            call(id)?.received(.mark(sequence: sequence), body)
        case .snapshot(let id, let sequence, let isLast):
            call(id)?.received(.snapshot(sequence: sequence, isLast: isLast), body)
        case .creditRaised(let id):
            creditRaised(id)
        case .ping(let number):
            output.append(number: number, .pong, id: 0, loop)
            setNeedsFlush()
        case .goAway:
            leave(try GoAway.read(body, with: &loop.decoder))
        }
    }

    private func creditRaised(_ id: CallID) {
        guard let call = call(id) else { return }
        call.waitsForCredit = false
        call.wakeWriters()
    }

    private func ended(
        _ id: CallID,
        _ body: RawSpan,
        isNotProcessed: Bool
    ) throws(ProtocolViolation) {
        guard let call = call(id) else {
            _ = remove(id)
            return
        }
        let status: Status
        do throws(MessageDecodingError) {
            status = try decode(Status.self, body)
        } catch {
            _ = remove(id)
            return call.end(RPCError(unreadable: error))
        }
        guard status.code != .ok || call.responses != .single else {
            throw ProtocolViolation(
                .protocolError,
                rule: "3.4",
                "a STATUS of OK in place of a REPLY"
            )
        }
        _ = remove(id)
        call.end(status.code == .ok ? nil : RPCError(status, isNotProcessed: isNotProcessed))
    }

    /// Decodes a message with the decoder of the loop.
    func decode<M: Message>(_ type: M.Type, _ bytes: RawSpan) throws(MessageDecodingError) -> M {
        try bytes.withUnsafeBytes { bytes throws(MessageDecodingError) in
            try loop.decoder.decode(type, from: bytes)
        }
    }

    // MARK: - Writing

    /// Whether streams may write.
    var takesMore: Bool {
        (phase == .open || phase == .leaving) && transport.isWritable
            && output.byteCount < FrameOutput.pauseBytes
    }

    func setNeedsFlush() {
        guard !isReading, !isFlushScheduled else { return }
        isFlushScheduled = true
        eventLoop.execute { [self] in
            isFlushScheduled = false
            flush()
        }
    }

    private func flush() {
        guard phase == .open || phase == .leaving, output.byteCount > 0 else { return }
        if transport.isWritable {
            let bytes = output.take()
            transport.writeAndFlush(bytes)
            loop.give(bytes)
        }
        if transport.isWritable {
            wakeWriters()
        } else {
            connection.liveness.beganWriting(at: now)
            armTimer()
        }
    }

    func writabilityChanged() {
        guard phase == .open || phase == .leaving else { return }
        // TLS writes of what it holds itself when the socket has taken some, so the transport may be full
        // again by now. It was not in between, and that is progress.
        connection.liveness.wrote(isPending: !transport.isWritable, at: now)
        guard transport.isWritable else { return armTimer() }
        flush()
        wakeWriters()
    }

    private func wakeWriters() {
        guard takesMore else { return }
        for case let call? in calls where call.hasWriters { call.wakeWriters() }
    }

    // MARK: - Time

    /// Sees to it that a call ends at its deadline.
    func watch(_ deadline: Timestamp?) {
        guard let deadline, deadline < earliestDeadline ?? Timestamp(nanoseconds: .max) else {
            return
        }
        earliestDeadline = deadline
        armTimer()
    }

    func armTimer() {
        var deadline = connection.liveness.nextDeadline
        if let earliestDeadline { deadline = min(deadline ?? earliestDeadline, earliestDeadline) }
        if !cancellations.isEmpty {
            let soon = now + .milliseconds(100)
            deadline = min(deadline ?? soon, soon)
        }
        timer.set(deadline) { [self] in expire() }
    }

    private func expire() {
        timer.fired()
        let now = now
        while phase == .open || phase == .leaving, let expiry = connection.liveness.expire(at: now)
        {
            switch expiry {
            case .ping(let number):
                output.append(number: number, .ping, id: 0, loop)
                setNeedsFlush()
            case .violation(let violation):
                end(violation: violation)
            case .dead:
                reason = RPCError.serverIsSilent
                finish()
            case .idle:
                finish()
            }
        }
        endLateCalls(now)
        let late = cancellations
        cancellations = []
        for id in late { cancel(id) }
        if phase == .open || phase == .leaving { armTimer() }
    }

    /// Ends the calls whose deadline has passed.
    private func endLateCalls(_ now: Timestamp) {
        guard let earliest = earliestDeadline, earliest <= now else { return }
        earliestDeadline = nil
        for call in calls.compactMap(\.self) + waiting {
            guard !call.isOver, let deadline = call.deadline else { continue }
            guard deadline <= now else {
                watch(deadline)
                continue
            }
            if let id = call.place?.id { cancel(id) }
            call.end(.deadlineExceeded(isNotProcessed: call.place == nil))
        }
    }

    // MARK: - The end

    private func leave(_ goAway: GoAway) {
        guard phase == .open else { return }
        phase = .leaving
        logger.debug(
            "the server closes the connection",
            metadata: ["reason": "\(goAway.reason.canonicalName)", "message": "\(goAway.message)"]
        )
        isRefused = !isReady
        if isRefused {
            reason = RPCError.refused(by: goAway)
        } else if goAway.reason != .drain, goAway.reason != .idle {
            reason = RPCError.runtime(
                .unavailable,
                "GO_AWAY",
                "the server ended the connection (\(goAway.reason.canonicalName)): \(goAway.message)"
            )
        }
        let unsent = Array(waiting.filter { !$0.isOver })
        waiting = []
        events.goesAway(self, goAway, unsent)
        // In place of HELLO it is the server's last word.
        if isRefused { finish() }
    }

    /// Closes when the server has sent GOAWAY and no call is left (CWP/1, rule 7.2).
    private func closeIfDone() {
        if phase == .leaving, connection.callCount == 0 { finish() }
    }

    private func end(violation: ProtocolViolation) {
        if violation.isSilence {
            logger.info("the server is silent", metadata: ["rule": "\(violation.rule)"])
            reason = RPCError.serverIsSilent
        } else {
            logger.error(
                "the server broke the protocol",
                metadata: ["rule": "\(violation.rule)", "explanation": "\(violation.explanation)"]
            )
            reason = RPCError.runtime(
                .internal,
                "PROTOCOL_VIOLATION",
                "the server broke rule \(violation.rule) of CWP/1: \(violation.explanation)"
            )
        }
        let goAway = GoAway(
            reason: GoAwayReason(rawValue: violation.reason.rawValue),
            message: "rule \(violation.rule): \(violation.explanation)"
        )
        loop.encoder.encode(goAway) { byteCount, write in
            output.append(
                FrameHeader(type: .goAway, id: 0, bodyByteCount: byteCount),
                loop,
                message: byteCount,
                write
            )
        }
        finish()
    }

    /// Closes the connection, because the client does. Calls that have not ended fail.
    func close() {
        guard phase == .open || phase == .leaving else { return }
        reason = RPCError.clientIsClosed
        finish()
    }

    private func finish() {
        guard phase == .open || phase == .leaving else { return }
        phase = .ended
        if output.byteCount > 0 { transport.writeAndFlush(output.take()) }
        transport.close()
        stop()
    }

    func failed(_ error: any Error) {
        if reason == nil { reason = error }
    }

    /// Gives the connection up.
    func lose() {
        failed(ChannelError.eof)
        transport.close()
    }

    func closed() {
        guard phase != .closed else { return }
        if phase != .ended { stop() }
        phase = .closed
        events.closed(self)
    }

    /// Why the connection is gone.
    private var error: RPCError {
        if let error = reason as? RPCError { return error }
        return isReady
            ? RPCError(connectionLost: reason) : RPCError(refused: reason)
    }

    /// Tells the calls that the connection is gone, once.
    private func stop() {
        timer.cancel()
        _ = connection.close()
        _ = output.take()
        let sent = calls.compactMap(\.self)
        let unsent = waiting
        calls = []
        waiting = []
        cancellations = []
        events.ended(self, error)
        // Even a server that has not said HELLO may have processed what it got with the client's last
        // message of the handshake, and have lost the connection before its own came through. One that
        // says GOAWAY in its place has not (CWP/1, rule 1.3).
        var error = error
        error.isNotProcessed = isRefused
        for call in sent { call.end(error) }
        error.isNotProcessed = true
        for call in unsent { call.end(error) }
    }
}
