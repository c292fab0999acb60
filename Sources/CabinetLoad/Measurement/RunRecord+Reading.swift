internal import Foundation

extension RunRecord {
    /// Why bytes are no record that can be added to others of the run.
    public struct InvalidRecord: Error, Sendable, Hashable, CustomStringConvertible {
        public enum Reason: String, Sendable, Hashable {
            case tooManyBytes = "it has too many bytes"
            case malformed = "it is no JSON with the fields of a record"
            case otherFormat = "it has another format: the versions of the harness differ"
            case outOfRange = "it is out of range"
            case tooMany = "there are too many of them"
            case otherInterval = "its points cover other times: it is of another scenario"
            case inconsistent = "the points are not what the total says"
        }

        public let reason: Reason
        /// As «reads.series.points»; empty where it is not of one field.
        public let field: String

        public var description: String {
            let text = "a record of another process is not valid: "
            return text + (field.isEmpty ? "" : "«\(field)»: ") + reason.rawValue
        }
    }

    /// Makes a record anew that another process has written.
    ///
    /// - Parameters:
    ///   - json: What ``json`` has given there.
    ///   - duration: As planned; the record has to be of a run of this duration.
    /// - Throws: ``InvalidRecord``
    public init(json: [UInt8], for duration: Duration) throws(InvalidRecord) {
        guard json.count <= Limits.bytes else {
            throw InvalidRecord(reason: .tooManyBytes, field: "")
        }
        let document: RecordDocument
        do {
            document = try JSONDecoder().decode(RecordDocument.self, from: Data(json))
        } catch {
            throw InvalidRecord(reason: .malformed, field: "")
        }
        guard document.format == Self.format else {
            throw InvalidRecord(reason: .otherFormat, field: "format")
        }
        self.init(for: duration)
        self.duration = try time(document.duration, "duration_ns")
        try ballots.read(document.ballots, "ballots")
        try reads.read(document.reads, "reads")
        try commands.read(document.commands, "commands")
        try followers.read(document.followers, "followers")
        try lateness.read(document.lateness, "lateness")
        try readLateness.read(document.readLateness, "read_lateness")
        try few(document.marks, Limits.marks, "marks")
        for mark in document.marks {
            marks.append(
                Mark(at: try time(mark.at, "marks.at_ns"), try text(mark.text, "marks.text"))
            )
        }
        try few(document.polls, Limits.polls, "polls")
        for poll in document.polls {
            polls.append(
                PollOutcome(
                    poll: try text(poll.poll, "polls.poll"),
                    counted: try Choices(poll.counted, "polls.counted"),
                    acknowledged: Acknowledged(
                        try Choices(poll.acknowledged, "polls.acknowledged"),
                        unsettled: try count(poll.unsettled, "polls.unsettled"),
                        withReceipt: try count(
                            poll.unsettledWithReceipt,
                            "polls.unsettled_with_receipt"
                        )
                    )
                )
            )
        }
        if let broken = document.broken { self.broken = try text(broken, "broken") }
    }
}

extension RunRecord.Calls {
    fileprivate mutating func read(
        _ document: RecordDocument.Calls,
        _ field: String
    ) throws(RunRecord.InvalidRecord) {
        planned = try count(document.planned, "\(field).planned")
        resent = try count(document.resent, "\(field).resent")
        // One more for those that are counted together.
        try few(document.failures, Tally.maximumReasons + 1, "\(field).failures")
        for (reason, number) in document.failures {
            failures.record(
                try text(reason, "\(field).failures"),
                try count(number, "\(field).failures")
            )
        }
        try series.read(document.series, "\(field).series")
    }
}

extension RunRecord.Followers {
    fileprivate mutating func read(
        _ document: RecordDocument.Followers,
        _ field: String
    ) throws(RunRecord.InvalidRecord) {
        connections = try count(document.connections, "\(field).connections")
        resumedSessions = try count(document.resumedSessions, "\(field).resumed_sessions")
        losses = try count(document.losses, "\(field).losses")
        snapshots = try count(document.snapshots, "\(field).snapshots")
        unwantedLosses = try count(document.unwantedLosses, "\(field).unwanted_losses")
        madeUp = try count(document.madeUp, "\(field).made_up")
        passedOver = try count(document.passedOver, "\(field).passed_over")
        try deliveries.read(document.deliveries, "\(field).deliveries")
        try returns.read(document.returns, "\(field).returns")
    }
}

extension RunRecord.Lateness {
    fileprivate mutating func read(
        _ document: RecordDocument.Lateness,
        _ field: String
    ) throws(RunRecord.InvalidRecord) {
        count = try CabinetLoad.count(document.count, "\(field).count")
        late = try CabinetLoad.count(document.late, "\(field).late")
        greatest = try time(document.greatest, "\(field).greatest_ns")
    }
}

extension RunRecord.Choices {
    fileprivate init(
        _ document: RecordDocument.Choices,
        _ field: String
    ) throws(RunRecord.InvalidRecord) {
        self.init(
            yes: try count(document.yes, "\(field).yes"),
            no: try count(document.no, "\(field).no"),
            abstain: try count(document.abstain, "\(field).abstain")
        )
    }
}

