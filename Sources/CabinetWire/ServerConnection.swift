/// The server's end of a connection: which frames are in order, and which calls are running.
///
/// It is told what arrives and what is to be sent, with the time, and says what to do. It does no
/// input or output, and holds no message: the caller keeps the bytes.
///
/// Three things can be wrong, and each has its own way. A peer that breaks a rule is a thrown
/// ``ProtocolViolation``. Something that merely came too late, such as a reply to a call that has
/// ended, is a result that says so. What this program may never do is a precondition.
public struct ServerConnection: ~Copyable {
    private enum Phase {
        case awaitingHello
        /// The HELLO was handed out to be decoded.
        case decodingHello
        case open
        case closed
    }

    private struct Call {
        /// Whether the client may still send ITEM frames.
        var takesItems: Bool
        var received: CreditWindow
        var sent: CreditWindow
        var deadline: Timestamp?
        /// The channel that the call is bound to.
        var channelID: UInt32?
        /// Whether the call has had an effect, so that its real outcome must be sent.
        var hasEffect = false
        /// Whether the client has cancelled it, or its time is over.
        var isAbandoned = false
    }

    private var phase = Phase.awaitingHello
    /// GOAWAY was sent: calls in flight complete, new ones are refused.
    private var isDraining = false
    private let limits: ConnectionLimits
    private var peerLimits = ConnectionLimits.default
    private var calls: SlotTable<Call>
    /// The call that is bound to each channel.
    private var subscriptions: [UInt32: CallID] = [:]
    private var controlBudget: ControlBudget
    /// No call's deadline is before this.
    private var earliestDeadline: Timestamp?

    /// To be told of reads and writes. Its deadlines are among those of ``nextDeadline``.
    public var liveness: Liveness

    /// - Parameters:
    ///   - limits: What this side accepts, as its HELLO says.
    ///   - now: The moment at which this side's HELLO is sent.
    public init(
        limits: ConnectionLimits = .default,
        liveness: Liveness.Settings = Liveness.Settings(),
        at now: Timestamp
    ) {
        self.limits = limits
        self.liveness = Liveness(liveness, at: now)
        calls = SlotTable(limit: limits.maxCalls)
        controlBudget = ControlBudget(at: now)
    }

    /// The calls that have not ended.
    public var callCount: Int { calls.busyCount }

    // MARK: - Receiving

    /// What a frame from the client asks for.
    public enum Received: Hashable, Sendable {
        case nothing
        /// Decode the body and answer with ``acceptHello(limits:)``, or end the connection.
        case hello
        /// Begin a call. `byteCount` bytes and the metadata stand before the message. If `isWhole`,
        /// the message is the one request; otherwise requests come as items.
        case call(CallID, CallHeader, isWhole: Bool)
        /// Answer the call in this slot UNAVAILABLE with NOT_PROCESSED: the server is draining.
        case refused(slot: UInt32)
        /// The body is a request of the call; with `isLast` there are no more.
        case item(CallID, isLast: Bool)
        /// There are no more requests of the call.
        case endOfItems(CallID)
        /// Stop working on the call. It is to be ended with CANCELLED, unless it has an outcome.
        case cancelled(CallID)
        /// The call may send more.
        case creditRaised(CallID)
        /// Send PONG with this number.
        case ping(UInt64)
        /// The client is about to close the connection.
        case goAway
    }

    /// Takes a frame that ``FrameReader`` has found in order.
    ///
    /// - Throws: ``ProtocolViolation``: send GOAWAY and close.
    public mutating func receive(
        _ frame: FrameHeader,
        body: RawSpan,
        at now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        precondition(body.byteCount == frame.bodyByteCount)
        switch phase {
        case .awaitingHello:
            return try receiveHello(frame)
        case .decodingHello:
            preconditionFailure("a frame was handed in before the HELLO was accepted")
        case .closed:
            return .nothing
        case .open:
            break
        }
        switch frame.type {
        case .call: return try receiveCall(frame, body, now)
        case .item: return try receiveItem(frame)
        case .cancel: return try receiveCancel(frame, now)
        case .credit: return try receiveCredit(frame, body, now)
        case .ping:
            try spendControl(now)
            return .ping(try SequenceBody.read(body))
        case .pong:
            guard liveness.receivedPong(try SequenceBody.read(body)) else {
                throw ProtocolViolation(.protocolError, rule: "6.2", "a PONG without a PING")
            }
            return .nothing
        case .goAway:
            return .goAway
        case .hello:
            throw ProtocolViolation(.protocolError, rule: "1.3", "a second HELLO")
        default:
            preconditionFailure("the frame was not checked by FrameReader")
        }
    }

    private mutating func receiveHello(
        _ frame: FrameHeader
    ) throws(ProtocolViolation) -> Received {
        guard frame.type == .hello else {
            throw ProtocolViolation(.protocolError, rule: "1.3", "the first frame is not HELLO")
        }
        guard frame.bodyByteCount <= ConnectionLimits.maxHelloBytes else {
            throw ProtocolViolation(.tooLarge, rule: "1.6", "HELLO is longer than the limit")
        }
        phase = .decodingHello
        return .hello
    }

