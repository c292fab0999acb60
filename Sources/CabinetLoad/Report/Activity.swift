/// Something that was done many times, as every form of the report shows it.
struct Activity {
    /// As the fields of the report in JSON are named.
    let key: String
    /// For people.
    let name: String
    /// `nil` where the plan says nothing of it.
    var planned: Int?
    let succeeded: Int
    let failed: Int
    /// `nil` where nothing is ever sent again.
    var resent: Int?
    var errors: Tally?
    let series: TimeSeries
    /// Succeeded, in a second of the whole run in the mean.
    let perSecond: Double
    /// The same of the interval with most of it.
    let peakPerSecond: Double

    var latencies: LatencyHistogram { series.total }

    /// Whether there is anything to show.
    var hasHappened: Bool { succeeded > 0 || failed > 0 || (planned ?? 0) > 0 }

    init(_ key: String, _ name: String, _ calls: RunRecord.Calls, in duration: Duration) {
        self.init(key, name, calls.series, failed: calls.failures.total, in: duration)
        planned = calls.planned
        resent = calls.resent
        errors = calls.failures
    }

    init(
        _ key: String,
        _ name: String,
        _ series: TimeSeries,
        failed: Int? = nil,
        in duration: Duration
    ) {
        self.key = key
        self.name = name
        self.series = series
        succeeded = series.total.count
        self.failed = failed ?? series.errors
        let seconds = duration / .seconds(1)
        perSecond = seconds > 0 ? Double(succeeded) / seconds : 0
        let most = series.points.map(\.latencies.count).max() ?? 0
        peakPerSecond = Double(most) / (series.interval / .seconds(1))
    }
}

extension RunReport {
    /// What was done, in the order of every form of the report.
    var activities: [Activity] {
        let duration = record.duration
        return [
            Activity("votes", "votes", record.ballots, in: duration),
            Activity("reads", "reads", record.reads, in: duration),
            Activity("secretary", "secretary's calls", record.commands, in: duration),
            Activity("deliveries", "deliveries", record.followers.deliveries, in: duration),
            Activity("returns", "returns", record.followers.returns, in: duration),
        ]
    }
}
