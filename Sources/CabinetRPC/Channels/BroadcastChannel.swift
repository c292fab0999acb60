public import CabinetCodec

/// A channel of a server: what is published on it reaches all its subscribers, in order, with sequence
/// numbers that have no gap (CWP/1, section 5).
///
/// Each event is encoded once, and the same bytes go to all subscribers on all event loops. A
/// subscriber who cannot take more costs a number: it goes on from the history when it can, or from a
/// snapshot where the history does not reach back. Nobody waits for anybody.
///
/// The channel ends when it is closed, or nobody holds it any more.
public final class BroadcastChannel<Event: Message>: Sendable {
    /// What stands for all events up to a sequence number.
    public struct Snapshot: Sendable {
        public var sequence: UInt64
        public var event: Event

        public init(sequence: UInt64, event: Event) {
            self.sequence = sequence
            self.event = event
        }
    }

    let core: ChannelCore

    /// - Parameters:
    ///   - name: For logs.
    ///   - epoch: Changes where the history was restored from an older state, so that no subscriber
    ///     splices two histories.
    ///   - history: The newest events before those that will be published, for subscribers who come
    ///     back after the server was started anew.
    ///   - lastSequence: The sequence number of the last event that there was; 0 for none.
    ///   - snapshot: Makes a snapshot that has at least all events that were published when it is
    ///     called. It is called once for all who want one at the same time.
    /// - Throws: ``BroadcastError/moreEventsThanNumbers``.
    public init(
        name: String,
        epoch: UInt64,
        history: [EncodedEvent<Event>] = [],
        lastSequence: UInt64 = 0,
        limits: ChannelLimits = ChannelLimits(),
        snapshot: @escaping @Sendable () async throws -> Snapshot
    ) throws(BroadcastError) {
        guard UInt64(history.count) <= lastSequence, lastSequence < .max else {
            throw BroadcastError.moreEventsThanNumbers
        }
        var past = ChannelHistory(
            nextSequence: lastSequence - UInt64(history.count) + 1,
            limits
        )
        for event in history { past.append(event.message) }
        core = ChannelCore(name: name, epoch: epoch, past, limits) {
            let snapshot = try await snapshot()
            return (snapshot.sequence, snapshot.event.serialized())
        }
    }

    deinit { core.close(nil) }

    public var name: String { core.name }
    public var epoch: UInt64 { core.epoch }

    /// The sequence number of the newest event; 0 for none.
    public var lastSequence: UInt64 { core.lastSequence }

    /// Publishes events. They reach each subscriber in as few frames as possible. Callable from any
    /// thread; events of concurrent calls are not mixed.
    ///
    /// - Returns: The sequence number of the last event.
    /// - Throws: ``BroadcastError`` where an event is too long, or the channel was closed. Nothing is
    ///   published then.
    @discardableResult
    public func publish(_ events: [Event]) throws(BroadcastError) -> UInt64 {
        var encoded: [EncodedEvent<Event>] = []
        encoded.reserveCapacity(events.count)
        for event in events { encoded.append(try EncodedEvent(event)) }
        return try publish(encoded)
    }

    /// Publishes events that are encoded already.
    ///
    /// - Returns: The sequence number of the last event.
    /// - Throws: ``BroadcastError/closed``. Nothing is published then.
    @discardableResult
    public func publish(_ events: [EncodedEvent<Event>]) throws(BroadcastError) -> UInt64 {
        try core.publish(events.map(\.message))
    }

    /// Ends all subscriptions: well where there is no error. Later subscriptions are refused.
    public func close(_ error: RPCError? = nil) {
        core.close(error)
    }
}

/// Why something cannot be published on a channel.
public enum BroadcastError: Error, Hashable, Sendable, CustomStringConvertible {
    /// An event does not fit a frame (CWP/1, rule 5.9).
    case eventTooLong(byteCount: Int, limit: Int)
    /// The channel was closed.
    case closed
    /// The events that are given do not fit below the sequence number.
    case moreEventsThanNumbers

    public var description: String {
        switch self {
        case .eventTooLong(let byteCount, let limit):
            "an event has \(byteCount) bytes, and a frame holds \(limit)"
        case .closed: "the channel was closed"
        case .moreEventsThanNumbers: "there are more events than sequence numbers for them"
        }
    }
}
