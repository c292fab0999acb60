import CabinetLoad
import TestSupport
import Testing

@Suite struct LatencyHistogramTests {
    @Test("Nothing recorded is zero everywhere")
    func empty() {
        let histogram = LatencyHistogram()
        #expect(histogram.count == 0)
        #expect(histogram.percentile(50) == .zero)
        #expect(histogram.maximum == .zero)
        #expect(histogram.buckets == [])
    }

    @Test(
        "Percentiles are those of a sorted list, to a tenth of a percent",
        arguments: [0, 1, 50, 90, 99, 99.9, 100]
    )
    func percentiles(_ percent: Double) {
        var generator = Seed.generator(7_200)
        var histogram = LatencyHistogram()
        var latencies: [Duration] = []
        for _ in 0..<5_000 {
            let exponent = Double.random(in: 3.5...10.5, using: &generator)
            var value = 1.0
            for _ in 0..<Int(exponent) { value *= 10 }
            let latency = Duration.nanoseconds(
                Int64(value * (1 + 8 * exponent.truncatingRemainder(dividingBy: 1)))
            )
            latencies.append(latency)
            histogram.record(latency)
        }
        latencies.sort()
        let rank = max(1, Int((percent * 50 - 1e-6).rounded(.up)))
        let expected = latencies[rank - 1] / .nanoseconds(1)
        let actual = histogram.percentile(percent) / .nanoseconds(1)
        #expect(actual >= expected * 0.999 - 1_000)
        #expect(actual <= expected * 1.001 + 1_000)
    }

    @Test(
        "What is out of range counts for the nearest that is not",
        arguments: [
            (Duration.seconds(-5), Duration.zero), (.zero, .zero),
            (.seconds(600), .seconds(600)), (.seconds(1e12), .seconds(600)),
        ]
    )
    func range(_ latency: Duration, _ expected: Duration) {
        var histogram = LatencyHistogram()
        histogram.record(latency)
        #expect(histogram.count == 1)
        let difference = (histogram.maximum - expected) / expected
        #expect(expected == .zero ? histogram.maximum < .microseconds(1) : difference < 0.001)
    }

    @Test("Made anew of its buckets it is the same, also of the greatest value")
    func buckets() throws {
        var generator = Seed.generator(7_201)
        var histogram = LatencyHistogram()
        for _ in 0..<2_000 {
            histogram.record(.nanoseconds(Int64.random(in: 0...50_000_000_000, using: &generator)))
        }
        histogram.record(.seconds(601))
        let other = try LatencyHistogram(histogram.buckets)
        #expect(other.buckets == histogram.buckets)
        #expect(other.count == 2_001)
        for percent in [0, 1, 50, 99.9, 100] {
            #expect(other.percentile(percent) == histogram.percentile(percent))
        }
    }

    @Test(
        "Buckets that are none are refused",
        arguments: [
            (1_000, -1), (1_000, Int(UInt32.max) + 1), (700_000_000_000, 1), (.max, 1),
        ] as [(UInt64, Int)]
    )
    func invalid(_ nanoseconds: UInt64, _ count: Int) {
        #expect(throws: LatencyHistogram.InvalidBuckets.self) {
            try LatencyHistogram([.init(nanoseconds: nanoseconds, count: count)])
        }
    }

    @Test("As many as may be of the greatest latency can be listed")
    func many() throws {
        let most = [LatencyHistogram.Bucket(nanoseconds: 600_000_000_000, count: Int(UInt32.max))]
        let histogram = try LatencyHistogram(most)
        #expect(histogram.buckets.map(\.count) == [Int(UInt32.max)])
        #expect(try LatencyHistogram([.init(nanoseconds: 5, count: 0)]).maximum == .zero)
    }
}

@Suite struct TimeSeriesTests {
    @Test(
        "Intervals are whole seconds, at most 240 of them",
        arguments: [(0, 1), (1, 1), (240, 1), (241, 2), (1_800, 8), (86_400, 360)]
    )
    func intervals(_ seconds: Int, _ interval: Int) {
        #expect(TimeSeries(for: .seconds(seconds)).interval == .seconds(interval))
    }

    @Test("What happens counts for its interval, and what comes too late for the last")
    func points() {
        var series = TimeSeries(for: .seconds(480))
        series.record(.milliseconds(5), at: .milliseconds(1_999))
        series.record(.milliseconds(7), at: .seconds(2))
        series.record(.milliseconds(9), at: .seconds(-3))
        series.recordError(at: .seconds(5))
        series.record(.milliseconds(11), at: .seconds(9_999))
        #expect(series.points.count == 240)
        #expect(series.points.map(\.latencies.count).prefix(3) == [2, 1, 0])
        #expect(series.points.map(\.errors).prefix(3) == [0, 0, 1])
        #expect(series.points.last?.latencies.count == 1)
        #expect(series.total.count == 4)
        #expect(series.errors == 1)
    }

    @Test("Series of two processes are those of one")
    func adding() {
        var one = TimeSeries(for: .seconds(10))
        var first = one
        var second = one
        for index in 0..<100 {
            let latency = Duration.microseconds(100 + index * 37)
            let time = Duration.milliseconds(index * 90)
            one.record(latency, at: time)
            if index.isMultiple(of: 3) {
                first.record(latency, at: time)
            } else {
                second.record(latency, at: time)
            }
        }
        one.recordError(at: .seconds(9))
        second.recordError(at: .seconds(9))
        first.add(second)
        #expect(first.total.buckets == one.total.buckets)
        #expect(first.points.map(\.latencies.buckets) == one.points.map(\.latencies.buckets))
        #expect(first.points.map(\.errors) == one.points.map(\.errors))
        #expect(first.errors == 1)
    }
}

@Suite struct TallyTests {
    @Test("The most frequent reasons come first, those of the same number by their names")
    func sorted() {
        var tally = Tally()
        for reason in ["B", "C", "A", "C"] { tally.record(reason) }
        #expect(tally.sorted.map(\.reason) == ["C", "A", "B"])
        #expect(tally.sorted.map(\.count) == [2, 1, 1])
        #expect(tally.total == 4)
    }

    @Test("More reasons than are told apart are counted together, and none is lost")
    func bounded() {
        var tally = Tally()
        for index in 0..<1_000 { tally.record("reason \(index)") }
        tally.record("reason 3", 5)
        #expect(tally.counts.count == Tally.maximumReasons + 1)
        #expect(tally.counts[Tally.others] == 1_000 - Tally.maximumReasons)
        #expect(tally.counts["reason 3"] == 6)
        #expect(tally.total == 1_005)
        var other = Tally()
        other.add(tally)
        #expect(other.total == 1_005)
        #expect(other.counts.count == Tally.maximumReasons + 1)
    }

    @Test("Those that are counted together take no room from one that is told apart")
    func others() {
        var tally = Tally()
        tally.record(Tally.others)
        for index in 0..<Tally.maximumReasons { tally.record("reason \(index)") }
        #expect(tally.counts[Tally.others] == 1)
    }
}

@Suite struct LatenessTests {
    @Test("What is late by more than ten milliseconds is late")
    func tolerance() {
        var lateness = RunRecord.Lateness()
        #expect(lateness.share == 0)
        for delay in [0, 5, 10, 11] { lateness.record(.milliseconds(delay)) }
        #expect(lateness.count == 4)
        #expect(lateness.late == 1)
        #expect(lateness.share == 25)
        #expect(lateness.greatest == .milliseconds(11))
        lateness.add(lateness)
        #expect(lateness.count == 8)
        #expect(lateness.late == 2)
    }
}
