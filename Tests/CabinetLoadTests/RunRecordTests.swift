import CabinetLoad
import Foundation
import TestSupport
import Testing

@Suite struct RunRecordTests {
    private static let duration = Duration.seconds(600)

    /// What one process measures, or a part of it.
    private static func records(
        _ parts: Int,
        using generator: inout some RandomNumberGenerator
    ) -> (whole: RunRecord, parts: [RunRecord]) {
        var whole = RunRecord(for: duration)
        var records = Array(repeating: whole, count: parts)
        func both(_ change: (inout RunRecord) -> Void) {
            change(&whole)
            change(&records[Int.random(in: 0..<parts, using: &generator)])
        }
        func time() -> Duration { .milliseconds(Int.random(in: 0...700_000, using: &generator)) }
        func latency() -> Duration {
            .nanoseconds(1 << Int64.random(in: 0...40, using: &generator))
                + .nanoseconds(Int64.random(in: 0...999, using: &generator))
        }
        for path in [\RunRecord.ballots, \.reads, \.commands] {
            for _ in 0..<300 {
                let (latency, time) = (latency(), time())
                both {
                    $0[keyPath: path].planned += 1
                    $0[keyPath: path].series.record(latency, at: time)
                }
            }
            for reason in ["UNAVAILABLE", "DEADLINE_EXCEEDED", "UNAVAILABLE"] {
                let time = time()
                both {
                    $0[keyPath: path].resent += 2
                    $0[keyPath: path].failures.record(reason)
                    $0[keyPath: path].series.recordError(at: time)
                }
            }
        }
        for index in 0..<50 {
            let (latency, time) = (latency(), time())
            both {
                $0.followers.deliveries.record(latency, at: time)
                $0.followers.returns.record(latency, at: time)
                $0.followers.connections += 3
                $0.followers.resumedSessions += 2
                $0.followers.losses += 1
                $0.followers.snapshots += 4
                $0.followers.unwantedLosses += 7
                $0.followers.madeUp += 11
                $0.followers.passedOver += 13
                $0.lateness.record(latency)
                $0.readLateness.record(latency * 2)
                $0.marks.append(RunRecord.Mark(at: .milliseconds(index), "«\(index)» happens"))
                $0.polls.append(
                    RunRecord.PollOutcome(
                        poll: "poll-\(index)",
                        counted: .init(yes: index, no: 2, abstain: 3),
                        acknowledged: .init(
                            .init(yes: 1, no: 5, abstain: 6),
                            unsettled: 4,
                            withReceipt: 3
                        )
                    )
                )
                $0.duration = max($0.duration, time)
            }
        }
        both { $0.broken = "a receipt is \"wrong\"" }
        return (whole, records)
    }

    @Test("Read again, a record is what was written", arguments: 0..<5)
    func roundTrip(_ index: Int) throws {
        var generator = Seed.generator(7_300 + UInt64(index))
        let record = Self.records(1, using: &generator).whole
        let other = try RunRecord(json: record.json, for: Self.duration)
        #expect(other.json == record.json)
    }

