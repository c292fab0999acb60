internal import CabinetDocuments

extension RunReport {
    /// The report for programs: one JSON object, as Sources/CabinetLoad/REPORT.md describes it.
    public var json: String {
        let judgement = judgement
        let activities = Dictionary(uniqueKeysWithValues: activities.map { ($0.key, $0) })
        let whole: [(String, JSON?)] = [
            ("format", .string("e-cabinet load report 2")),
            ("go", .bool(judgement.isGo)),
            ("measurement_sound", .bool(judgement.isMeasurementSound)),
            ("started_unix_ms", .number(startedUnixMs)),
            ("duration_ms", .milliseconds(record.duration)),
            ("target", .string(target)),
            // A number would lose digits in many a program: JavaScript has 53 bits.
            ("seed", .string(String(seed))),
            ("processes", .count(processes)),
            ("scenario", scenario.json),
            ("thresholds", scenario.thresholds.json),
            ("checks", .array(judgement.checks.map(\.json))),
            ("broken", record.broken.map(JSON.string)),
            ("late_sends", record.lateness.json("sends")),
            (
                "late_reads",
                record.readLateness.count == 0 ? nil : record.readLateness.json("looks")
            ),
        ]
        let done = ["votes", "reads", "secretary", "deliveries", "returns"].map {
            ($0, activities[$0]?.json)
        }
        let rest: [(String, JSON?)] = [
            ("followers", record.followers.json),
            (
                "polls",
                .array(
                    record.polls.map {
                        .object([
                            ("poll", .string($0.poll)), ("counted", $0.counted.json),
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
            (
                "marks",
                .array(
                    record.marks.map {
                        .object([("at_ms", .milliseconds($0.at)), ("text", .string($0.text))])
                    }
                )
            ),
            ("server", server.json),
        ]
        return String(decoding: JSON.object(whole + done + rest).document, as: UTF8.self)
    }
}

extension JSON {
    /// To a thousandth.
    fileprivate static func rounded(_ value: Double) -> JSON {
        .decimal((value * 1_000).rounded() / 1_000)
    }

    fileprivate static func milliseconds(_ duration: Duration) -> JSON {
        .rounded(duration.inMilliseconds)
    }

    fileprivate static func optional(_ value: Double?) -> JSON? { value.map(JSON.rounded) }
}

extension Activity {
    fileprivate var json: JSON {
        .object([
            ("planned", planned.map(JSON.count)),
            ("succeeded", .count(succeeded)),
            ("failed", .count(failed)),
            ("resent", resent.map(JSON.count)),
            ("per_s", .rounded(perSecond)),
            ("peak_per_s", .rounded(peakPerSecond)),
            ("errors", errors.map { .object($0.sorted.map { ($0.reason, .count($0.count)) }) }),
            ("latency", latencies.json),
            (
                "series",
                .object([
                    ("interval_ms", .milliseconds(series.interval)),
                    ("points", .array(series.points.enumerated().map(point))),
                ])
            ),
        ])
    }

    private func point(_ index: Int, _ point: TimeSeries.Point) -> JSON {
        func latency(_ percent: Double) -> JSON? {
            point.latencies.count == 0 ? nil : .milliseconds(point.latencies.percentile(percent))
        }
        return .object([
            ("at_ms", .milliseconds(series.interval * index)),
            ("succeeded", .count(point.latencies.count)),
            ("errors", .count(point.errors)),
            ("p50_ms", latency(50)),
            ("p99_ms", latency(99)),
            ("max_ms", latency(100)),
        ])
    }
}

extension LatencyHistogram {
    /// Percentiles, and the buckets from which anybody can draw them again.
    fileprivate var json: JSON {
        func latency(_ percent: Double) -> JSON? {
            count == 0 ? nil : .milliseconds(percentile(percent))
        }
        return .object([
            ("p50_ms", latency(50)),
            ("p90_ms", latency(90)),
            ("p99_ms", latency(99)),
            ("p99_9_ms", latency(99.9)),
            ("p99_99_ms", latency(99.99)),
            ("max_ms", latency(100)),
            (
                "buckets_ns",
                .row(buckets.map { .row([.count($0.nanoseconds), .count($0.count)]) })
            ),
        ])
    }
}

extension Judgement.Check {
    fileprivate var json: JSON {
        .object([
            ("what", .string(what)),
            ("measured", .string(measured)),
            ("allowed", .string(allowed)),
            ("met", .bool(isMet)),
        ])
    }
}

extension Thresholds {
    fileprivate var json: JSON {
        .object([
            ("vote_p50_ms", .optional(voteP50Ms)),
            ("vote_p99_ms", .optional(voteP99Ms)),
            ("delivery_p99_ms", .optional(deliveryP99Ms)),
            ("read_p99_ms", .optional(readP99Ms)),
            ("return_ms", .optional(returnMs)),
            ("errors", .count(errors)),
            ("late_sends_percent", .rounded(lateSendsPercent)),
        ])
    }
}

extension RunRecord.Lateness {
    fileprivate func json(_ what: String) -> JSON {
        .object([
            (what, .count(count)),
            ("late", .count(late)),
            ("share_percent", .rounded(share)),
            ("greatest_ms", .milliseconds(greatest)),
            ("tolerance_ms", .milliseconds(Self.tolerance)),
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
            ("events_made_up", .count(madeUp)),
            ("events_passed_over", .count(passedOver)),
        ])
    }
}

extension ServerFigures {
    fileprivate var json: JSON {
        .object([
            ("processor_time_ms", processorTime.map(JSON.milliseconds)),
            (
                "processor",
                .array(
                    processor.map {
                        .row([.milliseconds($0.at), .milliseconds($0.used)])
                    }
                )
            ),
            (
                "resident_kib",
                .array(residentKiB.map { .row([.milliseconds($0.at), .count($0.kib)]) })
            ),
            (
                "descriptors",
                .array(descriptors.map { .row([.milliseconds($0.at), .count($0.count)]) })
            ),
            ("metrics_before", before?.json),
            ("metrics_after", after?.json),
        ])
    }
}

extension MetricsSnapshot {
    fileprivate var json: JSON {
        .array(
            samples.map { sample in
                let labels = sample.labels.sorted { $0.key < $1.key }
                return .row([
                    .string(sample.name),
                    .object(labels.map { ($0.key, .string($0.value)) }),
                    .decimal(sample.value),
                ])
            }
        )
    }
}

extension Scenario {
    fileprivate var json: JSON {
        .object([
            ("name", .string(name)),
            ("members", .count(members)),
            ("present", .count(present)),
            ("remote", .count(remote)),
            ("displays", .count(displays)),
            ("followers", .count(followers)),
            ("planned_ballots", .count(plannedBallots)),
            ("planned_duration_ms", .milliseconds(plannedDuration)),
            // The file as it is to be written, so that a report is enough to repeat a run.
            ("yaml", .string(yaml)),
        ])
    }
}
