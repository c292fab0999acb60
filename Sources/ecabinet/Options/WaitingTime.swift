import ArgumentParser

/// A time to wait on the command line: `10s`, `500ms`, `2m`, or `10`, which is seconds.
struct WaitingTime: ExpressibleByArgument, CustomStringConvertible, Hashable, Sendable {
    /// From a millisecond to a day.
    let duration: Duration

    private static let mostMilliseconds: Double = 86_400_000

    init(_ duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        let units: [(suffix: String, milliseconds: Double)] = [
            ("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000), ("", 1_000),
        ]
        guard let unit = units.first(where: { argument.hasSuffix($0.suffix) }),
            let number = Double(argument.dropLast(unit.suffix.count)), number.isFinite
        else { return nil }
        let milliseconds = number * unit.milliseconds
        guard (1...Self.mostMilliseconds).contains(milliseconds) else { return nil }
        duration = .milliseconds(Int64(milliseconds))
    }

    var description: String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds * 1_000 + attoseconds / 1_000_000_000_000_000
        return milliseconds % 1_000 == 0 ? "\(milliseconds / 1_000)s" : "\(milliseconds)ms"
    }
}
