/// A moment on the server's clock: milliseconds since 1970-01-01T00:00:00Z, and after it.
///
/// The model has no clock; it is told the time. 0 is no moment: on the wire it means «not set».
public struct Moment: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Milliseconds since 1970-01-01T00:00:00Z. At least 1.
    public let unixMilliseconds: Int64

    /// - Throws: ``InvalidValue`` where it is not after 1970-01-01T00:00:00Z.
    public init(unixMilliseconds: Int64) throws(InvalidValue) {
        guard unixMilliseconds > 0 else { throw InvalidValue("a moment is after 1970") }
        self.unixMilliseconds = unixMilliseconds
    }

    private init(proven unixMilliseconds: Int64) {
        self.unixMilliseconds = unixMilliseconds
    }

    public var description: String { "\(unixMilliseconds) ms" }

    public static func < (left: Self, right: Self) -> Bool {
        left.unixMilliseconds < right.unixMilliseconds
    }

    /// A later moment; the last one that there is where it would be later than that.
    func adding(milliseconds: UInt32) -> Moment {
        let (sum, overflow) = unixMilliseconds.addingReportingOverflow(Int64(milliseconds))
        return Moment(proven: overflow ? .max : sum)
    }

    /// The milliseconds from this moment to another; 0 where that has passed.
    func milliseconds(until later: Moment) -> UInt32 {
        // Both are positive: the difference cannot overflow.
        UInt32(clamping: later.unixMilliseconds - unixMilliseconds)
    }
}

/// How long a poll takes ballots: 1,000…86,400,000 ms (voting.proto, `OpenPollRequest`).
public struct PollDuration: Hashable, Sendable {
    public let milliseconds: UInt32

    /// - Throws: ``InvalidValue`` where it is not between a second and a day.
    public init(milliseconds: UInt32) throws(InvalidValue) {
        guard Limits.pollDurationMilliseconds.contains(milliseconds) else {
            throw InvalidValue("a poll's timer has 1,000 to 86,400,000 ms")
        }
        self.milliseconds = milliseconds
    }
}
