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

    /// What becomes of the client's ITEM frames.
    private enum Items {
        /// They are handed out.
        case taken
        /// The call has lost interest, and the client cannot know yet.
        case dropped
        /// The client has ended them.
        case ended
    }

    private struct Call {
        var items: Items
        var received: CreditWindow
        var sent: CreditWindow
        var deadline: Timestamp?
        /// The channel that the call is bound to.
        var channelID: UInt32?
        /// Whether the client has cancelled it, or its time is over.
        var isAbandoned = false
        /// Whether its outcome is on the way to the client (rule 3.5).
        var isEnding = false
    }

    private var phase = Phase.awaitingHello
    /// GOAWAY was sent: calls in flight complete, new ones are refused.
    private var isDraining = false
    /// The client's GOAWAY has come: it makes no more calls.
    private var isClientGoing = false
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
        /// Answer the call UNAVAILABLE with NOT_PROCESSED: the server is draining.
        case refused(CallID)
        /// The body is a request of the call; with `isLast` there are no more.
        case item(CallID, isLast: Bool)
        /// There are no more requests of the call.
        case endOfItems(CallID)
        /// Stop working on the call, unless it has had an effect: then its real outcome is sent. When
        /// its handler has stopped, and not before, end it with CANCELLED: the slot bounds the handlers
        /// that run.
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
            try spendControl(now)
            isClientGoing = true
            return .goAway
        case .hello:
            throw ProtocolViolation(.protocolError, rule: "1.3", "a second HELLO")
        default:
            precondition(frame.type.isIgnorable, "the frame was not checked by FrameReader")
            try spendControl(now)
            return .nothing
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
        if case .closed = phase { return }
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
        guard !isClientGoing else {
            throw ProtocolViolation(.protocolError, rule: "7.1", "a CALL after GOAWAY")
        }
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
            items: isWhole ? .ended : .taken,
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
        if isDraining { return .refused(id) }
        liveness.changedUse(isInUse: true, at: now)
        if let deadline = call.deadline {
            earliestDeadline = min(earliestDeadline ?? deadline, deadline)
        }
        return .call(id, header, isWhole: isWhole)
    }

    private mutating func receiveItem(
        _ frame: FrameHeader
    ) throws(ProtocolViolation) -> Received {
        let (id, isRunning) = try call(of: frame)
        enum Finding { case taken, dropped, afterEnd, noCredit }
        let isLast = frame.flags.contains(.end)
        let finding = calls.modifyAny(id) { call -> Finding in
            guard call.items != .ended else { return .afterEnd }
            guard call.received.use(bodyByteCount: frame.bodyByteCount) else { return .noCredit }
            defer { if isLast { call.items = .ended } }
            return isRunning && call.items == .taken ? .taken : .dropped
        }
        switch finding {
        case .afterEnd:
            throw ProtocolViolation(.protocolError, rule: "3.3", "an ITEM after END")
        case .noCredit:
            throw ProtocolViolation(.limitExceeded, rule: "4.3", "an ITEM past the credit")
        case .dropped, nil:
            return .nothing
        case .taken:
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
        let (id, isRunning) = try call(of: frame)
        _ = calls.modifyAny(id) { $0.items = .ended }
        return isRunning && abandon(id) ? .cancelled(id) : .nothing
    }

    private mutating func receiveCredit(
        _ frame: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        let limit = try SequenceBody.read(body)
        let (id, isRunning) = try call(of: frame)
        let raise = calls.modifyAny(id) { $0.sent.raise(to: limit) }
        if raise?.isSmall != false { try spendControl(now) }
        return isRunning && raise?.isHigher == true ? .creditRaised(id) : .nothing
    }

    /// The call that a frame belongs to, and whether it is still running. Where it is not, the frame
    /// crossed its end, and is held to the same rules (rule 3.6).
    private func call(
        of frame: FrameHeader
    ) throws(ProtocolViolation) -> (id: CallID, isRunning: Bool) {
        switch calls.state(of: frame.id) {
        case .busy(let id): return (id, calls[id]?.isEnding == false)
        case .ended(let id): return (id, false)
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

    /// - Returns: Whether the call is to be told: it did not know yet.
    private mutating func abandon(_ id: CallID) -> Bool {
        calls.modify(id) { call in
            guard !call.isAbandoned, !call.isEnding else { return false }
            call.isAbandoned = true
            return true
        } ?? false
    }

    // MARK: - Calls

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
        /// The call is bound to a channel already.
        case alreadyBound
    }

    /// Ends a call with its response. The slot stays busy until ``written(_:at:)``.
    ///
    /// - Precondition: The call is not bound to a channel: such a call ends with a status.
    public mutating func reply(_ id: CallID, byteCount: Int) -> Sending {
        precondition(calls[id]?.channelID == nil, "a REPLY to a subscription")
        return end(id, .reply, byteCount: byteCount)
    }

    /// Ends a call with a status. The slot stays busy until ``written(_:at:)``.
    ///
    /// - Parameter isNotProcessed: Whether the call has had no effect, and is safe to be sent again.
    public mutating func status(
        _ id: CallID,
        byteCount: Int,
        isNotProcessed: Bool = false
    ) -> Sending {
        end(id, .status, flags: isNotProcessed ? .notProcessed : [], byteCount: byteCount)
    }

    private mutating func end(
        _ id: CallID,
        _ type: FrameType,
        flags: FrameFlags = [],
        byteCount: Int
    ) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        let channelID = calls.modify(id) { call -> UInt32?? in
            guard !call.isEnding else { return nil }
            call.isEnding = true
            return .some(call.channelID)
        }
        guard case .some(.some(let channelID)) = channelID else { return .callHasEnded }
        if let channelID { subscriptions[channelID] = nil }
        return .frame(
            FrameHeader(type: type, flags: flags, id: id.slot, bodyByteCount: byteCount)
        )
    }

    /// Frees the slot of a call: its outcome has been handed to the transport (rule 3.5).
    ///
    /// Until then the outcome takes memory here, and the client gets no other call for it: one that
    /// does not read cannot have more outcomes waiting than it has slots.
    public mutating func written(_ id: CallID, at now: Timestamp) {
        guard calls[id]?.isEnding == true else { return }
        _ = calls.release(id)
        if calls.busyCount == 0 { liveness.changedUse(isInUse: false, at: now) }
    }

    /// Whether the call is neither ended nor about to end.
    private func isRunning(_ id: CallID) -> Bool {
        calls[id]?.isEnding == false
    }

    /// Sends one message of a stream of responses.
    public mutating func item(_ id: CallID, byteCount: Int) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        guard isRunning(id),
            let isCovered = calls.modify(id, { $0.sent.use(bodyByteCount: byteCount) })
        else { return .callHasEnded }
        guard isCovered else { return .noCredit }
        return .frame(FrameHeader(type: .item, id: id.slot, bodyByteCount: byteCount))
    }

    /// Lets the client send more requests, up to `limitBytes` from the begin of the call.
    ///
    /// It is given for 1,024 bytes or more that were consumed: the client counts others as control
    /// frames (rule 9.1), and this side keeps no account of how many it sends.
    public mutating func credit(_ id: CallID, limitBytes: UInt64) -> Sending {
        guard isRunning(id), calls.modify(id, { $0.received.raise(to: limitBytes) }) != nil else {
            return .callHasEnded
        }
        return .frame(FrameHeader(type: .credit, id: id.slot, bodyByteCount: 8))
    }

    /// Binds a call to a channel. From here on frames of the channel go to this connection.
    ///
    /// - Precondition: `channelID` is 1 up to ``FrameHeader/maxField``.
    public mutating func bind(_ id: CallID, to channelID: UInt32) -> Sending {
        precondition(channelID > 0 && channelID <= FrameHeader.maxField)
        guard isRunning(id) else { return .callHasEnded }
        guard calls[id]?.channelID == nil else { return .alreadyBound }
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
        /// Stop working on the calls. When the handler of each has stopped, and not before, end it
        /// with DEADLINE_EXCEEDED.
        case deadlineExceeded([CallID])
    }

    /// When ``expire(at:)`` is to be asked next.
    public var nextDeadline: Timestamp? {
        guard let earliestDeadline else { return liveness.nextDeadline }
        return min(earliestDeadline, liveness.nextDeadline ?? earliestDeadline)
    }

    /// - Returns: What is due, one thing at a time, and `nil` where nothing more is.
    /// - Complexity: O(*n*) in the slots that were used where a call's deadline may be due, else O(1).
    public mutating func expire(at now: Timestamp) -> Expiry? {
        if let expiry = liveness.expire(at: now) { return .liveness(expiry) }
        guard let earliestDeadline, now >= earliestDeadline else { return nil }
        self.earliestDeadline = nil
        var due: [CallID] = []
        for (id, call) in calls.busy {
            guard !call.isEnding, !call.isAbandoned, let deadline = call.deadline else { continue }
            if now < deadline {
                self.earliestDeadline = min(self.earliestDeadline ?? deadline, deadline)
                continue
            }
            _ = calls.modify(id) { call in
                call.deadline = nil
                if call.items == .taken { call.items = .dropped }
            }
            if abandon(id) { due.append(id) }
        }
        return due.isEmpty ? nil : .deadlineExceeded(due)
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
        liveness.stop()
        earliestDeadline = nil
        let open = calls.busy
        for (id, _) in open { _ = calls.release(id) }
        subscriptions.removeAll()
        return open.filter { !$0.call.isEnding }.map(\.id)
    }
}
