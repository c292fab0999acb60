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
    /// Where something has happened, the log is compared with what was seen of it so long after at most,
    /// also while the link stands; `nil` for never. The journal then has a checkpoint of it: what a server
    /// loses before, and grows past again before the replica returns, could not be found out.
    public var comparisonInterval: Duration?

    public init(
        backoff: Backoff = Backoff(first: .milliseconds(100), most: .seconds(15)),
        attemptTimeout: Duration = .seconds(15),
        attemptsAnew: Int = 5,
        standingTime: Duration = .seconds(30),
        comparisonInterval: Duration? = .seconds(30)
    ) {
        self.backoff = backoff
        self.attemptTimeout = attemptTimeout
        self.attemptsAnew = attemptsAnew
        self.standingTime = standingTime
        self.comparisonInterval = comparisonInterval
    }
}
