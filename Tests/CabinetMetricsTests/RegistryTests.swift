import CoreMetrics
import Testing

@testable import CabinetMetrics

/// What is counted, and how it is shown.
@Suite struct RegistryTests {
    private static let families = [
        MetricFamily("calls_total", .counter, labels: ["method", "code"], "Calls, by outcome."),
        MetricFamily("connections", .gauge, "Connections that are open."),
        MetricFamily("commit_seconds", .durations(upTo: [1_000_000, 2_500_000_000]), "Commits."),
        MetricFamily("batch_orders", .sizes(upTo: [1, 10]), "Orders of a batch."),
        MetricFamily("file_bytes", .gauge, labels: ["file"], "A \\ and\na second line."),
        MetricFamily("nothing_total", .counter, labels: ["reason"], "Nothing yet."),
    ]

    @Test("What was counted is exported in the text format of Prometheus")
    func golden() {
        let registry = MetricsRegistry(Self.families)
        for (code, amount) in [("OK", 3), ("NOT_FOUND", 1)] as [(String, Int64)] {
            registry.makeCounter(
                label: "calls_total",
                dimensions: [("method", "a.B.C"), ("code", code)]
            ).increment(by: amount)
        }
        let connections = registry.makeMeter(label: "connections", dimensions: [])
        connections.set(4 as Int64)
        connections.increment(by: 2)
        connections.decrement(by: 0.5)
        let commits = registry.makeTimer(label: "commit_seconds", dimensions: [])
        for nanoseconds in [500_000, 1_000_000, 1_000_001, 3_000_000_000] as [Int64] {
            commits.recordNanoseconds(nanoseconds)
        }
        let batches = registry.makeRecorder(label: "batch_orders", dimensions: [], aggregate: true)
        for size in [1, 2, 10, 11] as [Int64] { batches.record(size) }
        registry.observe("file_bytes") {
            [.init(4_096, labels: ["a\"b\\c\nd"]), .init(0.25, labels: ["Tệp"])]
        }
        #expect(
            registry.exposition == #"""
                # HELP calls_total Calls, by outcome.
                # TYPE calls_total counter
                calls_total{method="a.B.C",code="NOT_FOUND"} 1
                calls_total{method="a.B.C",code="OK"} 3
                # HELP connections Connections that are open.
                # TYPE connections gauge
                connections 5.5
                # HELP commit_seconds Commits.
                # TYPE commit_seconds histogram
                commit_seconds_bucket{le="0.001"} 2
                commit_seconds_bucket{le="2.5"} 3
                commit_seconds_bucket{le="+Inf"} 4
                commit_seconds_sum 3.002500001
                commit_seconds_count 4
                # HELP batch_orders Orders of a batch.
                # TYPE batch_orders histogram
                batch_orders_bucket{le="1"} 1
                batch_orders_bucket{le="10"} 3
                batch_orders_bucket{le="+Inf"} 4
                batch_orders_sum 24
                batch_orders_count 4
                # HELP file_bytes A \\ and\na second line.
                # TYPE file_bytes gauge
                file_bytes{file="a\"b\\c\nd"} 4096
                file_bytes{file="Tệp"} 0.25
                # HELP nothing_total Nothing yet.
                # TYPE nothing_total counter

                """#
        )
    }

    @Test(
        "Numbers are such as Go reads",
        arguments: [
            (0, "0"), (-3, "-3"), (0.1, "0.1"), (1e21, "1e+21"), (0.00001, "1e-05"),
            (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
            (1_785_000_000, "1785000000"),
        ] as [(Double, String)]
    )
    func numbers(_ value: Double, _ text: String) {
        #expect(TextExposition.number(value) == text)
    }

    @Test("Who counts the same counts together, and a counter does not go back")
    func sharedSeries() {
        let registry = MetricsRegistry([MetricFamily("a_total", .counter, "A.")])
        for amount in [2, -5, 3] as [Int64] {
            registry.makeCounter(label: "a_total", dimensions: []).increment(by: amount)
        }
        #expect(registry.exposition.hasSuffix("\na_total 5\n"))
    }

    @Test("Values that no bound fits are counted, and harm nothing")
    func extremes() {
        let registry = MetricsRegistry([
            MetricFamily("a_seconds", .durations(upTo: [10]), "A."),
            MetricFamily("b", .sizes(upTo: [10]), "B."),
        ])
        let timer = registry.makeTimer(label: "a_seconds", dimensions: [])
        for value in [.min, -1, 0, .max, .max, .max] as [Int64] { timer.recordNanoseconds(value) }
        let recorder = registry.makeRecorder(label: "b", dimensions: [], aggregate: true)
        for value in [.nan, .infinity, -.infinity, 1e300, 2.4] { recorder.record(value) }
        let text = registry.exposition
        #expect(text.contains("a_seconds_bucket{le=\"1e-08\"} 3\n"))
        #expect(text.contains("a_seconds_count 6\n"))
        #expect(text.contains("\nb_sum 2\n"))
        #expect(text.contains("\nb_count 1\n"))
    }

    @Test("What many threads count at once is all there, while others read")
    func threads() async {
        let registry = MetricsRegistry([
            MetricFamily("a_total", .counter, labels: ["b"], "A."),
            MetricFamily("c", .gauge, "C."),
            MetricFamily("d_seconds", .usualDurations, "D."),
        ])
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask {
                    let timer = registry.makeTimer(label: "d_seconds", dimensions: [])
                    let gauge = registry.makeMeter(label: "c", dimensions: [])
                    for index in 0..<2_000 {
                        registry.makeCounter(
                            label: "a_total",
                            dimensions: [("b", "\((task + index) % 4)")]
                        ).increment(by: 1)
                        gauge.increment(by: 1)
                        timer.recordNanoseconds(1_000_000)
                    }
                }
            }
            group.addTask { for _ in 0..<20 { _ = registry.exposition } }
        }
        let text = registry.exposition
        for value in 0..<4 { #expect(text.contains("a_total{b=\"\(value)\"} 4000\n")) }
        #expect(text.contains("\nc 16000\n"))
        #expect(text.contains("d_seconds_bucket{le=\"0.0005\"} 0\n"))
        #expect(text.contains("d_seconds_bucket{le=\"0.001\"} 16000\n"))
        #expect(text.contains("d_seconds_sum 16\n"))
        #expect(text.contains("d_seconds_count 16000\n"))
    }

    @Test("Label values that have no end share one series, and nothing is lost")
    func overflow() {
        let registry = MetricsRegistry([MetricFamily("a_total", .counter, labels: ["b"], "A.")])
        for value in 0..<(MetricsRegistry.maximumSeries + 50) {
            registry.makeCounter(label: "a_total", dimensions: [("b", "\(value)")])
                .increment(by: 1)
        }
        let lines = registry.exposition.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(lines.count == MetricsRegistry.maximumSeries + 1)
        #expect(lines.contains("a_total{b=\"other\"} 50"))
    }

    @Test("What was not declared, or otherwise, is reported and not exported")
    func undeclared() {
        let reported = Names()
        let registry = MetricsRegistry(
            [
                MetricFamily("a_total", .counter, labels: ["b"], "A."),
                MetricFamily("d", .gauge, "D."),
            ],
            undeclared: { reported.append($0) }
        )
        registry.makeCounter(label: "c_total", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "a_total", dimensions: []).increment(by: 1)
        registry.makeCounter(label: "a_total", dimensions: [("c", "x")]).increment(by: 1)
        registry.makeMeter(label: "a_total", dimensions: [("b", "x")]).set(1 as Int64)
        registry.makeTimer(label: "d", dimensions: []).recordNanoseconds(1)
        registry.makeRecorder(label: "d", dimensions: [], aggregate: true).record(1 as Int64)
        registry.observe("e") { [] }
        #expect(reported.all == ["c_total", "a_total", "a_total", "a_total", "d", "d", "e"])
        #expect(
            registry.exposition.split(separator: "\n").filter { !$0.hasPrefix("#") }.isEmpty
        )
        registry.makeRecorder(label: "d", dimensions: [], aggregate: false).record(7 as Int64)
        #expect(registry.exposition.contains("\nd 7\n"))
    }
}
