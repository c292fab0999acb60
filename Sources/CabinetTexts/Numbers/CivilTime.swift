public import CabinetModel

/// How far a place's time is ahead of UTC, which changes with the seasons in some.
///
/// The texts read no time zone themselves: whoever shows them says which.
public struct CivilZone: Sendable {
    private let offset: @Sendable (_ unixSeconds: Int64) -> Int64

    /// - Parameter secondsFromUTC: At a time in seconds since 1970-01-01T00:00:00Z. What is more than a
    ///   day is taken for one.
    public init(secondsFromUTC: @escaping @Sendable (_ unixSeconds: Int64) -> Int64) {
        offset = secondsFromUTC
    }

    public static let utc = CivilZone { _ in 0 }

    /// Indochina Time, UTC+7 in all seasons.
    public static let vietnam = CivilZone { _ in 25_200 }

    func secondsFromUTC(at unixSeconds: Int64) -> Int64 {
        min(max(offset(unixSeconds), -86_400), 86_400)
    }
}

/// A moment as the clock and the calendar of a place show it, in the Gregorian calendar.
public struct CivilTime: Hashable, Sendable {
    public let year: Int64
    /// 1…12.
    public let month: Int64
    /// 1…31.
    public let day: Int64
    public let hour: Int64
    public let minute: Int64
    public let second: Int64
    private let offsetMinutes: Int64

    public init(_ moment: Moment, in zone: CivilZone) {
        let unixSeconds = moment.unixMilliseconds / 1_000
        let offset = zone.secondsFromUTC(at: unixSeconds)
        offsetMinutes = offset / 60
        // A moment is positive and far from the end of the range once it is in seconds.
        let local = unixSeconds + offset
        let days = (local >= 0 ? local : local - 86_399) / 86_400
        let time = local - days * 86_400
        (year, month, day) = Self.date(days: days)
        hour = time / 3_600
        minute = time / 60 % 60
        second = time % 60
    }

    /// The date so many days after 1970-01-01. Years begin in March here, so that the leap day is the last
    /// of one; 400 of them have 146,097 days.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// «09:30».
    public var clock: String { twoDigits(hour) + ":" + twoDigits(minute) }

    /// «09:30:05».
    public var clockWithSeconds: String { clock + ":" + twoDigits(second) }

    /// «24/6/2019» in Vietnamese, «24 June 2019» in English.
    public func date(in language: Language) -> String {
        language.text(vi: "\(day)/\(month)/\(year)", en: "\(day) \(englishMonth) \(year)")
    }

    /// «09:30 ngày 24/6/2019» in Vietnamese, «24 June 2019, 09:30» in English.
    public func text(in language: Language) -> String {
        language.text(
            vi: "\(clock) ngày \(date(in: language))",
            en: "\(date(in: language)), \(clock)"
        )
    }

    /// As programs read it (ISO 8601), to the second: «2019-06-24T09:30:05+07:00», «…Z» in UTC.
    public var iso8601: String {
        let sign = offsetMinutes < 0 ? "-" : "+"
        let (hours, minutes) = abs(offsetMinutes).quotientAndRemainder(dividingBy: 60)
        let zone = offsetMinutes == 0 ? "Z" : sign + twoDigits(hours) + ":" + twoDigits(minutes)
        let padding = String(repeating: "0", count: max(0, 4 - String(year).count))
        return padding + "\(year)-\(twoDigits(month))-\(twoDigits(day))T\(clockWithSeconds)" + zone
    }

    private var englishMonth: String {
        let names = [
            "January", "February", "March", "April", "May", "June", "July", "August", "September",
            "October", "November", "December",
        ]
        let index = Int(month) - 1
        return names.indices.contains(index) ? names[index] : String(month)
    }
}
