/// What a client keeps of its subscriptions.
public struct SubscriptionLimits: Sendable, Hashable {
    /// Bytes of events, as on the wire, that are kept of a channel for readers who are behind and for
    /// those who join later. A reader who needs more than is kept goes on from a new snapshot. There is
    /// room for as many as the snapshot has that comes before them, in any case.
    public var maxBytes = 1 << 20
    /// Events that are kept of a channel, or one for each 8 bytes of the snapshot before them.
    public var maxEvents = 16_384

    public init() {}
}
