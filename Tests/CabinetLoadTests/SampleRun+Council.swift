import CabinetLoad
import TestSupport

extension SampleRun {
    /// A council of 500 with 2,000 boards, six polls, and a server that is killed: what a page looks like
    /// that has everything in it.
    static let council: RunReport = {
        var generator = SplitMix64(state: 7)
        let scenario = councilScenario
        var record = RunRecord(for: scenario.plannedDuration)
        record.duration = .seconds(184)
        for index in 0..<6 { vote(Double(20 + 25 * index), &record, &generator) }
        read(&record, &generator)
        followers(&record, &generator)
        for _ in 0..<60 {
            record.commands.planned += 1
            record.commands.series.record(
                latency(6, &generator),
                at: .milliseconds(Int.random(in: 0...180_000, using: &generator))
            )
        }
        for index in 0..<12_000 {
            record.lateness.record(
                index < 9 ? .milliseconds(11 + index) : .microseconds(40 + index % 300)
            )
        }
        record.marks = (0..<6).map {
            RunRecord.Mark(at: .seconds(20 + 25 * $0), "poll \($0 + 1) is opened")
        }
        record.marks += [
            RunRecord.Mark(at: .seconds(98), "the server is killed"),
            RunRecord.Mark(at: .milliseconds(100_400), "the server is back"),
            RunRecord.Mark(at: .seconds(130), "a quarter of the boards loses its connection"),
        ]
        record.marks.sort { $0.at < $1.at }
        var report = RunReport(
            scenario: scenario,
            record: record,
            server: serverFigures(&generator),
            target: "192.0.2.17:7443",
            seed: 20_190_624,
            startedUnixMs: 1_795_680_000_000,
            processes: 3
        )
        report.command = "ecabinet-load meeting council.yaml --seed 20190624 --agents 2"
        return report
    }()

    private static var councilScenario: Scenario {
        var scenario = Scenario(name: "Hội đồng 500 đại biểu, máy chủ khởi động lại")
        scenario.members = 500
        scenario.absent = 20
        scenario.remote = 120
        scenario.displays = 2_000
        var poll = Scenario.Poll()
        poll.arrival = .poisson(.seconds(10))
        scenario.timeline = (0..<6).map { Scenario.Step(at: .seconds(20 + 25 * $0), .poll(poll)) }
        scenario.timeline.insert(
            Scenario.Step(
                at: .zero,
                .reads(Scenario.Reads(perSecond: 40, duration: .seconds(180)))
            ),
            at: 0
        )
        scenario.timeline.insert(
            Scenario.Step(at: .seconds(98), .restart(Scenario.Restart())),
            at: 5
        )
        scenario.ending = .seconds(5)
        scenario.thresholds.voteP50Ms = 50
        scenario.thresholds.voteP99Ms = 3_000
        scenario.thresholds.deliveryP99Ms = 500
        scenario.thresholds.readP99Ms = 1_500
        scenario.thresholds.returnMs = 10_000
        return scenario
    }

    /// About exponential, with a long tail.
    private static func latency(_ mean: Double, _ generator: inout SplitMix64) -> Duration {
        var value = mean * (0.4 + 0.3 * Double.random(in: 0...1, using: &generator))
        var chance = Double.random(in: 0...1, using: &generator)
        while chance > 0.7, value < mean * 40 {
            value *= 1.35
            chance = (chance - 0.7) / 0.3
        }
        return .microseconds(Int(value * 1_000))
    }

    /// What is sent while the server is away waits for it.
    private static func delayed(_ latency: Duration, _ time: Double) -> Duration {
        time > 98 && time < 100.9 ? latency + .milliseconds(Int((101 - time) * 1_000)) : latency
    }

    private static func vote(
        _ start: Double,
        _ record: inout RunRecord,
        _ generator: inout SplitMix64
    ) {
        for _ in 0..<480 {
            let time = start + 1 + 10 * Double.random(in: 0...1, using: &generator)
            record.ballots.planned += 1
            let latency = delayed(latency(14, &generator), time)
            if latency > .seconds(1) { record.ballots.resent += 1 }
            record.ballots.series.record(latency, at: .milliseconds(Int(time * 1_000)))
            for _ in 0..<40 {
                record.followers.deliveries.record(
                    Self.latency(9, &generator) * 3,
                    at: .milliseconds(Int(time * 1_000))
                )
            }
        }
        record.polls.append(
            RunRecord.PollOutcome(
                poll: "poll-\(record.polls.count + 1)",
                counted: .init(yes: 441, no: 27, abstain: 12),
                acknowledged: .init(.init(yes: 441, no: 27, abstain: 12))
            )
        )
    }

