import CabinetLoad
import TestSupport
import Testing

@Suite struct ArrivalTests {
    private func times(_ arrival: Arrival, _ count: Int, seed: UInt64 = 1) -> [Duration] {
        var generator = SplitMix64(state: seed)
        return arrival.times(count, using: &generator)
    }

    @Test("All at once is all at once")
    func allAtOnce() {
        #expect(times(.allAtOnce, 3) == [.zero, .zero, .zero])
        #expect(Arrival.allAtOnce.duration == .zero)
    }

    @Test("Spread arrivals have even distances, and the last is one of these before the end")
    func spread() {
        #expect(
            times(.spread(.seconds(10)), 4)
                == [.zero, .milliseconds(2_500), .seconds(5), .milliseconds(7_500)]
        )
        #expect(times(.spread(.seconds(10)), 1) == [.zero])
        #expect(Arrival.spread(.seconds(10)).duration == .seconds(10))
    }

    @Test(
        "Nobody arrives where nobody is to",
        arguments: [Arrival.allAtOnce, .spread(.seconds(1)), .poisson(.seconds(1))]
    )
    func nobody(_ arrival: Arrival) {
        #expect(times(arrival, 0) == [])
        #expect(times(arrival, -1) == [])
    }

    @Test(
        "Poisson arrivals come in order, at the same times for the same seed, and at others for another"
    )
    func seeded() {
        let arrival = Arrival.poisson(.seconds(100))
        let first = times(arrival, 1_000, seed: 7)
        #expect(first == times(arrival, 1_000, seed: 7))
        #expect(first != times(arrival, 1_000, seed: 8))
        #expect(first == first.sorted())
        #expect(first.allSatisfy { $0 >= .zero })
    }

    @Test("Distances of Poisson arrivals are exponential: mean, deviation and share of short ones")
    func exponential() throws {
        var generator = Seed.generator(7_100)
        let times = Arrival.poisson(.seconds(100)).times(10_000, using: &generator)
        let distances = zip(times.dropFirst(), times).map { ($0.0 - $0.1) / .milliseconds(10) }
        let mean = distances.reduce(0, +) / Double(distances.count)
        #expect(abs(mean - 1) < 0.05, "\(mean)")
        // The deviation of an exponential distribution is its mean; its standard error is 1.4 %.
        let squares = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        let deviation = (squares / Double(distances.count)).squareRoot()
        #expect(abs(deviation - 1) < 0.1, "\(deviation)")
        let short = Double(distances.count { $0 < 0.693_147 }) / Double(distances.count)
        #expect(abs(short - 0.5) < 0.03, "\(short)")
    }
}
