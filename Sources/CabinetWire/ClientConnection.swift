/// The client's end of a connection: which frames are in order, and which calls wait for what.
///
/// It works as ``ServerConnection`` does: told what arrives and what is to be sent, it says what to
/// do, and holds no message.
public struct ClientConnection: ~Copyable {
    private enum Phase {
        case awaitingHello
        case decodingHello
        case open
        case closed
    }

    /// How the responses of a call come.
    public enum ResponseKind: Sendable, Hashable {
        /// One REPLY.
        case single
        /// ITEM frames and a STATUS.
        case stream
        /// The frames of a channel, and a STATUS.
        case channel
    }

    private struct Call {
        let responses: ResponseKind
        let resume: CallHeader.Resume?
        var sendsItems: Bool
        var received: CreditWindow
        var sent: CreditWindow
        var channelID: UInt32?
        var isCancelled = false
    }

    private struct Subscription {
        let call: CallID
        var cursor: ChannelCursor
    }

    private var phase = Phase.awaitingHello
    private var isGoingAway = false
    private let limits: ConnectionLimits
    private var peerLimits = ConnectionLimits.default
    private var calls: SlotTable<Call>
    private var freeSlots: FreeSlots
    private var subscriptions: [UInt32: Subscription] = [:]
    private var controlBudget: ControlBudget
    /// What this side spends, so that the server has no reason to complain (rule 9.2).
    private var ownBudget: ControlBudget

    /// To be told of reads and writes, and asked what is due.
    public var liveness: Liveness

    /// - Parameters:
    ///   - limits: What this side accepts, as its HELLO says.
    ///   - now: The moment at which this side's HELLO is sent.
    public init(
        limits: ConnectionLimits = .default,
        liveness: Liveness.Settings = Liveness.Settings(idle: nil),
        at now: Timestamp
    ) {
        self.limits = limits
        self.liveness = Liveness(liveness, at: now)
        // The server accepts the default number at least (rule 1.5). A higher one, which its HELLO
        // may give, is not used: 64 calls at once are more than a client of this kind has.
        calls = SlotTable(limit: ConnectionLimits.default.maxCalls)
        freeSlots = FreeSlots(limit: ConnectionLimits.default.maxCalls)
        controlBudget = ControlBudget(at: now)
        ownBudget = ControlBudget(burst: 100, perSecond: 10, at: now)
    }

    /// The calls that have not ended.
    public var callCount: Int { calls.busyCount }

    // MARK: - Receiving

