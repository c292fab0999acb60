internal import Glibc

/// The system's wall clock.
public enum WallClock {
    /// Milliseconds since 1970-01-01 00:00:00 UTC.
    public static func milliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
