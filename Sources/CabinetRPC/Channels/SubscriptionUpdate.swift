public import CabinetCodec

/// What a reader of a subscription is told: an event, or how the link stands by now.
public enum SubscriptionUpdate<Event: Message>: Sendable, Hashable {
    case event(Subscription<Event>.Element)
    /// Holds for what follows, until the next one.
    case condition(SubscriptionCondition)
}

/// How the link stands that brings a reader the events of a channel.
///
/// A reader is told the condition where it has changed, in its place between the events: what came over
/// another connection than the events before comes after the condition with its ``SubscriptionBinding``.
/// Conditions are not queued. A reader who was slow is told the latest, and of a connection that has
/// come and gone only where there are events of it to be read.
public enum SubscriptionCondition: Sendable, Hashable {
    /// The subscription is on its way to the server, and nothing has failed.
    case connecting
    /// No connection carries the subscription: the last attempt has failed for this reason, or the last
    /// connection was lost. Another attempt is made.
    ///
    /// - Parameter failures: Attempts, and connections that ended soon, in a row. At least 1.
    case offline(RPCError, failures: Int)
    /// A connection carries it, and brings what the reader does not have yet.
    case catchingUp(SubscriptionBinding)
    /// The reader has read everything that there was when the connection began to carry it, and gets what
    /// is new as it comes.
    case live(SubscriptionBinding)

    /// What carries the subscription; `nil` where nothing does.
    public var binding: SubscriptionBinding? {
        switch self {
        case .connecting, .offline: nil
        case .catchingUp(let binding), .live(let binding): binding
        }
    }
}

/// What the server said when it began to serve a subscription on a connection.
public struct SubscriptionBinding: Sendable, Hashable {
    /// The number of the client's connection. Each has another, and later ones have higher numbers.
    public var connection: UInt64
    /// The epoch of the channel.
    public var epoch: UInt64
    /// The sequence number of the newest event that there was; 0 for none.
    public var lastSequence: UInt64

    public init(connection: UInt64, epoch: UInt64, lastSequence: UInt64) {
        self.connection = connection
        self.epoch = epoch
        self.lastSequence = lastSequence
    }
}
