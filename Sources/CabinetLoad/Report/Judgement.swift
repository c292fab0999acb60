/// Whether a run was good enough: «go» or «no go», and each thing that was looked at.
public struct Judgement: Sendable, Hashable {
    public struct Check: Sendable, Hashable {
        /// What was looked at, for people.
        public var what: String
        public var measured: String
        public var allowed: String
        public var isMet: Bool

        init(_ what: String, _ measured: String, _ allowed: String, _ isMet: Bool) {
            self.what = what
            self.measured = measured
            self.allowed = allowed
            self.isMet = isMet
        }
    }

    public private(set) var checks: [Check] = []
    /// Whether this side kept to the plan: otherwise the figures say nothing about the server.
    public private(set) var isMeasurementSound = true

    public var isGo: Bool { checks.allSatisfy(\.isMet) }

    public init(of record: RunRecord, by thresholds: Thresholds) {
        let isSentInTime = record.lateness.share <= thresholds.lateSendsPercent
        checks.append(
            Check(
                "sent late by this machine",
                "\(oneDecimal(record.lateness.share)) %",
                "\(oneDecimal(thresholds.lateSendsPercent)) %",
                isSentInTime
            )
        )
        let errors =
            record.ballots.failures.total + record.reads.failures.total
            + record.commands.failures.total
        checks.append(
            Check("errors", "\(errors)", "\(thresholds.errors)", errors <= thresholds.errors)
        )
        checkBallots(record)
        if let broken = record.broken {
            checks.append(Check("the server kept its word", broken, "nothing", false))
        }
        check("vote p50", record.ballots.series.total, 50, thresholds.voteP50Ms)
        check("vote p99", record.ballots.series.total, 99, thresholds.voteP99Ms)
        let isDeliveredInTime = check(
            "delivery p99",
            record.followers.deliveries.total,
            99,
            thresholds.deliveryP99Ms
        )
        check("read p99", record.reads.series.total, 99, thresholds.readP99Ms)
        check("all are back", record.followers.returns.total, 100, thresholds.returnMs)
        if record.hasFollowers {
            let losses = record.followers.unwantedLosses
            checks.append(
                Check(
                    "connections of followers that the server ended",
                    "\(losses)",
                    "0",
                    losses == 0
                )
            )
        }
        // Deliveries may have waited on this side. That makes them look worse, and never better.
        isMeasurementSound =
            isSentInTime
            && (isDeliveredInTime || record.readLateness.share <= thresholds.lateSendsPercent)
    }

    /// Also looks whether all took place that the scenario has: what did not happen has no latencies.
    public init(of record: RunRecord, in scenario: Scenario) {
        self.init(of: record, by: scenario.thresholds)
        let polls = scenario.plannedPolls
        checks.append(
            Check(
                "polls that took place, and in time",
                "\(record.polls.count) of \(polls), \(record.latePolls) opened late",
                "\(polls), 0 late",
                record.polls.count == polls && record.latePolls == 0
            )
        )
        let settled = record.ballots.succeeded + record.ballots.failures.total
        checks.append(
            Check(
                "ballots that were settled",
                "\(settled)",
                "\(scenario.plannedBallots)",
                settled == scenario.plannedBallots
            )
        )
        let reads = record.reads.succeeded + record.reads.failures.total
        if reads != record.reads.planned {
            checks.append(
                Check("reads that were settled", "\(reads)", "\(record.reads.planned)", false)
            )
        }
        if record.lateness.count == 0, record.followers.returns.total.count == 0 {
            checks.append(Check("anything was measured", "no", "yes", false))
        }
    }

    /// What the server counted has to be what the receipts say.
    private mutating func checkBallots(_ record: RunRecord) {
        guard !record.polls.isEmpty else { return }
        let wrong = record.polls.filter { !$0.agrees }
        let first = wrong.first.map { "\($0.poll): \($0.text)" }
        let unsettled = record.polls.reduce(0) { $0 + $1.acknowledged.unsettled }
        let all =
            "all \(record.polls.count) polls agree"
            + (unsettled > 0 ? ", but for \(unsettled) who have had no answer" : "")
        checks.append(
            Check(
                "every receipt is counted, and nothing else",
                first ?? all,
                "all",
                wrong.isEmpty
            )
        )
    }

    /// - Returns: Whether it was met, or nobody asks.
    @discardableResult
    private mutating func check(
        _ what: String,
        _ latencies: LatencyHistogram,
        _ percent: Double,
        _ milliseconds: Double?
    ) -> Bool {
        guard let milliseconds else { return true }
        let measured = latencies.percentile(percent).inMilliseconds
        let isMet = latencies.count > 0 && measured <= milliseconds
        var text = "\(CabinetLoad.milliseconds(measured)) ms"
        let allowed = "\(CabinetLoad.milliseconds(milliseconds)) ms"
        // What is missed by little is not to look as if it had been met.
        if text == allowed, !isMet { text = "\(fixed(measured, 3)) ms" }
        // A threshold for something that never happened is a mistake in the scenario.
        if latencies.count == 0 { text = "never happened" }
        checks.append(Check(what, text, allowed, isMet))
        return isMet
    }
}

/// To a tenth.
func oneDecimal(_ value: Double) -> Double { (value * 10).rounded() / 10 }
