/// What a handler knows of a call beside its messages.
public struct CallContext: Sendable {
    /// The method that was called.
    public var method: MethodDescription
    /// Who calls. It is known of every call, so that a handler cannot forget to ask.
    public var peer: PeerIdentity
    /// Names and values that the caller sent along. They prove nothing about the caller.
    public var metadata: Metadata
    /// The key of a keyed call.
    public var idempotencyKey: IdempotencyKey?
    /// When the caller stops waiting; `nil` for never.
    public var deadline: ContinuousClock.Instant?

    public init(
        method: MethodDescription,
        peer: PeerIdentity,
        metadata: Metadata = Metadata(),
        idempotencyKey: IdempotencyKey? = nil,
        deadline: ContinuousClock.Instant? = nil
    ) {
        self.method = method
        self.peer = peer
        self.metadata = metadata
        self.idempotencyKey = idempotencyKey
        self.deadline = deadline
    }
}