    /// What a frame from the server asks for.
    public enum Received: Hashable, Sendable {
        case nothing
        /// Decode the body and answer with ``acceptHello(limits:)``, or end the connection.
        case hello
        /// The call has ended well, and the body is its response.
        case reply(CallID)
        /// The call has ended, and the body says how.
        case status(CallID, isNotProcessed: Bool)
        /// The body is a response of the call.
        case item(CallID)
        /// The call is bound to a channel.
        case bound(CallID, BoundBody)
        /// The body, after its sequence number, is an event.
        case event(CallID, sequence: UInt64)
        /// The body has several events.
        case batch(CallID, BatchBody)
        /// The channel is alive, and there is nothing newer.
        case mark(CallID, sequence: UInt64)
        /// The body, after its sequence number, is a part of a snapshot.
        case snapshot(CallID, sequence: UInt64, isLast: Bool)
        /// The call may send more.
        case creditRaised(CallID)
        /// Send PONG with this number.
        case ping(UInt64)
        /// Make no new calls here: the body says why and when to connect again.
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
            guard frame.type == .hello else {
                // A server that refuses the connection says so in place of HELLO.
                if frame.type == .goAway { return try receiveGoAway(now) }
                throw ProtocolViolation(.protocolError, rule: "1.3", "the first frame is not HELLO")
            }
            guard frame.bodyByteCount <= ConnectionLimits.maxHelloBytes else {
                throw ProtocolViolation(.tooLarge, rule: "1.6", "HELLO is longer than the limit")
            }
            phase = .decodingHello
            return .hello
        case .decodingHello:
            preconditionFailure("a frame was handed in before the HELLO was accepted")
        case .closed:
            return .nothing
        case .open:
            break
        }
        switch frame.type {
        case .reply:
            return .reply(try end(frame, expecting: .single))
        case .status:
            let id = try end(frame, expecting: nil)
            return .status(id, isNotProcessed: frame.flags.contains(.notProcessed))
        case .item: return try receiveItem(frame)
        case .bound: return try receiveBound(frame, body)
        case .event, .batch, .mark, .snapshot: return try receiveChannelFrame(frame, body)
        case .credit: return try receiveCredit(frame, body, now)
        case .ping:
            guard controlBudget.spend(at: now) else { throw flood }
            return .ping(try SequenceBody.read(body))
        case .pong:
            guard liveness.receivedPong(try SequenceBody.read(body)) else {
                throw ProtocolViolation(.protocolError, rule: "6.2", "a PONG without a PING")
            }
            return .nothing
        case .goAway: return try receiveGoAway(now)
        case .hello:
            throw ProtocolViolation(.protocolError, rule: "1.3", "a second HELLO")
        default:
            precondition(frame.type.isIgnorable, "the frame was not checked by FrameReader")
            guard controlBudget.spend(at: now) else { throw flood }
            return .nothing
        }
    }

    /// Takes the server's limits. They hold for calls that were made before, too.
    ///
    /// - Returns: The calls that may send more than before.
    public mutating func acceptHello(limits: ConnectionLimits) -> [CallID] {
        if case .closed = phase { return [] }
        guard case .decodingHello = phase else { preconditionFailure("no HELLO is being decoded") }
        peerLimits = limits
        liveness.receivedHello()
        phase = .open
        return calls.busy.map(\.id).filter { id in
            calls.modify(id) { call in
                call.sendsItems && call.sent.raiseInitial(to: UInt64(limits.initialCreditBytes))
            } == true
        }
    }

    private mutating func receiveGoAway(
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        guard controlBudget.spend(at: now) else { throw flood }
        isGoingAway = true
        return .goAway
    }

    private mutating func end(
        _ frame: FrameHeader,
        expecting responses: ResponseKind?
    ) throws(ProtocolViolation) -> CallID {
        let (id, call) = try runningCall(frame)
        if let responses, call.responses != responses {
            throw ProtocolViolation(
                .protocolError,
                rule: "3.4",
                "a REPLY to a call with a stream of responses"
            )
        }
        _ = calls.release(id)
        freeSlots.putBack(id.slot)
        if let channelID = call.channelID { subscriptions[channelID] = nil }
        return id
    }

    private mutating func receiveItem(
        _ frame: FrameHeader
    ) throws(ProtocolViolation) -> Received {
        let (id, call) = try runningCall(frame)
        guard call.responses == .stream else {
            throw ProtocolViolation(
                .protocolError,
                rule: "3.4",
                "an ITEM that the call cannot have"
            )
        }
        guard calls.modify(id, { $0.received.use(bodyByteCount: frame.bodyByteCount) }) == true
        else {
            throw ProtocolViolation(.limitExceeded, rule: "4.3", "an ITEM past the credit")
        }
        return .item(id)
    }

    private mutating func receiveCredit(
        _ frame: FrameHeader,
        _ body: RawSpan,
        _ now: Timestamp
    ) throws(ProtocolViolation) -> Received {
        let limit = try SequenceBody.read(body)
        let (id, _) = try runningCall(frame)
        let raise = calls.modify(id) { $0.sent.raise(to: limit) }
        if raise?.isSmall != false {
            guard controlBudget.spend(at: now) else { throw flood }
        }
        return raise?.isHigher == true ? .creditRaised(id) : .nothing
    }

    private mutating func receiveBound(
        _ frame: FrameHeader,
        _ body: RawSpan
    ) throws(ProtocolViolation) -> Received {
        let (id, call) = try runningCall(frame)
        let bound = try BoundBody(body)
        guard call.responses == .channel, call.channelID == nil,
            subscriptions[bound.channelID] == nil
        else {
            throw ProtocolViolation(
                .protocolError,
                rule: "5.1",
                "a BOUND that the call cannot have"
            )
        }
        let cursor = try ChannelCursor(bound, resume: call.resume)
        subscriptions[bound.channelID] = Subscription(call: id, cursor: cursor)
        _ = calls.modify(id) { $0.channelID = bound.channelID }
        return .bound(id, bound)
    }

    private mutating func receiveChannelFrame(
        _ frame: FrameHeader,
        _ body: RawSpan
    ) throws(ProtocolViolation) -> Received {
        guard var subscription = subscriptions[frame.id] else {
            throw ProtocolViolation(
                .protocolError,
                rule: "5.11",
                "a frame of a channel that this connection is not subscribed to"
            )
        }
        defer { subscriptions[frame.id] = subscription }
        let id = subscription.call
        if frame.type == .batch {
            let batch = try BatchBody(body)
            try subscription.cursor.events(from: batch.firstSequence, count: batch.messages.count)
            return .batch(id, batch)
        }
        let sequence = try SequenceBody.read(body)
        switch frame.type {
        case .event:
            try subscription.cursor.events(from: sequence, count: 1)
            return .event(id, sequence: sequence)
        case .mark:
            try subscription.cursor.mark(sequence)
            return .mark(id, sequence: sequence)
        default:
            let isLast = !frame.flags.contains(.more)
            try subscription.cursor.snapshot(
                sequence,
                byteCount: body.byteCount - SequenceBody.byteCount,
                isLast: isLast
            )
            return .snapshot(id, sequence: sequence, isLast: isLast)
        }
    }

    /// The server ends a call once, and sends nothing for it afterwards: unlike the client's, its
    /// frames cannot cross the end.
    private func runningCall(
        _ frame: FrameHeader
    ) throws(ProtocolViolation) -> (CallID, Call) {
        guard case .busy(let id) = calls.state(of: frame.id), let call = calls[id] else {
            throw ProtocolViolation(.protocolError, rule: "3.4", "a frame for a call that is not")
        }
        return (id, call)
    }

    private var flood: ProtocolViolation {
        ProtocolViolation(.controlFlood, rule: "9.1", "too many control frames")
    }

    // MARK: - Sending

    /// What became of something that this side wants to send.
    public enum Sending: Hashable, Sendable {
        /// Write this header and the body.
        case frame(CallID, FrameHeader)
        /// All slots are busy: wait until a call ends.
        case noFreeSlot
        /// The server is going away, or the connection is closed: call on another.
        case connectionIsClosing
        /// The body is longer than the server accepts.
        case tooLarge
        /// The call has ended, or is half-closed: drop it.
        case callHasEnded
        /// The server has given no credit for it: wait until there is more.
        case noCredit
        /// There were too many control frames of late: try again in a while.
        case later
    }

    /// Makes a call. It may be made before the server's HELLO has come (rule 1.3).
    ///
    /// - Parameters:
    ///   - messageByteCount: The bytes of the one request; `nil` where requests come as items.
    public mutating func call(
        _ header: CallHeader,
        messageByteCount: Int?,
        responses: ResponseKind
    ) -> Sending {
        guard !isGoingAway else { return .connectionIsClosing }
        if case .closed = phase { return .connectionIsClosing }
        let metadataByteCount = header.metadataByteCount ?? 0
        let byteCount = header.byteCount + metadataByteCount + (messageByteCount ?? 0)
        guard byteCount <= peerLimits.maxFrameBytes,
            metadataByteCount <= peerLimits.maxMetadataBytes
        else { return .tooLarge }
        guard let slot = freeSlots.take() else { return .noFreeSlot }
        let call = Call(
            responses: responses,
            resume: header.resume,
            sendsItems: messageByteCount == nil,
            received: CreditWindow(initialBytes: limits.initialCreditBytes),
            sent: CreditWindow(initialBytes: peerLimits.initialCreditBytes)
        )
        guard let id = calls.occupy(slot, with: call) else {
            preconditionFailure("a free slot was busy")
        }
        let flags = messageByteCount == nil ? header.flags : header.flags.union(.end)
        return .frame(
            id,
            FrameHeader(type: .call, flags: flags, id: slot, bodyByteCount: byteCount)
        )
    }

    /// Sends one message of a stream of requests.
    public mutating func item(_ id: CallID, byteCount: Int) -> Sending {
        guard byteCount <= peerLimits.maxFrameBytes else { return .tooLarge }
        let isCovered = calls.modify(id) { call -> Bool? in
            call.sendsItems ? call.sent.use(bodyByteCount: byteCount) : nil
        }
        guard let isCovered = isCovered ?? nil else { return .callHasEnded }
        guard isCovered else { return .noCredit }
        return .frame(id, FrameHeader(type: .item, id: id.slot, bodyByteCount: byteCount))
    }

    /// Says that there are no more requests.
    public mutating func endItems(_ id: CallID) -> Sending {
        let isCovered = calls.modify(id) { call -> Bool? in
            guard call.sendsItems else { return nil }
            guard call.sent.use(bodyByteCount: 0) else { return false }
            call.sendsItems = false
            return true
        }
        guard let isCovered = isCovered ?? nil else { return .callHasEnded }
        guard isCovered else { return .noCredit }
        return .frame(id, FrameHeader(type: .item, flags: .end, id: id.slot, bodyByteCount: 0))
    }

    /// Asks the server to stop working on a call, and sends no more requests of it. The call ends
    /// when the server says so.
    public mutating func cancel(_ id: CallID, at now: Timestamp) -> Sending {
        guard calls[id]?.isCancelled == false else { return .callHasEnded }
        guard ownBudget.spend(at: now) else { return .later }
        _ = calls.modify(id) { call in
            call.isCancelled = true
            call.sendsItems = false
        }
        return .frame(id, FrameHeader(type: .cancel, id: id.slot, bodyByteCount: 0))
    }

    /// Lets the server send more responses, up to `limitBytes` from the begin of the call.
    public mutating func credit(_ id: CallID, limitBytes: UInt64, at now: Timestamp) -> Sending {
        guard let call = calls[id] else { return .callHasEnded }
        var received = call.received
        let raise = received.raise(to: limitBytes)
        if raise.isSmall, !ownBudget.spend(at: now) { return .later }
        _ = calls.modify(id) { $0.received = received }
        return .frame(id, FrameHeader(type: .credit, id: id.slot, bodyByteCount: 8))
    }

    /// Forgets all calls: the connection is gone.
    ///
    /// - Returns: The calls that had not ended. Their outcome is unknown (rule 7.5).
    public mutating func close() -> [CallID] {
        phase = .closed
        liveness.stop()
        let ids = calls.busy.map(\.id)
        for id in ids { _ = calls.release(id) }
        subscriptions.removeAll()
        return ids
    }
}
