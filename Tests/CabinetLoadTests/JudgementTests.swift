import CabinetLoad
import Testing

@Suite struct JudgementTests {
    private func record(
        ballots: [Int] = [10],
        failures: Int = 0,
        deliveries: [Int] = [],
        late: Int = 0
    ) -> RunRecord {
        var record = RunRecord(for: .seconds(10))
        for latency in ballots {
            record.ballots.series.record(.milliseconds(latency), at: .seconds(1))
        }
        if failures > 0 { record.ballots.failures.record("DEADLINE_EXCEEDED", failures) }
        for latency in deliveries {
            record.followers.deliveries.record(.milliseconds(latency), at: .seconds(1))
        }
        for index in 0..<100 {
            record.lateness.record(index < late ? .milliseconds(20) : .zero)
        }
        return record
    }

    private func found(_ judgement: Judgement, _ what: String) -> Judgement.Check? {
        judgement.checks.first { $0.what == what }
    }

    @Test("A run without thresholds is judged by errors and by what was sent late")
    func usual() {
        let judgement = Judgement(of: record(), by: Thresholds())
        #expect(judgement.isGo)
        #expect(judgement.isMeasurementSound)
        #expect(judgement.checks.map(\.what) == ["sent late by this machine", "errors"])
    }

    @Test("One error is too much, unless it is allowed", arguments: [(0, false), (1, true)])
    func errors(_ allowed: Int, _ isGo: Bool) {
        var thresholds = Thresholds()
        thresholds.errors = allowed
        #expect(Judgement(of: record(failures: 1), by: thresholds).isGo == isGo)
    }

    @Test(
        "With more than a percent sent late the measurement says nothing",
        arguments: [(1, true), (2, false)]
    )
    func late(_ late: Int, _ isSound: Bool) {
        let judgement = Judgement(of: record(late: late), by: Thresholds())
        #expect(judgement.isMeasurementSound == isSound)
        #expect(judgement.isGo == isSound)
    }

    @Test(
        "A latency is met up to its threshold",
        arguments: [(99.0, false), (101.0, true)]
    )
    func latency(_ threshold: Double, _ isMet: Bool) throws {
        var thresholds = Thresholds()
        thresholds.voteP99Ms = threshold
        let judgement = Judgement(of: record(ballots: [5, 100]), by: thresholds)
        let check = try #require(found(judgement, "vote p99"))
        #expect(check.isMet == isMet)
        #expect(check.measured == "100 ms")
    }

    @Test("What is missed by little does not look as if it had been met")
    func nearly() throws {
        var thresholds = Thresholds()
        thresholds.voteP99Ms = 100
        let judgement = Judgement(of: record(ballots: [100]), by: thresholds)
        let check = try #require(found(judgement, "vote p99"))
        #expect(!check.isMet)
        #expect(check.allowed == "100 ms")
        #expect(check.measured == "100.008 ms")
    }

    @Test("Of two ballots the median is the first, whatever the second took")
    func median() {
        var thresholds = Thresholds()
        thresholds.voteP50Ms = 6
        let judgement = Judgement(of: record(ballots: [5, 100]), by: thresholds)
        #expect(found(judgement, "vote p50")?.isMet == true)
    }

    @Test("What is to be fast and never happens is not good enough")
    func neverHappened() {
        var thresholds = Thresholds()
        thresholds.deliveryP99Ms = 100
        thresholds.readP99Ms = 100
        thresholds.returnMs = 100
        let judgement = Judgement(of: record(), by: thresholds)
        #expect(!judgement.isGo)
        for what in ["delivery p99", "read p99", "all are back"] {
            #expect(found(judgement, what)?.measured == "never happened")
        }
    }

    @Test("A poll that counts anything but its receipts is not good enough")
    func polls() {
        var record = record()
        record.polls = [
            RunRecord.PollOutcome(
                poll: "a",
                counted: .init(yes: 3),
                acknowledged: .init(.init(yes: 3))
            ),
            RunRecord.PollOutcome(
                poll: "b",
                counted: .init(yes: 2, no: 2),
                acknowledged: .init(.init(yes: 2, no: 1))
            ),
        ]
        let judgement = Judgement(of: record, by: Thresholds())
        #expect(!judgement.isGo)
        #expect(
            judgement.checks.last?.measured
                == "b: 2 yes, 2 no, 0 abstain counted; 2 yes, 1 no, 0 abstain acknowledged"
        )
        record.polls.removeLast()
        #expect(Judgement(of: record, by: Thresholds()).isGo)
    }

    @Test(
        "What the server counts has to be what the receipts say, but for those who have no answer",
        arguments: [
            ([3, 2, 1], [3, 2, 1], 0, 0, true),
            // As many, and others.
            ([2, 3, 1], [3, 2, 1], 0, 0, false),
            ([2, 2, 1], [3, 2, 1], 0, 0, false),
            ([4, 2, 1], [3, 2, 1], 0, 0, false),
            // Whoever has no answer counts, or does not.
            ([3, 2, 1], [3, 2, 1], 1, 0, true),
            ([4, 2, 1], [3, 2, 1], 1, 0, true),
            ([3, 2, 2], [3, 2, 1], 1, 0, true),
            ([4, 2, 2], [3, 2, 1], 1, 0, false),
            ([4, 1, 1], [3, 2, 1], 1, 0, false),
            // One of the ballots of somebody with a receipt counts, whichever it is.
            ([3, 2, 1], [3, 2, 1], 1, 1, false),
            ([3, 3, 1], [3, 2, 1], 1, 1, true),
            ([3, 2, 1], [3, 2, 1], 2, 1, false),
        ]
    )
    func choices(
        _ counted: [Int],
        _ acknowledged: [Int],
        _ unsettled: Int,
        _ withReceipt: Int,
        _ agrees: Bool
    ) {
        func choices(_ counts: [Int]) -> RunRecord.Choices {
            .init(yes: counts[0], no: counts[1], abstain: counts[2])
        }
        let outcome = RunRecord.PollOutcome(
            poll: "a",
            counted: choices(counted),
            acknowledged: .init(
                choices(acknowledged),
                unsettled: unsettled,
                withReceipt: withReceipt
            )
        )
        #expect(outcome.agrees == agrees)
    }

    @Test("Connections that the server ended are not good enough")
    func losses() {
        var record = record()
        // Nobody has connected anew yet.
        record.readLateness.record(.zero)
        record.followers.losses = 2
        #expect(Judgement(of: record, by: Thresholds()).isGo)
        record.followers.unwantedLosses = 1
        #expect(!Judgement(of: record, by: Thresholds()).isGo)
    }

    @Test(
        "Where this side reads late, deliveries that take too long say nothing of the server",
        arguments: [
            (1, 90, true, true), (2, 90, true, true), (1, 110, false, true), (2, 110, false, false),
        ]
    )
    func readLate(_ late: Int, _ delivery: Int, _ isGo: Bool, _ isSound: Bool) {
        var record = record(deliveries: [delivery])
        for index in 0..<100 {
            record.readLateness.record(index < late ? .milliseconds(20) : .zero)
        }
        var thresholds = Thresholds()
        thresholds.deliveryP99Ms = 100
        let judgement = Judgement(of: record, by: thresholds)
        #expect(judgement.isGo == isGo)
        #expect(judgement.isMeasurementSound == isSound)
    }

    @Test("A server that broke its word has failed, however fast it was")
    func broken() {
        var record = record()
        record.broken = "a receipt does not verify"
        let judgement = Judgement(of: record, by: Thresholds())
        #expect(!judgement.isGo)
        #expect(judgement.checks.last?.measured == "a receipt does not verify")
    }
}