    /// Takes the client's limits, and opens the connection for calls.
    public mutating func acceptHello(limits: ConnectionLimits) {
        guard case .decodingHello = phase else { preconditionFailure("no HELLO is being decoded") }
        peerLimits = limits
        liveness.receivedHello()
        phase = .open
    }

    private mutating func receiveCall(
        _ frame: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        let header = try CallHeader(
            body: body,
            flags: frame.flags,
            maxMetadataBytes: limits.maxMetadataBytes
        )
        let isWhole = frame.flags.contains(.end)
        if !isWhole, body.byteCount != header.byteCount + (header.metadataByteCount ?? 0) {
            throw ProtocolViolation(
                .protocolError,
                rule: "3.3",
                "a CALL without END that holds a message"
            )
        }
        guard frame.id <= limits.maxCalls else {
            throw ProtocolViolation(.limitExceeded, rule: "3.1", "a CALL beyond the highest slot")
        }
        let call = Call(
            takesItems: !isWhole,
            received: CreditWindow(initialBytes: limits.initialCreditBytes),
            sent: CreditWindow(initialBytes: peerLimits.initialCreditBytes),
            deadline: header.timeoutMicroseconds == 0
                ? nil : now + .microseconds(header.timeoutMicroseconds)
        )
        guard let id = calls.occupy(frame.id, with: call) else {
            throw ProtocolViolation(
                .protocolError,
                rule: "3.1",
                "a CALL in a slot that is not free"
            )
        }
        if isDraining {
            _ = calls.release(id)
            return .refused(slot: frame.id)
        }
        liveness.changedUse(isInUse: true, at: now)
        if let deadline = call.deadline {
            earliestDeadline = min(earliestDeadline ?? deadline, deadline)
        }
        return .call(id, header, isWhole: isWhole)
    }

    private mutating func receiveItem(
        _ frame: FrameHeader
    ) throws(ProtocolViolation) -> Received {
        guard let id = try runningCall(frame) else { return .nothing }
        enum Finding { case fine, afterEnd, noCredit }
        let isLast = frame.flags.contains(.end)
        let finding = calls.modify(id) { call -> Finding in
            guard call.takesItems else { return .afterEnd }
            guard call.received.use(frame.bodyByteCount) else { return .noCredit }
            if isLast { call.takesItems = false }
            return .fine
        }
        switch finding {
        case .afterEnd:
            throw ProtocolViolation(.protocolError, rule: "3.3", "an ITEM after END")
        case .noCredit:
            throw ProtocolViolation(.limitExceeded, rule: "4.3", "an ITEM past the credit")
        case .fine, nil:
            // An empty last item is none (rule 3.3).
            if isLast, frame.bodyByteCount == 0 { return .endOfItems(id) }
            return .item(id, isLast: isLast)
        }
    }

    private mutating func receiveCancel(
        _ frame: FrameHeader,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        try spendControl(now)
        guard let id = try runningCall(frame) else { return .nothing }
        return abandon(id) ? .cancelled(id) : .nothing
    }

    private mutating func receiveCredit(
        _ frame: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        let limit = try SequenceBody.read(body)
        guard let id = try runningCall(frame) else {
            try spendControl(now)
            return .nothing
        }
        let raised = calls.modify(id) { $0.sent.raise(to: limit) } ?? 0
        if raised < ConnectionLimits.smallCreditBytes {
            try spendControl(now)
        }
        return raised > 0 ? .creditRaised(id) : .nothing
    }

    /// The call that a frame belongs to; `nil` where it has ended and the frame crossed its end.
    private func runningCall(_ frame: FrameHeader) throws(ProtocolViolation) -> CallID? {
        switch calls.state(of: frame.id) {
        case .busy(let id): return id
        case .free: return nil
        case .unused:
            throw ProtocolViolation(
                .protocolError,
                rule: "3.6",
                "a frame for a slot that was never used"
            )
        }
    }

    private mutating func spendControl(_ now: Timestamp) throws(ProtocolViolation) {
        guard controlBudget.spend(at: now) else {
            throw ProtocolViolation(.controlFlood, rule: "9.1", "too many control frames")
        }
    }

    /// - Returns: Whether the call is to be told: it has not had an effect, and did not know yet.
    private mutating func abandon(_ id: CallID) -> Bool {
        calls.modify(id) { call in
            guard !call.hasEffect, !call.isAbandoned else { return false }
            call.isAbandoned = true
            return true
        } ?? false
    }

    // MARK: - Calls

    /// Notes that a call is about to have an effect. From here on a cancellation and the deadline are
    /// ignored, and the real outcome is sent (rule 3.7).
    ///
    /// - Returns: `false` where the caller has given up already: there must be no effect.
    public mutating func beginEffect(_ id: CallID) -> Bool {
        calls.modify(id) { call in
            guard !call.isAbandoned else { return false }
            call.hasEffect = true
            return true
        } ?? false
    }

