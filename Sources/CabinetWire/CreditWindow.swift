/// The ITEM bytes of one call in one direction (CWP/1, section 4): how many there were, and how many
/// there may be. Both ends keep one, and count alike.
struct CreditWindow: Hashable, Sendable {
    /// The sum of the bodies so far.
    private(set) var usedBytes: UInt64 = 0
    /// What the sum may come to.
    private(set) var limitBytes: UInt64

    init(initialBytes: Int) {
        limitBytes = UInt64(initialBytes)
    }

    /// Counts a frame.
    ///
    /// - Returns: `false`, and counts nothing, where it would pass the limit.
    mutating func use(_ byteCount: Int) -> Bool {
        guard UInt64(byteCount) <= limitBytes - usedBytes else { return false }
        usedBytes += UInt64(byteCount)
        return true
    }

    /// Raises the limit; one that is not higher changes nothing (rule 4.2).
    ///
    /// - Returns: By how much it was raised.
    mutating func raise(to newLimitBytes: UInt64) -> UInt64 {
        guard newLimitBytes > limitBytes else { return 0 }
        defer { limitBytes = newLimitBytes }
        return newLimitBytes - limitBytes
    }
}
