/// The ITEM frames of one call in one direction (CWP/1, section 4): how many bytes they had, and how
/// many they may have. Both ends keep one, and count alike.
struct CreditWindow: Hashable, Sendable {
    /// The sum of the frames so far, with their headers.
    private var usedBytes: UInt64 = 0
    /// What the sum may come to.
    private var limitBytes: UInt64
    /// The sum when the limit was last raised by much.
    private var usedBytesAtRaise: UInt64 = 0

    init(initialBytes: Int) {
        limitBytes = UInt64(initialBytes)
    }

    /// Counts a frame.
    ///
    /// - Returns: `false`, and counts nothing, where it would pass the limit.
    mutating func use(bodyByteCount: Int) -> Bool {
        // The header counts, or empty items would be free (rule 4.1).
        let byteCount = UInt64(bodyByteCount + FrameHeader.byteCount)
        guard byteCount <= limitBytes - usedBytes else { return false }
        usedBytes += byteCount
        return true
    }

    /// What a CREDIT has changed.
    struct Raise: Hashable, Sendable {
        let isHigher: Bool
        /// Whether it counts as a control frame (rule 9.1): it raises the limit by little, or comes
        /// although little was sent since the last.
        let isSmall: Bool
    }

    /// Raises the limit; one that is not higher changes nothing (rule 4.2).
    mutating func raise(to newLimitBytes: UInt64) -> Raise {
        guard newLimitBytes > limitBytes else { return Raise(isHigher: false, isSmall: true) }
        let small = ConnectionLimits.smallCreditBytes
        let isSmall =
            newLimitBytes - limitBytes < small || usedBytes - usedBytesAtRaise < small
        limitBytes = newLimitBytes
        if !isSmall { usedBytesAtRaise = usedBytes }
        return Raise(isHigher: true, isSmall: isSmall)
    }
}
