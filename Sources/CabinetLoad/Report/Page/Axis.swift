internal import Glibc

/// Where values are along one side of a chart: from 0 to 1.
struct Axis {
    struct Tick {
        let position: Double
        let label: String
    }

    private enum Scale {
        case linear
        case logarithmic
        /// 0, 90, 99, 99.9 %, …: each nine takes the same room.
        case nines
    }

    private let scale: Scale
    private let lower: Double
    private let upper: Double
    let ticks: [Tick]

    /// - Returns: Within 0 and 1, also of what is not within the axis.
    func position(_ value: Double) -> Double {
        let transformed = Self.transformed(value, scale)
        guard upper > lower, !transformed.isNaN else { return 0 }
        return min(1, max(0, (transformed - lower) / (upper - lower)))
    }

    private static func transformed(_ value: Double, _ scale: Scale) -> Double {
        switch scale {
        case .linear: value
        case .logarithmic: log10(max(value, .leastNormalMagnitude))
        case .nines: -log10(max(1 - value / 100, 1e-12))
        }
    }

    private init(_ scale: Scale, _ lower: Double, _ upper: Double, _ ticks: [(Double, String)]) {
        let (lower, upper) = (
            Self.transformed(lower, scale), Self.transformed(upper, scale)
        )
        self.scale = scale
        self.lower = lower
        self.upper = upper
        self.ticks = ticks.map { value, label in
            let position = (Self.transformed(value, scale) - lower) / (upper - lower)
            return Tick(position: position, label: label)
        }
    }

    // MARK: - The axes of the page

    /// Percentiles up to the one that a number of values can tell apart from the next.
    static func percentiles(of count: Int) -> Axis {
        let greatest = 100 * (1 - 1 / Double(max(count, 11)))
        let labels = [
            (0.0, "0"), (50, "50"), (90, "90"), (99, "99"), (99.9, "99.9"), (99.99, "99.99"),
            (99.999, "99.999"), (99.9999, "99.9999"), (99.99999, "99.99999"),
        ]
        return Axis(.nines, 0, greatest, labels.filter { $0.0 <= greatest })
    }

    /// Milliseconds from the least to the greatest of some, by powers of ten.
    static func latencies(_ values: some Sequence<Double>) -> Axis {
        var least = Double.infinity
        var greatest = 0.0
        for value in values {
            least = min(least, max(value, 0.001))
            greatest = max(greatest, value)
        }
        guard least.isFinite, greatest > 0 else { return latencies([0.1, 10]) }
        let steps = (-3...5).flatMap { power in
            [1.0, 2, 5].map { $0 * pow(10, Double(power)) }
        }
        let lower = steps.last { $0 <= least } ?? 0.001
        let upper = steps.first { $0 >= greatest && $0 > lower } ?? 600_000
        let isWide = log10(upper / lower) > 2
        let ticks = steps.filter { step in
            let power = log10(step)
            let isPower = abs(power - power.rounded()) < 1e-9
            return (lower...upper).contains(step) && (isPower || !isWide)
        }
        return Axis(.logarithmic, lower, upper, ticks.map { ($0, latencyLabel($0)) })
    }

    private static func latencyLabel(_ milliseconds: Double) -> String {
        if milliseconds >= 1_000 { return "\(plain(milliseconds / 1_000)) s" }
        if milliseconds >= 0.999 { return "\(plain(milliseconds)) ms" }
        return "\(plain(milliseconds * 1_000)) µs"
    }

    /// Seconds from the beginning of a run.
    static func time(_ seconds: Double) -> Axis {
        let seconds = max(seconds, 1)
        let steps: [Double] = [
            1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 14_400, 43_200,
        ]
        let step = steps.first { seconds / $0 <= 6 } ?? 86_400
        let ticks = stride(from: 0, through: seconds, by: step).map { ($0, timeLabel($0)) }
        return Axis(.linear, 0, seconds, ticks)
    }

    /// «1:30», or «1:02:03» from an hour on.
    static func timeLabel(_ seconds: Double) -> String {
        let whole = Int(seconds)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let minutes = whole / 60 % 60
        return whole < 3_600
            ? "\(minutes):\(two(whole % 60))"
            : "\(whole / 3_600):\(two(minutes)):\(two(whole % 60))"
    }

    /// Numbers from nothing to the greatest.
    static func amounts(_ greatest: Double) -> Axis {
        let greatest = max(greatest, 1e-3)
        let power = pow(10, floor(log10(greatest)))
        let step = [0.2, 0.5, 1, 2, 5].map { $0 * power }.first { greatest / $0 <= 5 } ?? power
        let upper = (greatest / step).rounded(.up) * step
        let ticks = stride(from: 0, through: upper + step / 2, by: step).map { ($0, plain($0)) }
        return Axis(.linear, 0, upper, ticks)
    }

    /// Without a fraction where there is none.
    private static func plain(_ value: Double) -> String {
        if value >= 10_000 { return "\(plain(value / 1_000)) k" }
        if abs(value - value.rounded()) < 1e-6 { return fixed(value, 0) }
        return abs(value * 10 - (value * 10).rounded()) < 1e-6 ? fixed(value, 1) : fixed(value, 2)
    }
}
