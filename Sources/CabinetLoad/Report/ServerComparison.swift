/// What a server's own metrics and its process say of a run.
///
/// The names of the metrics are in this file and nowhere else; what the server does not have is left out.
struct ServerComparison {
    struct Row {
        let what: String
        let value: String
    }

    /// A kind of call and its outcome.
    struct Calls {
        let method: String
        let code: String
        let count: Int
        /// In the mean, of all calls of the method.
        let meanMs: Double?
    }

    private enum Name {
        static let calls = "cabinet_rpc_server_calls_total"
        static let callDuration = "cabinet_rpc_server_call_duration_seconds"
        static let connections = "cabinet_rpc_server_connections_total"
        static let handshakes = "cabinet_rpc_server_handshake_duration_seconds"
        static let delivered = "cabinet_rpc_server_events_delivered_total"
        static let fellBehind = "cabinet_rpc_server_subscriptions_fell_behind_total"
        static let stalled = "cabinet_rpc_server_subscriptions_stalled_total"
        static let snapshots = "cabinet_rpc_server_snapshots_total"
        static let commits = "ecabinet_commit_duration_seconds"
        static let batches = "ecabinet_batch_orders"
        static let entries = "ecabinet_ledger_entries"
        static let bytes = "ecabinet_ledger_bytes"
        static let processStart = "process_start_time_seconds"
    }

    /// Kinds of calls that are shown; the rest are those that were called least.
    static let maximumCalls = 100

    private let figures: ServerFigures
    private let duration: Duration

    init(_ figures: ServerFigures, duration: Duration) {
        self.figures = figures
        self.duration = duration
    }

    /// Whether counters have begun anew during the run.
    var hasStartedAnew: Bool {
        guard let before = figures.before?.sum(Name.processStart),
            let after = figures.after?.sum(Name.processStart)
        else { return false }
        return after != before
    }

    /// What was added to a counter in the run; since its start, where the server has started anew.
    private func added(_ name: String, where labels: [String: String] = [:]) -> Double? {
        guard let after = figures.after?.sum(name, where: labels), after.isFinite else {
            return nil
        }
        guard !hasStartedAnew, let before = figures.before?.sum(name, where: labels),
            before.isFinite, before <= after
        else { return after }
        return after - before
    }

    /// Of a histogram or a summary.
    private func mean(_ name: String, where labels: [String: String] = [:]) -> Double? {
        guard let sum = added("\(name)_sum", where: labels),
            let count = added("\(name)_count", where: labels), count > 0
        else { return nil }
        return sum / count
    }

    var rows: [Row] { processRows + metricRows }

    private var processRows: [Row] {
        var rows: [Row] = []
        if let used = figures.processorTime {
            let seconds = duration.inSeconds
            let share = seconds > 0 ? 100 * used.inSeconds / seconds : 0
            rows.append(
                Row(
                    what: "processor time",
                    value: "\(fixed(used.inSeconds, 2)) s (\(fixed(share, 0)) % of one processor)"
                )
            )
        }
        if let first = figures.residentKiB.first, let most = figures.residentKiB.map(\.kib).max(),
            let last = figures.residentKiB.last
        {
            let values = [first.kib, most, last.kib].map { fixed(Double($0) / 1_024, 1) }
            rows.append(
                Row(
                    what: "resident memory",
                    value:
                        "\(values[0]) MiB at first, \(values[1]) at most, \(values[2]) at the end"
                )
            )
        }
        if let first = figures.descriptors.first, let most = figures.descriptors.map(\.count).max(),
            let last = figures.descriptors.last
        {
            rows.append(
                Row(
                    what: "file descriptors",
                    value: "\(first.count) at first, \(most) at most, \(last.count) at the end"
                )
            )
        }
        return rows
    }

    private var metricRows: [Row] {
        var rows: [Row] = []
        func row(_ what: String, _ value: Double?, _ text: (Double) -> String) {
            if let value { rows.append(Row(what: what, value: text(value))) }
        }
        func number(_ value: Double) -> String { grouped(Int(exactly: value.rounded()) ?? .max) }
        func inMs(_ seconds: Double) -> String { "\(fixed(seconds * 1_000, 2)) ms" }
        row("calls", added(Name.calls), number)
        row("connections accepted", added(Name.connections), number)
        row("handshakes", added("\(Name.handshakes)_count"), number)
        row(
            "handshakes that resumed a session",
            added("\(Name.handshakes)_count", where: ["outcome": "RESUMED"]),
            number
        )
        row("a handshake takes in the mean", mean(Name.handshakes), inMs)
        row("commits", added("\(Name.commits)_count"), number)
        row("a commit takes in the mean", mean(Name.commits), inMs)
        row("orders in a batch, in the mean", mean(Name.batches)) { fixed($0, 1) }
        row("events delivered", added(Name.delivered), number)
        row("snapshots made", added(Name.snapshots), number)
        row("followers that fell behind", added(Name.fellBehind), number)
        row("followers that stopped reading", added(Name.stalled), number)
        row("entries of the ledger at the end", figures.after?.sum(Name.entries), number)
        row("bytes of the ledger at the end", figures.after?.sum(Name.bytes), number)
        return rows
    }

    /// The most frequent first.
    var calls: [Calls] {
        let samples = (figures.after?.samples ?? []).filter { $0.name == Name.calls }
        let calls = samples.compactMap { sample -> Calls? in
            guard let method = sample.labels["method"], let code = sample.labels["code"],
                let count = added(sample.name, where: sample.labels),
                let whole = Int(exactly: count.rounded()), whole > 0
            else { return nil }
            let mean = mean(Name.callDuration, where: ["method": method])
            return Calls(method: method, code: code, count: whole, meanMs: mean.map { $0 * 1_000 })
        }
        let sorted = calls.sorted {
            ($1.count, $0.method, $0.code) < ($0.count, $1.method, $1.code)
        }
        return Array(sorted.prefix(Self.maximumCalls))
    }
}
