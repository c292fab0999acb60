import Testing

@testable import TestSupport

/// What random tests run from.
@Suite struct SeedTests {
    @Test(
        "No test has the numbers of another, a little later",
        arguments: [0, 1, 24_062_019, UInt64.max]
    )
    func streams(_ seed: UInt64) {
        var numbers: Set<UInt64> = []
        for test in 0..<100 {
            var generator = Seed.generator(UInt64(test), of: seed)
            for _ in 0..<100 { numbers.insert(generator.next()) }
        }
        #expect(numbers.count == 10_000)
    }

    @Test("A seed gives the same numbers again")
    func again() {
        var (one, other) = (Seed.generator(3, of: 5), Seed.generator(3, of: 5))
        for _ in 0..<10 { #expect(one.next() == other.next()) }
    }
}
