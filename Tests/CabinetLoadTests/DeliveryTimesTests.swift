import CabinetLoad
import Testing

/// What a delivery is: from the answer to a ballot to its event, in whatever order they come.
@Suite struct DeliveryTimesTests {
    private var times = DeliveryTimes(for: .seconds(10))

    private var recorded: [LatencyHistogram.Bucket] { times.series.total.buckets }

    private func milliseconds(_ number: Int) -> Duration { .milliseconds(number) }

    @Test("An event after its answer took the time between them")
    mutating func after() {
        times.answered(5, at: milliseconds(100))
        times.arrived(5, at: milliseconds(130))
        #expect(times.series.total.count == 1)
        #expect(times.series.total.maximum >= .milliseconds(30))
        #expect(times.series.total.maximum < .milliseconds(31))
    }

    @Test("Where an event is there before its answer, its deliveries count from its first arrival")
    mutating func before() {
        times.arrived(5, at: milliseconds(90))
        times.arrived(5, at: milliseconds(95))
        #expect(times.series.total.count == 0)
        times.answered(5, at: milliseconds(100))
        times.arrived(5, at: milliseconds(120))
        #expect(times.series.total.count == 3)
        #expect(times.series.total.percentile(10) < .milliseconds(1))
        #expect(times.series.total.percentile(50) >= .milliseconds(5))
        #expect(times.series.total.percentile(50) < .milliseconds(6))
        #expect(times.series.total.maximum >= .milliseconds(30))
    }

    @Test("Everybody's delivery counts, those before the answer and those after it")
    mutating func many() {
        for time in [80, 90, 95] { times.arrived(7, at: milliseconds(time)) }
        times.answered(7, at: milliseconds(100))
        for time in [110, 120] { times.arrived(7, at: milliseconds(time)) }
        #expect(times.series.total.count == 5)
    }

    @Test("An event without an answer is no delivery")
    mutating func unanswered() {
        times.arrived(7, at: milliseconds(80))
        times.answered(8, at: milliseconds(90))
        #expect(times.series.total.count == 0)
    }

    @Test("The first answer to a ballot counts, which was sent again")
    mutating func twice() {
        times.answered(5, at: milliseconds(100))
        times.answered(5, at: milliseconds(900))
        times.arrived(5, at: milliseconds(150))
        #expect(times.series.total.maximum < .milliseconds(51))
    }

    @Test("The oldest arrivals leave where too many wait for an answer")
    mutating func bounded() {
        times.arrived(1, at: .zero)
        for _ in 0..<DeliveryTimes.maximumWaiting { times.arrived(2, at: .zero) }
        times.answered(1, at: milliseconds(1))
        #expect(times.series.total.count == 0)
        times.answered(2, at: milliseconds(1))
        #expect(times.series.total.count == DeliveryTimes.maximumWaiting)
    }

    @Test("The oldest answers leave where there are too many")
    mutating func answersAreBounded() {
        // Entries that others have made are missing among them.
        for number in 0...DeliveryTimes.maximumAnswers {
            times.answered(UInt64(number) * 2, at: .zero)
        }
        times.arrived(0, at: .zero)
        #expect(times.series.total.count == 0)
        times.arrived(2, at: .zero)
        #expect(times.series.total.count == 1)
    }
}
