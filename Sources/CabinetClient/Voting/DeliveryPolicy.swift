public import CabinetRPC

/// How long a ballot is sent again and again before its member is told that nothing is known.
public struct DeliveryPolicy: Hashable, Sendable {
    /// For an attempt, the connection that it may need included.
    public var attemptTimeout: Duration
    /// From the first attempt on; no attempt begins after it. `nil` for as long as the task is not
    /// cancelled.
    public var patience: Duration?
    /// The pauses between attempts.
    public var backoff: Backoff

    public init(
        attemptTimeout: Duration = .seconds(10),
        patience: Duration? = .seconds(60),
        backoff: Backoff = Backoff(first: .milliseconds(100), most: .seconds(5))
    ) {
        self.attemptTimeout = attemptTimeout
        self.patience = patience
        self.backoff = backoff
    }
}
