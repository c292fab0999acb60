public import CabinetCodec

/// The place in a channel from which a subscription goes on without a gap.
public struct ResumeToken: Sendable, Hashable {
    /// Changes when the server's history was restored, so that two histories are never spliced.
    public var epoch: UInt64
    /// The sequence number of the last event that was received.
    public var sequence: UInt64

    public init(epoch: UInt64, sequence: UInt64) {
        self.epoch = epoch
        self.sequence = sequence
    }
}

/// The events of a channel, as a client receives them, with their sequence numbers.
///
/// A client's runtime keeps it going when a connection is lost. Each element follows the one before
/// without a gap, unless it is a snapshot, which stands for all events up to its number: a reader
/// begins with one, and gets another where what it missed cannot be had any more. A change of the
/// token's epoch says that the server's history was restored from an older state.
///
/// ``updates`` has the same events, and says between them how the link stands.
///
/// One task reads it at a time. The subscription ends when the sequence and its iterators are let go of.
public struct Subscription<Event: Message>: AsyncSequence, Sendable {
    public struct Element: Sendable, Hashable {
        /// Where to resume after this event.
        public var token: ResumeToken
        /// Whether it replaces everything before.
        public var isSnapshot: Bool
        public var event: Event

        public init(token: ResumeToken, isSnapshot: Bool = false, event: Event) {
            self.token = token
            self.isSnapshot = isSnapshot
            self.event = event
        }
    }

    private let nextUpdate: @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?

    /// A subscription that says nothing of its link.
    ///
    /// - Parameter next: Waits for the next event; `nil` where the channel has ended.
    public init(next: @escaping @Sendable () async throws(RPCError) -> Element?) {
        nextUpdate = { () async throws(RPCError) in
            guard let element = try await next() else { return nil }
            return .event(element)
        }
    }

    /// - Parameter nextUpdate: Waits for the next event, or for the next condition of the link; `nil`
    ///   where the channel has ended.
    public init(
        nextUpdate: @escaping @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?
    ) {
        self.nextUpdate = nextUpdate
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(nextUpdate: nextUpdate)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let nextUpdate:
            @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?

        public mutating func next() async throws(RPCError) -> Element? {
            try await Subscription.nextEvent(nextUpdate)
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? {
            try await Subscription.nextEvent(nextUpdate)
        }
    }

    /// Waits for the next update that is an event.
    private static func nextEvent(
        _ nextUpdate: @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?
    ) async throws(RPCError) -> Element? {
        while let update = try await nextUpdate() {
            if case .event(let element) = update { return element }
        }
        return nil
    }

    /// The same events, and between them how the link stands: in place of the sequence itself, and like
    /// it for one task at a time.
    public var updates: Updates { Updates(nextUpdate: nextUpdate) }

    /// The events of a subscription, and the conditions of its link.
    public struct Updates: AsyncSequence, Sendable {
        fileprivate let nextUpdate:
            @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?

        public func makeAsyncIterator() -> Iterator {
            Iterator(nextUpdate: nextUpdate)
        }

        public struct Iterator: AsyncIteratorProtocol {
            fileprivate let nextUpdate:
                @Sendable () async throws(RPCError) -> SubscriptionUpdate<Event>?

            public mutating func next() async throws(RPCError) -> SubscriptionUpdate<Event>? {
                try await nextUpdate()
            }

            public mutating func next(
                isolation actor: isolated (any Actor)?
            ) async throws(RPCError) -> SubscriptionUpdate<Event>? {
                try await nextUpdate()
            }
        }
    }
}
