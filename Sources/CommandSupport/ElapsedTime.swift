internal import Glibc

/// The time that passes, whatever the wall clock is set to.
public enum ElapsedTime {
    /// Milliseconds since the machine was started, those included in which it slept.
    public static func milliseconds() -> Int64 {
        var now = timespec()
        clock_gettime(CLOCK_BOOTTIME, &now)
        return Int64(now.tv_sec) * 1_000 + Int64(now.tv_nsec) / 1_000_000
    }
}
