internal import CabinetLedger

/// Times in certificates and lists: UTCTime up to 2049, GeneralizedTime from 2050 (RFC 5280, section
/// 4.1.2.5).
enum CertificateTime {
    static func der(_ unixSeconds: Int64) throws(IssuingError) -> [UInt8] {
        // 9999-12-31T23:59:59Z, the last moment that there is a form for.
        guard (0...253_402_300_799).contains(unixSeconds) else { throw .invalidTime(unixSeconds) }
        let date = date(days: unixSeconds / 86_400)
        let second = unixSeconds % 86_400
        let rest =
            [date.month, date.day, second / 3_600, second / 60 % 60, second % 60]
            .map { digits($0, 2) }.joined() + "Z"
        return date.year < 2_050
            ? DER.element(0x17, Array((digits(date.year % 100, 2) + rest).utf8))
            : DER.element(0x18, Array((digits(date.year, 4) + rest).utf8))
    }

    private static func digits(_ number: Int64, _ count: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, count - text.count)) + text
    }

    /// The date of a day counted from 1970-01-01 in the Gregorian calendar. Years are counted from March, so
    /// that the day that only some years have is the last of its year.
    private static func date(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // From 0000-03-01, in eras of 400 years, which all have the same number of days.
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted % 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        // Months from March on have 31, 30, 31, 30, 31 days, and so again.
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