    /// What became of something that this side wants to send.
    public enum Sending: Hashable, Sendable {
        /// Write this header and the body.
        case frame(FrameHeader)
        /// The call has ended before: drop it.
        case callHasEnded
        /// The body is longer than the client accepts: end the call in another way.
        case tooLarge
        /// The client has given no credit for it: wait until there is more.
        case noCredit
        /// The connection is subscribed to this channel already (rule 5.10).
        case alreadySubscribed
        /// There are too many subscriptions on the connection.
        case tooManySubscriptions
    }

    /// Ends a call with its response.
    public mutating func reply(_ id: CallID, byteCount: Int, at now: Timestamp) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        return end(id, .reply, [], byteCount, now)
    }

    /// Ends a call with a status.
    public mutating func status(
        _ id: CallID,
        byteCount: Int,
        isNotProcessed: Bool = false,
        at now: Timestamp
    ) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        return end(id, .status, isNotProcessed ? .notProcessed : [], byteCount, now)
    }

    private mutating func end(
        _ id: CallID,
        _ type: FrameType,
        _ flags: FrameFlags,
        _ byteCount: Int,
        _ now: Timestamp
    ) -> Sending {
        guard let call = calls.release(id) else { return .callHasEnded }
        if let channelID = call.channelID { subscriptions[channelID] = nil }
        if calls.busyCount == 0 { liveness.changedUse(isInUse: false, at: now) }
        return .frame(
            FrameHeader(type: type, flags: flags, id: id.slot, bodyByteCount: byteCount)
        )
    }

    /// Sends one message of a stream of responses.
    public mutating func item(_ id: CallID, byteCount: Int) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        guard let isCovered = calls.modify(id, { $0.sent.use(byteCount) }) else {
            return .callHasEnded
        }
        guard isCovered else { return .noCredit }
        return .frame(FrameHeader(type: .item, id: id.slot, bodyByteCount: byteCount))
    }

    /// Lets the client send more requests, up to `limitBytes` from the begin of the call.
    public mutating func credit(_ id: CallID, limitBytes: UInt64) -> Sending {
        guard calls.modify(id, { $0.received.raise(to: limitBytes) }) != nil else {
            return .callHasEnded
        }
        return .frame(FrameHeader(type: .credit, id: id.slot, bodyByteCount: 8))
    }

    /// Binds a call to a channel. From here on frames of the channel go to this connection.
    ///
    /// - Parameter channelID: 1 up to ``FrameHeader/maxField``.
    public mutating func bind(_ id: CallID, to channelID: UInt32) -> Sending {
        guard subscriptions[channelID] == nil else { return .alreadySubscribed }
        guard subscriptions.count < limits.maxSubscriptions else { return .tooManySubscriptions }
        guard calls.modify(id, { $0.channelID = channelID }) != nil else { return .callHasEnded }
        subscriptions[channelID] = id
        return .frame(
            FrameHeader(type: .bound, id: id.slot, bodyByteCount: BoundBody.byteCount)
        )
    }

    // MARK: - Time

    /// What the passing of time asks for.
    public enum Expiry: Hashable, Sendable {
        case liveness(Liveness.Expiry)
        /// Stop working on the call, and end it with DEADLINE_EXCEEDED.
        case deadlineExceeded(CallID)
    }

    /// When ``expire(at:)`` is to be asked next.
    public var nextDeadline: Timestamp? {
        guard let earliestDeadline else { return liveness.nextDeadline }
        return min(earliestDeadline, liveness.nextDeadline ?? earliestDeadline)
    }

    /// - Returns: What is due, one thing at a time, and `nil` where nothing more is.
    /// - Complexity: O(*n*) in the calls where a call's deadline may be due, else O(1).
    public mutating func expire(at now: Timestamp) -> Expiry? {
        if let expiry = liveness.expire(at: now) { return .liveness(expiry) }
        guard let earliestDeadline, now >= earliestDeadline else { return nil }
        self.earliestDeadline = nil
        for (id, call) in calls.busy {
            guard !call.isAbandoned, !call.hasEffect, let deadline = call.deadline else { continue }
            if now >= deadline {
                // The others are looked at again.
                self.earliestDeadline = now
                _ = abandon(id)
                return .deadlineExceeded(id)
            }
            self.earliestDeadline = min(self.earliestDeadline ?? deadline, deadline)
        }
        return nil
    }

    // MARK: - The end

    /// Refuses new calls from now on; those in flight go on (section 7).
    public mutating func drain() {
        isDraining = true
    }

    /// Forgets all calls: the connection is gone.
    ///
    /// - Returns: The calls that had not ended, for their handlers to be told.
    public mutating func close() -> [CallID] {
        phase = .closed
        let ids = calls.busy.map(\.id)
        for id in ids { _ = calls.release(id) }
        subscriptions.removeAll()
        return ids
    }
}