    private static func read(_ record: inout RunRecord, _ generator: inout SplitMix64) {
        for index in 0..<7_200 {
            let time = Double(index) / 40
            record.reads.planned += 1
            if time > 98, time < 99.2, index.isMultiple(of: 3) {
                record.reads.failures.record(
                    index.isMultiple(of: 2) ? "UNAVAILABLE" : "DEADLINE_EXCEEDED"
                )
                record.reads.series.recordError(at: .milliseconds(Int(time * 1_000)))
            } else {
                record.reads.series.record(
                    delayed(latency(4, &generator), time),
                    at: .milliseconds(Int(time * 1_000))
                )
            }
        }
    }

    private static func followers(_ record: inout RunRecord, _ generator: inout SplitMix64) {
        record.followers.connections = 4_500
        record.followers.resumedSessions = 2_497
        record.followers.losses = 2_500
        record.followers.snapshots = 2_004
        record.followers.madeUp = 41_733
        for index in 0..<9_200 {
            record.readLateness.record(index < 31 ? .milliseconds(13) : .microseconds(80))
        }
        for index in 0..<2_500 {
            record.followers.returns.record(
                .milliseconds(2_300 + index) + latency(300, &generator),
                at: .seconds(index < 2_000 ? 98 : 130)
            )
        }
    }

    private static func serverFigures(_ generator: inout SplitMix64) -> ServerFigures {
        var server = ServerFigures()
        server.processorTime = .milliseconds(38_200)
        var used = Duration.zero
        for second in stride(from: 0, through: 184, by: 2) {
            let at = Duration.seconds(second)
            if second == 98 { used = .zero }
            let isVoting = second >= 20 && (second - 20) % 25 < 12
            let share = isVoting ? 45 : second > 98 && second < 106 ? 160 : 9
            used += .milliseconds(20 * (share + Int.random(in: 0...9, using: &generator)))
            server.processor.append((at, used))
            let grown = min(second, 40) * 900 + (second > 98 ? -6_000 : 0) + second * 25
            server.residentKiB.append((at, 61_000 + grown))
            let open = second == 98 ? 24 : second == 130 ? 2_020 : min(2_521, 30 + second * 300)
            server.descriptors.append((at, open))
        }
        server.before = try? MetricsSnapshot(text: metrics(start: 1, scale: 0))
        server.after = try? MetricsSnapshot(text: metrics(start: 2, scale: 1))
        return server
    }

    private static func metrics(start: Int, scale: Int) -> String {
        """
        process_start_time_seconds \(start)
        cabinet_rpc_server_calls_total{method="cabinet.v1.VoteService/CastBallot",code="OK"} \(1_440 * scale)
        cabinet_rpc_server_calls_total{method="cabinet.v1.VoteService/CastBallot",code="UNAVAILABLE"} \(12 * scale)
        cabinet_rpc_server_calls_total{method="cabinet.v1.MeetingService/GetMeeting",code="OK"} \(3_244 * scale)
        cabinet_rpc_server_call_duration_seconds_sum{method="cabinet.v1.VoteService/CastBallot"} \(17 * scale)
        cabinet_rpc_server_call_duration_seconds_count{method="cabinet.v1.VoteService/CastBallot"} \(1_452 * scale)
        cabinet_rpc_server_connections_total \(2_991 * scale)
        cabinet_rpc_server_handshake_duration_seconds_sum{outcome="RESUMED"} \(4 * scale)
        cabinet_rpc_server_handshake_duration_seconds_count{outcome="RESUMED"} \(2_497 * scale)
        cabinet_rpc_server_handshake_duration_seconds_sum{outcome="FULL"} \(1 * scale)
        cabinet_rpc_server_handshake_duration_seconds_count{outcome="FULL"} \(494 * scale)
        cabinet_rpc_server_events_delivered_total \(2_880_000 * scale)
        ecabinet_commit_duration_seconds_sum \(1 * scale)
        ecabinet_commit_duration_seconds_count \(691 * scale)
        ecabinet_batch_orders_sum \(1_930 * scale)
        ecabinet_batch_orders_count \(691 * scale)
        ecabinet_ledger_entries \(3_922 * scale)
        ecabinet_ledger_bytes \(1_482_113 * scale)
        """
    }
}