    @Test("Records of several processes, sent and merged, are the record of one", arguments: 2..<6)
    func merging(_ parts: Int) throws {
        var generator = Seed.generator(7_400 + UInt64(parts))
        let (whole, records) = Self.records(parts, using: &generator)
        var merged = RunRecord(for: Self.duration)
        for record in records {
            merged.add(try RunRecord(json: record.json, for: Self.duration))
        }
        // The polls of a process come after each other.
        merged.polls.sort { $0.counted.yes < $1.counted.yes }
        #expect(
            String(decoding: merged.json, as: UTF8.self)
                == String(decoding: whole.json, as: UTF8.self)
        )
        for percent in [50, 99, 100.0] {
            #expect(
                merged.ballots.series.total.percentile(percent)
                    == whole.ballots.series.total.percentile(percent)
            )
        }
    }

    @Test("An empty record travels as well")
    func empty() throws {
        let record = RunRecord(for: Self.duration)
        let other = try RunRecord(json: record.json, for: Self.duration)
        #expect(other.json == record.json)
        #expect(other.broken == nil)
    }

    struct Change: Sendable, CustomTestStringConvertible {
        var old: String
        var new: String
        var message: String

        init(_ old: String, _ new: String, _ message: String) {
            self.old = old
            self.new = new
            self.message = message
        }

        var testDescription: String { "\(new.prefix(60)): \(message)" }
    }

    private static let marks = String(repeating: "{\"at_ns\":1,\"text\":\"\"},", count: 5_001)
    private static let choices = "{\"yes\":0,\"no\":0,\"abstain\":0}"
    private static let polls = String(
        repeating:
            "{\"poll\":\"\",\"counted\":\(choices),\"acknowledged\":\(choices),\"unsettled\":0,\"unsettled_with_receipt\":0},",
        count: 1_001
    )
    private static let points = String(repeating: "{\"errors\":0,\"latencies\":[]},", count: 241)
    private static let reasons = (0...65).map { "\"r\($0)\":1" }.joined(separator: ",")

    private static let changes = [
        Change(
            "record 2",
            "record 3",
            "«format»: it has another format: the versions of the harness differ"
        ),
        Change("\"duration_ns\":0", "\"duration_ns\":-1", "«duration_ns»: it is out of range"),
        Change(
            "\"duration_ns\":0",
            "\"duration_ns\":9223372036854775807",
            "«duration_ns»: it is out of range"
        ),
        Change(
            "\"duration_ns\":0",
            "\"duration_ns\":9223372036854775808",
            "it is no JSON with the fields of a record"
        ),
        Change(
            "\"duration_ns\":0",
            "\"duration_ns\":0.5",
            "it is no JSON with the fields of a record"
        ),
        Change(
            "\"duration_ns\":0",
            "\"duration_ns\":1e400",
            "it is no JSON with the fields of a record"
        ),
        Change("\"planned\":1", "\"planned\":-1", "«ballots.planned»: it is out of range"),
        Change(
            "\"planned\":1",
            "\"planned\":1000000000001",
            "«ballots.planned»: it is out of range"
        ),
        Change("\"planned\":1", "\"planned\":null", "it is no JSON with the fields of a record"),
        Change("\"planned\":1,", "", "it is no JSON with the fields of a record"),
        Change(
            "\"failures\":{}",
            "\"failures\":{\"X\":-1}",
            "«ballots.failures»: it is out of range"
        ),
        Change(
            "\"failures\":{}",
            "\"failures\":{\"\(String(repeating: "x", count: 401))\":1}",
            "«ballots.failures»: it is out of range"
        ),
        Change(
            "\"failures\":{}",
            "\"failures\":{\(reasons)}",
            "«ballots.failures»: there are too many of them"
        ),
        Change(
            "\"interval_ns\":3000000000",
            "\"interval_ns\":1000000000",
            "«ballots.series.interval_ns»: its points cover other times: it is of another scenario"
        ),
        Change(
            "\"interval_ns\":3000000000",
            "\"interval_ns\":0",
            "«ballots.series.interval_ns»: its points cover other times: it is of another scenario"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[10239,2]",
            "«ballots.series»: the points are not what the total says"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[10239,-1]",
            "«ballots.series.total»: it is out of range"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[-10239,1]",
            "«ballots.series.total»: it is out of range"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[10239,4294967296]",
            "«ballots.series.total»: it is out of range"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[9223372036854775807,1]",
            "«ballots.series.total»: it is out of range"
        ),
        Change(
            "\"total\":[10239,1]",
            "\"total\":[10239]",
            "«ballots.series.total»: it is out of range"
        ),
        Change(
            "\"points\":[{",
            "\"points\":[\(points){",
            "«ballots.series.points»: there are too many of them"
        ),
        Change(
            "\"points\":[{\"errors\":0",
            "\"points\":[{\"errors\":3",
            "«ballots.series»: the points are not what the total says"
        ),
        Change(
            "\"points\":[{\"errors\":0",
            "\"points\":[{\"errors\":-3",
            "«ballots.series.points.errors»: it is out of range"
        ),
        Change(
            "\"connections\":0",
            "\"connections\":-5",
            "«followers.connections»: it is out of range"
        ),
        Change("\"late\":0", "\"late\":-5", "«lateness.late»: it is out of range"),
        Change(
            "\"marks\":[]",
            "\"marks\":[\(marks.dropLast())]",
            "«marks»: there are too many of them"
        ),
        Change(
            "\"marks\":[]",
            "\"marks\":[{\"at_ns\":-1,\"text\":\"x\"}]",
            "«marks.at_ns»: it is out of range"
        ),
        Change(
            "\"polls\":[]",
            "\"polls\":[\(polls.dropLast())]",
            "«polls»: there are too many of them"
        ),
        Change(
            "\"polls\":[]",
            "\"polls\":[{\"poll\":\"x\",\"counted\":{\"yes\":-1,\"no\":0,\"abstain\":0},"
                + "\"acknowledged\":\(choices),\"unsettled\":0,\"unsettled_with_receipt\":0}]",
            "«polls.counted.yes»: it is out of range"
        ),
    ]

    @Test("What another process may not say is refused with its field", arguments: changes)
    func invalid(_ change: Change) throws {
        var record = RunRecord(for: Self.duration)
        record.ballots.planned = 1
        record.ballots.series.record(.microseconds(10), at: .zero)
        let json = String(decoding: record.json, as: UTF8.self)
        let found = try #require(json.firstRange(of: change.old), "\(json)")
        let changed = json.replacingCharacters(in: found, with: change.new)
        let error = #expect(throws: RunRecord.InvalidRecord.self) {
            try RunRecord(json: Array(changed.utf8), for: Self.duration)
        }
        #expect(
            error?.description == "a record of another process is not valid: \(change.message)"
        )
    }

    @Test("Bytes that are no record at all are refused, and so are too many")
    func garbage() {
        let depth = String(repeating: "[", count: 100_000)
        for text in ["", "{", "[]", "null", "{}", "\u{0}", depth, "{\"ballots\":\(depth)"] {
            let error = #expect(throws: RunRecord.InvalidRecord.self) {
                try RunRecord(json: Array(text.utf8), for: Self.duration)
            }
            #expect(error?.reason == .malformed)
        }
        let error = #expect(throws: RunRecord.InvalidRecord.self) {
            let bytes = [UInt8](repeating: 0x20, count: RunRecord.Limits.bytes + 1)
            _ = try RunRecord(json: bytes, for: Self.duration)
        }
        #expect(error?.reason == .tooManyBytes)
    }

    @Test(
        "Changed at random, a record is read or refused, and nothing else happens",
        arguments: 0..<300
    )
    func mutated(_ index: Int) {
        var generator = Seed.generator(7_500 + UInt64(index))
        var record = RunRecord(for: Self.duration)
        record.ballots.series.record(.microseconds(10), at: .zero)
        record.marks = [RunRecord.Mark(at: .seconds(1), "x")]
        var json = record.json
        for _ in 0...Int.random(in: 0...3, using: &generator) {
            let position = Int.random(in: 0..<json.count, using: &generator)
            let bytes = Array("0919-e.,[]{}\"\\n\u{1}".utf8)
            let byte = bytes[Int.random(in: 0..<bytes.count, using: &generator)]
            if Bool.random(using: &generator) {
                json[position] = byte
            } else {
                json.insert(byte, at: position)
            }
        }
        do {
            var other = try RunRecord(json: json, for: Self.duration)
            other.add(record)
            _ = other.json
        } catch {
            #expect(!error.description.isEmpty)
        }
    }

    @Test("What is beyond the limits is cut off before it travels")
    func cut() throws {
        var record = RunRecord(for: Self.duration)
        let long = String(repeating: "ộ", count: 1_000)
        record.marks = Array(
            repeating: RunRecord.Mark(at: .zero, long),
            count: RunRecord.Limits.marks + 1
        )
        record.polls = Array(
            repeating: RunRecord.PollOutcome(poll: long, counted: .init(), acknowledged: .init()),
            count: RunRecord.Limits.polls + 1
        )
        record.ballots.failures.record(long)
        record.broken = long
        let other = try RunRecord(json: record.json, for: Self.duration)
        #expect(other.marks.count == RunRecord.Limits.marks)
        #expect(other.polls.count == RunRecord.Limits.polls)
        #expect(other.broken == String(long.prefix(133)))
    }
}
