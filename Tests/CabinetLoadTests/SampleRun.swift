import CabinetLoad
import TestSupport

/// Runs that are invented, always the same ones.
enum SampleRun {
    /// A small one, for files that a person can read.
    static let small: RunReport = {
        var scenario = Scenario(
            name: "Một cuộc họp nhỏ",
            timeline: [Scenario.Step(at: .seconds(1), .poll(Scenario.Poll()))]
        )
        scenario.members = 3
        scenario.displays = 2
        scenario.thresholds.voteP99Ms = 100
        scenario.thresholds.deliveryP99Ms = 20
        var record = RunRecord(for: scenario.plannedDuration)
        record.duration = .milliseconds(4_000)
        record.ballots.planned = 3
        for (index, latency) in [12.5, 31, 250].enumerated() {
            record.ballots.series.record(
                .nanoseconds(Int(latency * 1_000_000)),
                at: .milliseconds(2_000 + 300 * index)
            )
        }
        record.ballots.resent = 1
        record.reads.planned = 2
        record.reads.series.record(.microseconds(900), at: .milliseconds(500))
        record.reads.failures.record("UNAVAILABLE")
        record.reads.series.recordError(at: .milliseconds(1_500))
        for index in 0..<6 {
            record.followers.deliveries.record(
                .microseconds(400 + 100 * index),
                at: .milliseconds(2_000 + 300 * index)
            )
        }
        record.followers.connections = 2
        record.lateness.record(.microseconds(30))
        record.lateness.record(.microseconds(70))
        record.readLateness.record(.microseconds(50))
        record.readLateness.record(.milliseconds(14))
        record.marks = [RunRecord.Mark(at: .seconds(1), "the poll opens")]
        record.polls = [
            RunRecord.PollOutcome(
                poll: "poll-1",
                counted: .init(yes: 2, no: 1),
                acknowledged: .init(.init(yes: 2, no: 1))
            )
        ]
        var server = ServerFigures()
        server.processorTime = .milliseconds(420)
        server.residentKiB = [(.zero, 20_480), (.seconds(2), 30_720), (.seconds(4), 25_600)]
        server.descriptors = [(.zero, 20), (.seconds(2), 25), (.seconds(4), 21)]
        return RunReport(
            scenario: scenario,
            record: record,
            server: server,
            target: "127.0.0.1:7443",
            seed: 42,
            startedUnixMs: 1_561_341_600_000,
            processes: 1
        )
    }()
}
