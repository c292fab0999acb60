/// How long a ballot is sent again and again before its member is told that nothing is known.
public struct DeliveryPolicy: Hashable, Sendable {
    /// For an attempt, the connection that it may need included.
    public var attemptTimeout: Duration
    /// From the first attempt on; no attempt begins after it. `nil` for as long as the task is not
    /// cancelled.
    public var patience: Duration?
    /// The pause after the first failure; it doubles with each one.
    public var firstPause: Duration
    /// What no pause passes.
    public var longestPause: Duration

    public init(
        attemptTimeout: Duration = .seconds(10),
        patience: Duration? = .seconds(60),
        firstPause: Duration = .milliseconds(100),
        longestPause: Duration = .seconds(5)
    ) {
        self.attemptTimeout = attemptTimeout
        self.patience = patience
        self.firstPause = firstPause
        self.longestPause = longestPause
    }

    /// The pause after that many failures in a row, drawn between its half and its whole, so that many
    /// clients that failed together do not come back together.
    func pause(
        afterFailures failures: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        let bound = min(longestPause, firstPause * (1 << doublings))
        return bound * Double.random(in: 0.5...1, using: &generator)
    }
}
