internal import Foundation

/// Randomness that a failed test can be run with again: the seed is printed, and
/// CABINET_TEST_SEED sets it.
public enum Seed {
    public static let value: UInt64 = {
        let text = ProcessInfo.processInfo.environment["CABINET_TEST_SEED"]
        let seed = text.flatMap { UInt64($0) } ?? .random(in: .min ... .max)
        print("CABINET_TEST_SEED=\(seed)")
        return seed
    }()

    /// A generator for one test, independent of the order in which tests run.
    public static func generator(_ test: UInt64) -> SplitMix64 {
        generator(test, of: value)
    }

    /// The generator of one test under a seed.
    ///
    /// Beginnings that are a multiple of the generator's own step apart would give the same numbers, a little
    /// later: so that the beginning is itself an outcome, of a state that the outcome for the test has changed.
    static func generator(_ test: UInt64, of seed: UInt64) -> SplitMix64 {
        var own = SplitMix64(state: test)
        var beginning = SplitMix64(state: seed ^ own.next())
        return SplitMix64(state: beginning.next())
    }
}

/// SplitMix64 (Steele, Lea, Flood, 2014).
public struct SplitMix64: RandomNumberGenerator {
    private var state: UInt64

    public init(state: UInt64) {
        self.state = state
    }

    public mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    public mutating func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
    }
}
