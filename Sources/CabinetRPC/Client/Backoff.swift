/// Pauses that grow, each drawn at random between nothing and its bound, so that many clients that
/// failed together do not come back together.
public struct Backoff: Sendable, Hashable {
    /// The bound of the first pause.
    public var first: Duration
    /// The bound of all that follow.
    public var most: Duration

    /// - Parameters:
    ///   - first: The bound of the first pause; it doubles with each one.
    ///   - most: What it does not pass.
    public init(first: Duration = .milliseconds(100), most: Duration = .seconds(15)) {
        self.first = first
        self.most = most
    }

    /// The pause after that many failures in a row.
    ///
    /// - Parameter failures: 1 or more.
    package func pause(
        afterFailures failures: Int,
        using generator: inout some RandomNumberGenerator
    ) -> Duration {
        let doublings = min(max(failures - 1, 0), 30)
        let bound = min(most, first * (1 << doublings))
        return bound * Double.random(in: 0...1, using: &generator)
    }
}
