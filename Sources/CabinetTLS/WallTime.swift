internal import Glibc

/// A moment of the calendar, as certificates have them: whole seconds since 1970-01-01 00:00:00 UTC.
public struct WallTime: Hashable, Comparable, Sendable {
    public var secondsSince1970: Int64

    public init(secondsSince1970: Int64) {
        self.secondsSince1970 = secondsSince1970
    }

    public static func < (left: WallTime, right: WallTime) -> Bool {
        left.secondsSince1970 < right.secondsSince1970
    }

    /// The moment that many seconds later.
    func advanced(bySeconds seconds: Int64) -> WallTime {
        let (sum, overflow) = secondsSince1970.addingReportingOverflow(seconds)
        return WallTime(secondsSince1970: overflow ? .max : sum)
    }
}

extension WallTime {
    /// The system's clock.
    public static var now: WallTime {
        WallTime(secondsSince1970: Int64(time(nil)))
    }
}
