/// A moment on a monotonic clock, in nanoseconds from a beginning that only that clock knows.
///
/// State machines are told the time; they have no clock.
public struct Timestamp: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }

    /// A later moment; the last one that there is where it would be later than that.
    public static func + (moment: Self, interval: Interval) -> Self {
        let (sum, overflow) = moment.nanoseconds.addingReportingOverflow(interval.nanoseconds)
        return Self(nanoseconds: overflow ? .max : sum)
    }

    /// The time that has passed since an earlier moment; none since a later one.
    public func since(_ earlier: Self) -> Interval {
        Interval(nanoseconds: self > earlier ? nanoseconds - earlier.nanoseconds : 0)
    }
}

/// A length of time, in nanoseconds.
public struct Interval: Hashable, Comparable, Sendable {
    public let nanoseconds: UInt64

    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    public static func microseconds(_ count: UInt32) -> Self {
        Self(nanoseconds: UInt64(count) * 1_000)
    }

    public static func milliseconds(_ count: UInt32) -> Self {
        Self(nanoseconds: UInt64(count) * 1_000_000)
    }

    public static func seconds(_ count: UInt32) -> Self {
        Self(nanoseconds: UInt64(count) * 1_000_000_000)
    }

    public static func < (left: Self, right: Self) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}
