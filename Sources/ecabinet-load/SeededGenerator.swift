/// SplitMix64 (Steele, Lea, Flood, 2014): choices that a seed repeats.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    /// One of many that a seed gives, each with choices of its own.
    ///
    /// Beginnings that are a multiple of the generator's own step apart would give the same choices, a
    /// little later: so that the beginning is itself an outcome, of a state that the number has changed.
    init(seed: UInt64, stream: Int) {
        var beginning = SeededGenerator(seed: seed ^ UInt64(truncatingIfNeeded: stream + 1) << 32)
        self.init(seed: beginning.next())
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }
}