extension TimeSeries {
    fileprivate mutating func read(
        _ document: RecordDocument.Series,
        _ field: String
    ) throws(RunRecord.InvalidRecord) {
        guard document.interval == interval.wholeNanoseconds else {
            throw RunRecord.InvalidRecord(reason: .otherInterval, field: "\(field).interval_ns")
        }
        try few(document.points, Self.maximumPoints, "\(field).points")
        var points: [Point] = []
        for document in document.points {
            var point = Point()
            point.errors = try count(document.errors, "\(field).points.errors")
            point.latencies = try histogram(
                document.latencies,
                .coarse,
                "\(field).points.latencies"
            )
            points.append(point)
        }
        let series = TimeSeries(
            interval: interval,
            points: points,
            total: try histogram(document.total, .fine, "\(field).total"),
            errors: try count(document.errors, "\(field).errors")
        )
        guard let series else {
            throw RunRecord.InvalidRecord(reason: .inconsistent, field: field)
        }
        self = series
    }
}

// MARK: - Values within their bounds

private func count(_ number: Int64, _ field: String) throws(RunRecord.InvalidRecord) -> Int {
    guard (0...RunRecord.Limits.count).contains(number) else {
        throw RunRecord.InvalidRecord(reason: .outOfRange, field: field)
    }
    return Int(number)
}

private func time(
    _ nanoseconds: Int64,
    _ field: String
) throws(RunRecord.InvalidRecord) -> Duration {
    guard (0...RunRecord.Limits.nanoseconds).contains(nanoseconds) else {
        throw RunRecord.InvalidRecord(reason: .outOfRange, field: field)
    }
    return .nanoseconds(nanoseconds)
}

private func text(_ text: String, _ field: String) throws(RunRecord.InvalidRecord) -> String {
    guard text.utf8.count <= RunRecord.Limits.textBytes else {
        throw RunRecord.InvalidRecord(reason: .outOfRange, field: field)
    }
    return text
}

private func few(
    _ elements: some Collection,
    _ limit: Int,
    _ field: String
) throws(RunRecord.InvalidRecord) {
    guard elements.count <= limit else {
        throw RunRecord.InvalidRecord(reason: .tooMany, field: field)
    }
}

private func histogram(
    _ numbers: [Int64],
    _ precision: LatencyHistogram.Precision,
    _ field: String
) throws(RunRecord.InvalidRecord) -> LatencyHistogram {
    let invalid = RunRecord.InvalidRecord(reason: .outOfRange, field: field)
    guard numbers.count.isMultiple(of: 2) else { throw invalid }
    var buckets: [LatencyHistogram.Bucket] = []
    for index in stride(from: 0, to: numbers.count, by: 2) {
        guard let nanoseconds = UInt64(exactly: numbers[index]),
            let count = Int(exactly: numbers[index + 1])
        else { throw invalid }
        buckets.append(LatencyHistogram.Bucket(nanoseconds: nanoseconds, count: count))
    }
    do {
        return try LatencyHistogram(precision, buckets)
    } catch {
        throw invalid
    }
}

// MARK: - The fields

/// What ``RunRecord/json`` writes, before anything in it was looked at.
private struct RecordDocument: Decodable {
    struct Calls: Decodable {
        var planned: Int64
        var resent: Int64
        var failures: [String: Int64]
        var series: Series
    }

    struct Followers: Decodable {
        var connections: Int64
        var resumedSessions: Int64
        var losses: Int64
        var snapshots: Int64
        var unwantedLosses: Int64
        var madeUp: Int64
        var passedOver: Int64
        var deliveries: Series
        var returns: Series

        enum CodingKeys: String, CodingKey {
            case connections, losses, snapshots, deliveries, returns
            case resumedSessions = "resumed_sessions"
            case unwantedLosses = "unwanted_losses"
            case madeUp = "made_up"
            case passedOver = "passed_over"
        }
    }

    struct Series: Decodable {
        var interval: Int64
        var errors: Int64
        var total: [Int64]
        var points: [Point]

        enum CodingKeys: String, CodingKey {
            case errors, total, points
            case interval = "interval_ns"
        }
    }

    struct Point: Decodable {
        var errors: Int64
        var latencies: [Int64]
    }

    struct Lateness: Decodable {
        var count: Int64
        var late: Int64
        var greatest: Int64

        enum CodingKeys: String, CodingKey {
            case count, late
            case greatest = "greatest_ns"
        }
    }

    struct Mark: Decodable {
        var at: Int64
        var text: String

        enum CodingKeys: String, CodingKey {
            case text
            case at = "at_ns"
        }
    }

    struct Choices: Decodable {
        var yes: Int64
        var no: Int64
        var abstain: Int64
    }

    struct Poll: Decodable {
        var poll: String
        var counted: Choices
        var acknowledged: Choices
        var unsettled: Int64
        var unsettledWithReceipt: Int64

        enum CodingKeys: String, CodingKey {
            case poll, counted, acknowledged, unsettled
            case unsettledWithReceipt = "unsettled_with_receipt"
        }
    }

    var format: String
    var duration: Int64
    var ballots: Calls
    var reads: Calls
    var commands: Calls
    var followers: Followers
    var lateness: Lateness
    var readLateness: Lateness
    var marks: [Mark]
    var polls: [Poll]
    var broken: String?

    enum CodingKeys: String, CodingKey {
        case format, ballots, reads, commands, followers, lateness, marks, polls, broken
        case duration = "duration_ns"
        case readLateness = "read_lateness"
    }
}
