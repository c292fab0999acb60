import CabinetModel
import CabinetTexts
import Foundation

/// The machine's clock and its time zone, which is that of TZ or the system's.
enum SystemTime {
    static let now: @Sendable () -> Moment = {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        let milliseconds = Int64(time.tv_sec) * 1_000 + Int64(time.tv_nsec) / 1_000_000
        do {
            return try Moment(unixMilliseconds: max(1, milliseconds))
        } catch {
            preconditionFailure("a moment is after 1970")
        }
    }

    static let zone = CivilZone { unixSeconds in
        var seconds = time_t(unixSeconds)
        var parts = tm()
        guard localtime_r(&seconds, &parts) != nil else { return 0 }
        return Int64(parts.tm_gmtoff)
    }
}
