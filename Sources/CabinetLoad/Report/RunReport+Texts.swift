extension RunReport {
    public var text: String {
        func line(_ name: String, _ series: TimeSeries) -> String {
            let h = series.total
            return
                "\(name): \(h.count) p50 \(h.percentile(50)) p99 \(h.percentile(99)) max \(h.maximum) errors \(series.errors)"
        }
        return [
            line("ballots", record.ballots.series), line("reads", record.reads.series),
            line("commands", record.commands.series),
            line("deliveries", record.followers.deliveries),
            line("returns", record.followers.returns), "late \(record.lateness)",
            "\(record.marks)", "\(record.polls)", "\(judgement.checks)",
            "\(server)".prefix(2000).description,
            "resent \(record.ballots.resent) failures \(record.ballots.failures) \(record.commands.failures) \(record.broken ?? "")",
            "followers \(record.followers.connections) \(record.followers.losses) \(record.followers.snapshots)",
        ].joined(separator: "\n")
    }
    public var json: String { text }
    public var html: String { text }
}
