/// Latencies over time: those of each interval of a run apart, and of all together.
public struct TimeSeries: Sendable {
    /// Intervals that are kept; a longer run has longer ones.
    public static let maximumPoints = 240

    /// What happened in an interval.
    public struct Point: Sendable {
        public internal(set) var latencies = LatencyHistogram(.coarse)
        public internal(set) var errors = 0

        init() {}
    }

    /// From the beginning of the run, one after the other. Some may be empty.
    public private(set) var points: [Point] = []
    public private(set) var total = LatencyHistogram()
    public private(set) var errors = 0
    /// How much time a point covers.
    public let interval: Duration

    /// - Parameter duration: That of the run; what comes later counts for the last point.
    public init(for duration: Duration) {
        let seconds = duration / .seconds(1) / Double(Self.maximumPoints)
        interval = .seconds(max(1, seconds.rounded(.up)))
    }

    /// What was measured elsewhere.
    ///
    /// - Returns: `nil` where there are too many points, or together they are something else than the
    ///   total.
    init?(interval: Duration, points: [Point], total: LatencyHistogram, errors: Int) {
        let latencies = points.reduce(0) { $0 + $1.latencies.count }
        guard points.count <= Self.maximumPoints, latencies == total.count,
            points.reduce(0, { $0 + $1.errors }) == errors
        else { return nil }
        self.interval = interval
        self.points = points
        self.total = total
        self.errors = errors
    }

    /// - Parameter time: When it should have begun, since the beginning of the run.
    public mutating func record(_ latency: Duration, at time: Duration) {
        total.record(latency)
        points[index(of: time)].latencies.record(latency)
    }

    public mutating func recordError(at time: Duration) {
        errors += 1
        points[index(of: time)].errors += 1
    }

    private mutating func index(of time: Duration) -> Int {
        let index = Int(max(0, min(time / interval, Double(Self.maximumPoints - 1))))
        while points.count <= index { points.append(Point()) }
        return index
    }

    /// Adds what another process measured in the same run.
    ///
    /// - Precondition: The intervals are the same.
    public mutating func add(_ other: TimeSeries) {
        precondition(interval == other.interval, "series of different runs")
        total.add(other.total)
        errors += other.errors
        for (index, point) in other.points.enumerated() {
            if points.count <= index { points.append(Point()) }
            points[index].latencies.add(point.latencies)
            points[index].errors += point.errors
        }
    }
}
