internal import CabinetDocuments
internal import CabinetModel

/// A moment as a calendar and a clock show it, by the proleptic Gregorian calendar and without leap
/// seconds, as POSIX counts.
struct Timestamp: Hashable, Sendable {
    let year: Int64
    let month: Int
    let day: Int
    let hour: Int
    let minute: Int
    let second: Int
    let millisecond: Int
    private let offset: UTCOffset?

    /// - Parameter offset: Of the clock; `nil` for UTC.
    init(_ moment: Moment, at offset: UTCOffset? = nil) {
        self.offset = offset
        let shift = Int64(offset?.minutes ?? 0) * 60_000
        // The last moments that there are have no local time: they stay where they are.
        let milliseconds = moment.unixMilliseconds.addingReportingOverflow(shift)
        let local = milliseconds.overflow ? moment.unixMilliseconds : milliseconds.partialValue
        // A clock west of Greenwich may show 1969.
        let days = local >= 0 ? local / 86_400_000 : -1
        let rest = local - days * 86_400_000
        (year, month, day) = Self.date(days)
        hour = Int(rest / 3_600_000)
        minute = Int(rest / 60_000 % 60)
        second = Int(rest / 1_000 % 60)
        millisecond = Int(rest % 1_000)
    }

    /// The date that is so many days after 1970-01-01, at least −1.
    ///
    /// Source: H. Hinnant, «chrono-Compatible Low-Level Date Algorithms», civil_from_days.
    private static func date(_ days: Int64) -> (Int64, Int, Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Years begin in March.
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), Int(month), Int(day))
    }

    /// As in ISO 8601, with milliseconds.
    var iso8601: String {
        "\(padded(year, to: 4))-\(padded(month))-\(padded(day))T\(clock)"
            + ".\(padded(millisecond, to: 3))\(offset?.description ?? "Z")"
    }

    /// «09:30:05».
    var clock: String { "\(padded(hour)):\(padded(minute)):\(padded(second))" }
}

extension JSON {
    /// A moment, in UTC.
    static func time(_ moment: Moment) -> JSON { .string(Timestamp(moment).iso8601) }

    static func optional(_ moment: Moment?) -> JSON? { moment.map(JSON.time) }
}
