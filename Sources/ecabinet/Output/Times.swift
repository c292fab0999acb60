import Foundation

/// Moments as they are written: in the user's zone for people, and in ISO 8601 for programs.
struct Times: Sendable {
    let zone: TimeZone

    /// In the user's zone, which is that of TZ or the system's.
    static let here = Times(zone: .current)

    /// For people: `2019-06-24 08:30:00`.
    func local(unixMilliseconds: Int64) -> String {
        guard let parts = parts(unixMilliseconds) else { return "\(unixMilliseconds) ms" }
        return "\(parts.day) \(parts.time)"
    }

    /// ISO 8601 with milliseconds and the zone: `2019-06-24T08:30:00.000+07:00`.
    func iso(unixMilliseconds: Int64) -> String {
        guard let parts = parts(unixMilliseconds) else { return "\(unixMilliseconds) ms" }
        let minutes = parts.offsetSeconds / 60
        let sign = minutes < 0 ? "-" : "+"
        let offset = "\(sign)\(two(abs(minutes) / 60)):\(two(abs(minutes) % 60))"
        let milliseconds = String(format: "%03d", parts.milliseconds)
        return "\(parts.day)T\(parts.time).\(milliseconds)\(offset)"
    }

    /// As JSON; `null` where 0 stands for «not set», as on the wire.
    func json(unixMilliseconds: Int64) -> JSONValue {
        unixMilliseconds == 0 ? .null : .string(iso(unixMilliseconds: unixMilliseconds))
    }

    private struct Parts {
        let day: String
        let time: String
        let milliseconds: Int64
        let offsetSeconds: Int
    }

    /// The years 1 to 9999, which ISO 8601 writes with four digits, and a day less at both ends for zones.
    private static let unixSeconds: ClosedRange<Int64> = -62_135_510_400...253_402_214_399

    /// - Returns: `nil` outside of ``unixSeconds``.
    private func parts(_ unixMilliseconds: Int64) -> Parts? {
        let (quotient, remainder) = unixMilliseconds.quotientAndRemainder(dividingBy: 1_000)
        let seconds = remainder < 0 ? quotient - 1 : quotient
        guard Self.unixSeconds.contains(seconds) else { return nil }
        let date = Date(timeIntervalSince1970: Double(seconds))
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = zone
        let found = calendar.dateComponents(
            [.year, .month, .day, .hour, .minute, .second],
            from: date
        )
        guard let year = found.year, let month = found.month, let day = found.day,
            let hour = found.hour, let minute = found.minute, let second = found.second
        else { return nil }
        return Parts(
            day: String(format: "%04d-%02d-%02d", year, month, day),
            time: String(format: "%02d:%02d:%02d", hour, minute, second),
            milliseconds: remainder < 0 ? remainder + 1_000 : remainder,
            offsetSeconds: zone.secondsFromGMT(for: date)
        )
    }

    private func two(_ number: Int) -> String { String(format: "%02d", number) }
}
