/// The ITEM frames of one call in one direction (CWP/1, section 4): how many bytes they had, and how
/// many they may have. Both ends keep one, and count alike.
struct CreditWindow: Hashable, Sendable {
    /// The sum of the frames so far, with their headers.
    private var usedBytes: UInt64 = 0
    /// What the sum may come to.
    private var limitBytes: UInt64
    /// How often the limit was raised by much.
    private var raiseCount: UInt64 = 0

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
        /// Whether it counts as a control frame (rule 9.1): it raises the limit by little, or is one
        /// of more than what was sent calls for.
        let isSmall: Bool
    }

    /// Raises the limit; one that is not higher changes nothing (rule 4.2).
    mutating func raise(to newLimitBytes: UInt64) -> Raise {
        guard newLimitBytes > limitBytes else { return Raise(isHigher: false, isSmall: true) }
        let small = ConnectionLimits.smallCreditBytes
        let difference = newLimitBytes - limitBytes
        limitBytes = newLimitBytes
        guard difference >= small else { return Raise(isHigher: true, isSmall: true) }
        raiseCount += 1
        // Both ends count the same raises, and the sender of items has sent no less than has arrived:
        // so it never takes for small what the other end did not.
        return Raise(isHigher: true, isSmall: raiseCount > usedBytes / small)
    }

    /// Raises the limit to what the peer's HELLO says (rule 4.2). That is no CREDIT.
    ///
    /// - Returns: Whether it is higher than before.
    mutating func raiseInitial(to newLimitBytes: UInt64) -> Bool {
        guard newLimitBytes > limitBytes else { return false }
        limitBytes = newLimitBytes
        return true
    }
}
