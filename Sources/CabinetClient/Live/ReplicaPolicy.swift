public import CabinetRPC

/// How long a replica waits, and how often it tries.
public struct ReplicaPolicy: Hashable, Sendable {
    /// The pauses between attempts to follow, where the last one failed.
    public var backoff: Backoff
    /// For an attempt, the connection that it may need included.
    public var attemptTimeout: Duration
    /// How often in a row it begins anew where it cannot go on with what it is sent.
    public var attemptsAnew: Int
    /// Following for so long was a success: what fails after it is counted anew.
    public var standingTime: Duration
    /// While it is live and something happens, the log is compared with what was seen of it at least so
    /// often; `nil` for never. What a server loses between two of these comparisons and one that it grows
    /// past again, nobody could prove.
    public var comparisonInterval: Duration?

    public init(
        backoff: Backoff = Backoff(first: .milliseconds(100), most: .seconds(15)),
        attemptTimeout: Duration = .seconds(15),
        attemptsAnew: Int = 5,
        standingTime: Duration = .seconds(30),
        comparisonInterval: Duration? = .seconds(120)
    ) {
        self.backoff = backoff
        self.attemptTimeout = attemptTimeout
        self.attemptsAnew = attemptsAnew
        self.standingTime = standingTime
        self.comparisonInterval = comparisonInterval
    }
}
