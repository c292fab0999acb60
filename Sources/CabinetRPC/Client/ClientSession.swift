internal import CabinetCodec
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
        /// The connection is gone.
        var closed: (ClientSession, RPCError) -> Void
    }

    let loop: LoopContext
    /// Whom the connection is with.
    let server: PeerIdentity
    let limits: ConnectionLimits
    let logger: Logger
    private let transport: any SessionTransport
    private let maxWaitingCalls: Int
    private let events: Events

    var connection: ClientConnection
    var output = FrameOutput()
    private var reader = FrameReader(from: .server)
    private var input = FrameInput()
    /// The slot *n* is at *n* − 1.
    private var calls: [ClientCall?] = []
    /// Calls that wait for a free slot.
    private var waiting = CircularBuffer<ClientCall>()
    /// Calls to be cancelled when the budget for that allows it (CWP/1, rule 9.2).
    private var cancellations = CircularBuffer<CallID>()

    private enum Phase {
        case open
        /// The server has sent GOAWAY: calls in flight end, and then the connection.
        case leaving
        /// This side has sent its last.
        case ended
        case closed
    }
    private var phase = Phase.open
    /// Whether the server's HELLO has come: it has let this client in.
    private(set) var isReady = false
    private var isReading = false
    private var isFlushScheduled = false
    private var timer: SessionTimer
    /// The earliest deadline of a call, or an earlier moment.
    private var earliestDeadline: Timestamp?
    /// Why the connection ends.
    private var reason: (any Error)?

    var eventLoop: any EventLoop { loop.eventLoop }
    var now: Timestamp { Timestamp(loop.eventLoop.now) }

    /// Whether calls can be made.
    var takesCalls: Bool { phase == .open }

    init(
        transport: any SessionTransport,
        server: PeerIdentity,
        loop: LoopContext,
        configuration: RPCClientConfiguration,
        logger: Logger,
        events: Events
    ) {
        self.transport = transport
        self.server = server
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
            let ready = connection.acceptHello(
                limits: try Hello.limits(of: body, with: &loop.decoder)
            )
            reader.maxBodyBytes = limits.maxFrameBytes
            isReady = true
            for id in ready { creditRaised(id) }
            events.isReady(self)
        case .reply(let id):
            remove(id)?.reply(body, self)
        case .status(let id, let isNotProcessed):
            ended(id, body, isNotProcessed: isNotProcessed)
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
            leave(body)
        }
    }

    private func creditRaised(_ id: CallID) {
        guard let call = call(id) else { return }
        call.waitsForCredit = false
        call.wakeWriters()
    }

    private func ended(_ id: CallID, _ body: RawSpan, isNotProcessed: Bool) {
        guard let call = remove(id) else { return }
        let status: Status
        do throws(MessageDecodingError) {
            status = try decode(Status.self, body)
        } catch {
            return call.end(RPCError(unreadable: error))
        }
        call.end(status.code == .ok ? nil : RPCError(status, isNotProcessed: isNotProcessed))
    }

    /// Decodes a message with the decoder of the loop.
    func decode<M: Message>(_ type: M.Type, _ bytes: RawSpan) throws(MessageDecodingError) -> M {
        try bytes.withUnsafeBytes { bytes throws(MessageDecodingError) in
            try loop.decoder.decode(type, from: bytes)
        }
    }

    // MARK: - Calls

    /// The call, unless it is over for its caller.
    private func call(_ id: CallID) -> ClientCall? {
        let index = Int(id.slot) - 1
        guard calls.indices.contains(index), let call = calls[index], call.place?.id == id else {
            return nil
        }
        return call
    }

    private func remove(_ id: CallID) -> ClientCall? {
        let call = call(id)
        let index = Int(id.slot) - 1
        if calls.indices.contains(index) { calls[index] = nil }
        return call
    }

    /// Makes a call, now or when there is a free slot.
    func start(_ call: ClientCall) {
        guard phase == .open else { return call.end(.connectionIsClosing) }
        guard waiting.isEmpty, send(call) else {
            if waiting.count >= maxWaitingCalls { waiting.removeAll { $0.isOver } }
            guard waiting.count < maxWaitingCalls else { return call.end(.tooManyWaitingCalls) }
            watch(call.deadline)
            return waiting.append(call)
        }
    }

    private func startWaiting() {
        while let call = waiting.first {
            if !call.isOver, !send(call) { return }
            waiting.removeFirst()
        }
    }

    /// - Returns: `false` where there is no free slot.
    private func send(_ call: ClientCall) -> Bool {
        guard let callHeader = call.header(at: now) else {
            call.end(.deadlineExceeded(isNotProcessed: true))
            return true
        }
        let sending = connection.call(
            callHeader,
            messageByteCount: call.message?.count,
            responses: call.responses
        )
        switch sending {
        case .frame(let id, let header):
            let index = Int(id.slot) - 1
            while calls.count <= index { calls.append(nil) }
            calls[index] = call
            output.append(header, loop) { span in
                callHeader.write(to: &span)
                span.append(bytes: call.metadata)
                if let message = call.message { span.append(bytes: message) }
            }
            setNeedsFlush()
            watch(call.deadline)
            call.sent(on: self, as: id)
            return true
        case .noFreeSlot:
            return false
        case .tooLarge:
            call.end(
                .runtime(
                    .invalidArgument,
                    "REQUEST_TOO_LARGE",
                    "the request or its metadata is longer than the server accepts",
                    isNotProcessed: true
                )
            )
            return true
        default:
            call.end(.connectionIsClosing)
            return true
        }
    }

    /// Tells the server that a call's outcome is not wanted any more.
    func cancel(_ id: CallID) {
        guard phase == .open || phase == .leaving else { return }
        switch connection.cancel(id, at: now) {
        case .frame(_, let header):
            output.append(header, loop)
            setNeedsFlush()
        case .later:
            cancellations.append(id)
            armTimer()
        default:
            break
        }
    }

    func give(_ credit: UInt64, to call: ClientCall) {
        guard let id = call.place?.id,
            // It is never `later`: credit is given by half a window.
            case .frame(_, let header) = connection.credit(id, limitBytes: credit, at: now)
        else { return }
        output.append(header, loop) { SequenceBody.write(credit, to: &$0) }
        setNeedsFlush()
    }

    // MARK: - Writing

    /// Sends one message of a stream of requests, or the end of it for `nil`.
    func send(_ message: [UInt8]?, of call: ClientCall, _ id: CallID) -> ClientCall.SendStep {
        guard takesMore else { return .mustWait }
        let sending =
            message.map { connection.item(id, byteCount: $0.count) } ?? connection.endItems(id)
        switch sending {
        case .frame(_, let header):
            output.append(header, loop) { if let message { $0.append(bytes: message) } }
            setNeedsFlush()
            return .sent
        case .noCredit:
            call.waitsForCredit = true
            return .mustWait
        case .tooLarge:
            return .failed(
                .runtime(
                    .invalidArgument,
                    "REQUEST_TOO_LARGE",
                    "the request is longer than the server accepts"
                )
            )
        default:
            return .failed(RPCError(.cancelled, "the call has ended"))
        }
    }

    /// Whether a request of the call would have to wait now.
    func mustWait(_ call: ClientCall) -> Bool {
        call.waitsForCredit || !takesMore
    }

    private var takesMore: Bool {
        (phase == .open || phase == .leaving) && transport.isWritable
            && output.byteCount < FrameOutput.pauseBytes
    }

    private func setNeedsFlush() {
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
        guard phase == .open || phase == .leaving, transport.isWritable else { return }
        connection.liveness.wrote(isPending: false, at: now)
        flush()
        wakeWriters()
    }

    private func wakeWriters() {
        guard takesMore else { return }
        for case let call? in calls where call.hasWriters { call.wakeWriters() }
    }

    // MARK: - Time

    /// Sees to it that a call ends at its deadline.
    private func watch(_ deadline: Timestamp?) {
        guard let deadline, deadline < earliestDeadline ?? Timestamp(nanoseconds: .max) else {
            return
        }
        earliestDeadline = deadline
        armTimer()
    }

    private func armTimer() {
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
                reason = RPCError.runtime(
                    .unavailable,
                    "SERVER_SILENT",
                    "the server does not answer: the link is lost"
                )
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

    private func leave(_ body: RawSpan) {
        guard phase == .open else { return }
        let goAway = (try? decode(GoAway.self, body)) ?? GoAway()
        phase = .leaving
        logger.debug(
            "the server closes the connection",
            metadata: ["reason": "\(goAway.reason)", "message": "\(goAway.message)"]
        )
        if goAway.reason != .drain, goAway.reason != .idle {
            reason = RPCError.runtime(
                .unavailable,
                "GO_AWAY",
                "the server ended the connection (\(goAway.reason)): \(goAway.message)"
            )
        }
        let unsent = Array(waiting.filter { !$0.isOver })
        waiting = []
        events.goesAway(self, goAway, unsent)
    }

    /// Closes when the server has sent GOAWAY and no call is left (CWP/1, rule 7.2).
    private func closeIfDone() {
        if phase == .leaving, connection.callCount == 0 { finish() }
    }

    private func end(violation: ProtocolViolation) {
        logger.error(
            "the server broke the protocol",
            metadata: ["rule": "\(violation.rule)", "explanation": "\(violation.explanation)"]
        )
        reason = RPCError.runtime(
            .internal,
            "PROTOCOL_VIOLATION",
            "the server broke rule \(violation.rule) of CWP/1: \(violation.explanation)"
        )
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

    func closed() {
        guard phase != .closed else { return }
        phase = .closed
        stop()
        events.closed(self, error)
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
        // Even a server that has not said HELLO may have processed what it got with the client's last
        // message of the handshake, and have lost the connection before its own came through.
        var error = error
        error.isNotProcessed = false
        for call in sent { call.end(error) }
        error.isNotProcessed = true
        for call in unsent { call.end(error) }
    }
}
