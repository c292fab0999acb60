import ArgumentParser
import Foundation

/// A moment on the command line: in ISO 8601 with its zone, as `2019-06-24T08:30:00+07:00`, or on the clock of
/// the user's zone, as `2019-06-24 08:30`, `24/6/2019 08:30`, or `08:30`, which is today's.
struct TimeArgument: ExpressibleByArgument, Hashable, Sendable {
    let unixMilliseconds: Int64

    static let help =
        "as 2019-06-24T08:30:00+07:00, or in your zone as 2019-06-24 08:30 or 24/6/2019 08:30"

    init?(argument: String) {
        self.init(argument, in: .current, today: Date())
    }

    /// - Parameters:
    ///   - zone: Of a time that names none.
    ///   - today: The day of a time that names none.
    init?(_ text: String, in zone: TimeZone, today: Date) {
        guard let parts = TimeText(text) else { return nil }
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = parts.offsetSeconds.flatMap(TimeZone.init(secondsFromGMT:)) ?? zone
        var wanted = DateComponents()
        let now = calendar.dateComponents([.year, .month, .day], from: today)
        wanted.year = parts.day?.year ?? now.year
        wanted.month = parts.day?.month ?? now.month
        wanted.day = parts.day?.day ?? now.day
        wanted.hour = parts.hour
        wanted.minute = parts.minute
        wanted.second = parts.second
        guard let date = calendar.date(from: wanted) else { return nil }
        // There is no 30 February, and no 02:30 where clocks are put forward at 02:00.
        let found = calendar.dateComponents([.year, .month, .day, .hour, .minute], from: date)
        guard found.year == wanted.year, found.month == wanted.month, found.day == wanted.day,
            found.hour == wanted.hour, found.minute == wanted.minute
        else { return nil }
        let milliseconds = Int64(date.timeIntervalSince1970.rounded()) * 1_000
        // The schema takes 0 for «not set».
        guard milliseconds > 0 else { return nil }
        unixMilliseconds = milliseconds
    }
}

/// What a written moment says.
private struct TimeText {
    struct Day {
        let year: Int
        let month: Int
        let day: Int
    }

    /// `nil` for today.
    let day: Day?
    let hour: Int
    let minute: Int
    let second: Int
    /// `nil` for the user's zone.
    let offsetSeconds: Int?

    init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespaces)
        let pieces = text.split(whereSeparator: { $0 == " " || $0 == "T" }).map(String.init)
        guard let last = pieces.last, pieces.count <= 2 else { return nil }
        if pieces.count == 2 {
            guard let day = Self.day(pieces[0]) else { return nil }
            self.day = day
        } else {
            day = nil
        }
        guard let clock = Self.clock(last) else { return nil }
        // A zone without a day would leave open which day is meant.
        guard clock.offsetSeconds == nil || day != nil else { return nil }
        (hour, minute, second, offsetSeconds) = clock
    }

    /// `2019-06-24`, or `24/6/2019` as in Viet Nam.
    private static func day(_ text: String) -> Day? {
        if let match = text.wholeMatch(of: /(\d{4})-(\d{2})-(\d{2})/) {
            return day(match.1, match.2, match.3)
        }
        if let match = text.wholeMatch(of: /(\d{1,2})\/(\d{1,2})\/(\d{4})/) {
            return day(match.3, match.2, match.1)
        }
        return nil
    }

    private static func day(_ year: Substring, _ month: Substring, _ day: Substring) -> Day? {
        guard let year = Int(year), let month = Int(month), let day = Int(day) else { return nil }
        return Day(year: year, month: month, day: day)
    }

    /// `08:30`, `08:30:15`, with or without `Z`, `+07:00` or `+0700` behind it.
    private static func clock(
        _ text: String
    ) -> (hour: Int, minute: Int, second: Int, offsetSeconds: Int?)? {
        let pattern = /(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?/
        guard let match = text.wholeMatch(of: pattern), let hour = Int(match.1),
            let minute = Int(match.2), let second = Int(match.3 ?? "0"),
            hour < 24, minute < 60, second < 60
        else { return nil }
        guard let zone = match.4 else { return (hour, minute, second, nil) }
        guard let offset = offset(String(zone)) else { return nil }
        return (hour, minute, second, offset)
    }

    private static func offset(_ text: String) -> Int? {
        if text == "Z" { return 0 }
        let digits = text.dropFirst().filter { $0 != ":" }
        guard let hours = Int(digits.prefix(2)), let minutes = Int(digits.suffix(2)), hours <= 18,
            minutes < 60
        else { return nil }
        return (text.hasPrefix("-") ? -1 : 1) * (hours * 3_600 + minutes * 60)
    }
}
