internal import CabinetDocuments

extension RunRecord {
    /// What travels between processes is marked with this.
    static let format = "e-cabinet load record 2"

    /// The bounds of what is read of another process.
    public enum Limits {
        /// Bytes of a record.
        public static let bytes = 32 << 20
        /// Any number that says how many, so that those of many processes can be added up.
        public static let count: Int64 = 1_000_000_000_000
        /// Nanoseconds of any time: a hundred days.
        public static let nanoseconds: Int64 = 100 * 86_400 * 1_000_000_000
        public static let marks = 5_000
        public static let polls = 1_000
        /// Bytes of the text of a mark, of a reason and of the name of a poll.
        public static let textBytes = 400
    }

    /// The record as one line of JSON, from which another process makes it anew. What is beyond
    /// ``Limits`` is cut off.
    public var json: [UInt8] {
        JSON.object([
            ("format", .string(Self.format)),
            ("duration_ns", .nanoseconds(duration)),
            ("ballots", ballots.json),
            ("reads", reads.json),
            ("commands", commands.json),
            ("followers", followers.json),
            ("lateness", lateness.json),
            ("read_lateness", readLateness.json),
            (
                "marks",
                .array(
                    marks.prefix(Limits.marks).map {
                        .object([("at_ns", .nanoseconds($0.at)), ("text", .bounded($0.text))])
                    }
                )
            ),
            (
                "polls",
                .array(
                    polls.prefix(Limits.polls).map {
                        .object([
                            ("poll", .bounded($0.poll)),
                            ("counted", $0.counted.json),
                            ("acknowledged", $0.acknowledged.choices.json),
                            ("unsettled", .count($0.acknowledged.unsettled)),
                            (
                                "unsettled_with_receipt",
                                .count($0.acknowledged.unsettledWithReceipt)
                            ),
                        ])
                    }
                )
            ),
            ("broken", broken.map(JSON.bounded)),
        ]).line
    }
}

extension RunRecord.Calls {
    fileprivate var json: JSON {
        .object([
            ("planned", .count(planned)),
            ("resent", .count(resent)),
            ("failures", .object(failures.sorted.map { (bounded($0.reason), .count($0.count)) })),
            ("series", series.json),
        ])
    }
}

extension RunRecord.Followers {
    fileprivate var json: JSON {
        .object([
            ("connections", .count(connections)),
            ("resumed_sessions", .count(resumedSessions)),
            ("losses", .count(losses)),
            ("snapshots", .count(snapshots)),
            ("unwanted_losses", .count(unwantedLosses)),
            ("made_up", .count(madeUp)),
            ("passed_over", .count(passedOver)),
            ("deliveries", deliveries.json),
            ("returns", returns.json),
        ])
    }
}

extension RunRecord.Lateness {
    fileprivate var json: JSON {
        .object([
            ("count", .count(count)),
            ("late", .count(late)),
            ("greatest_ns", .nanoseconds(greatest)),
        ])
    }
}

extension RunRecord.Choices {
    /// Also that of the report.
    var json: JSON {
        .object([("yes", .count(yes)), ("no", .count(no)), ("abstain", .count(abstain))])
    }
}

extension TimeSeries {
    fileprivate var json: JSON {
        .object([
            ("interval_ns", .nanoseconds(interval)),
            ("errors", .count(errors)),
            ("total", .buckets(total)),
            (
                "points",
                .array(
                    points.map {
                        .object([
                            ("errors", .count($0.errors)), ("latencies", .buckets($0.latencies)),
                        ])
                    }
                )
            ),
        ])
    }
}

extension JSON {
    fileprivate static func nanoseconds(_ duration: Duration) -> JSON {
        .number(duration.wholeNanoseconds)
    }

    /// Nanoseconds and how often, in turn: pairs would take thrice the memory to read.
    fileprivate static func buckets(_ histogram: LatencyHistogram) -> JSON {
        .array(
            histogram.buckets.flatMap {
                [JSON.count($0.nanoseconds), JSON.count($0.count)]
            }
        )
    }

    fileprivate static func bounded(_ text: String) -> JSON {
        .string(CabinetLoad.bounded(text))
    }
}

/// As much of a text as another process reads.
private func bounded(_ text: String) -> String {
    guard text.utf8.count > RunRecord.Limits.textBytes else { return text }
    var result = ""
    for character in text.unicodeScalars {
        guard result.utf8.count + String(character).utf8.count <= RunRecord.Limits.textBytes else {
            break
        }
        result.unicodeScalars.append(character)
    }
    return result
}

extension Duration {
    /// Rounded down. What is too much is as much as there is room for.
    var wholeNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (nanoseconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooMuch) = nanoseconds.addingReportingOverflow(attoseconds / 1_000_000_000)
        return overflow || isTooMuch ? (seconds < 0 ? .min : .max) : sum
    }
}
