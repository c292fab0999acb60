internal import Glibc

/// When the ballots of a poll are sent: decided beforehand, and kept to whatever the server does.
///
/// A load that waits for answers before it sends more asks a server that stalls less, and so hides the
/// stall («coordinated omission», Gil Tene). Here what is late counts from the time at which it should
/// have been sent.
public enum Arrival: Sendable, Hashable {
    /// All in the same moment, when the chair says «please vote».
    case allAtOnce
    /// At even distances over a time.
    case spread(Duration)
    /// At random, independently of each other: a Poisson process whose rate has all of them arrive within
    /// this time in the mean.
    case poisson(Duration)

    /// Until the last has been sent, in the mean.
    public var duration: Duration {
        switch self {
        case .allAtOnce: .zero
        case .spread(let duration), .poisson(let duration): duration
        }
    }

    /// The times of a number of arrivals, in their order.
    public func times(
        _ count: Int,
        using generator: inout some RandomNumberGenerator
    ) -> [Duration] {
        guard count > 0 else { return [] }
        switch self {
        case .allAtOnce:
            return Array(repeating: .zero, count: count)
        case .spread(let duration):
            return (0..<count).map { duration * (Double($0) / Double(count)) }
        case .poisson(let duration):
            let mean = duration / Double(count)
            var time = Duration.zero
            return (0..<count).map { _ in
                // The distance between two events of a Poisson process is exponential. 1 - x, since the
                // logarithm of 0 is none.
                time += mean * -log(1 - Double.random(in: 0..<1, using: &generator))
                return time
            }
        }
    }
}
