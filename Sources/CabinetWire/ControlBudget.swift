/// Bounds how many frames a peer may send that cost it little and us something (CWP/1, rule 9.1).
///
/// A token bucket in whole numbers: it is full at the beginning, each frame takes a token, and
/// tokens come back at a steady rate.
public struct ControlBudget: Sendable, Hashable {
    /// The tokens of a full bucket.
    public let burst: UInt32
    /// The time in which a token comes back.
    public let refill: Interval

    private var tokens: UInt32
    /// The moment up to which the tokens that came back have been counted.
    private var countedUpTo: Timestamp

    /// - Precondition: Both numbers are above 0.
    public init(burst: UInt32 = 200, perSecond: UInt32 = 20, at now: Timestamp) {
        precondition(burst > 0 && perSecond > 0)
        self.burst = burst
        // A rate beyond the clock's is the clock's.
        refill = Interval(nanoseconds: max(1, 1_000_000_000 / UInt64(perSecond)))
        tokens = burst
        countedUpTo = now
    }

    /// Takes a token.
    ///
    /// - Returns: `false` where there is none left: the peer floods.
    public mutating func spend(at now: Timestamp) -> Bool {
        let returned = now.since(countedUpTo).nanoseconds / refill.nanoseconds
        if returned >= UInt64(burst - tokens) {
            tokens = burst
            countedUpTo = max(now, countedUpTo)
        } else {
            tokens += UInt32(returned)
            countedUpTo = countedUpTo + Interval(nanoseconds: returned * refill.nanoseconds)
        }
        guard tokens > 0 else { return false }
        tokens -= 1
        return true
    }
}
