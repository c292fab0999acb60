/// A number with a fixed number of decimals. What is not finite is «–».
func fixed(_ value: Double, _ decimals: Int) -> String {
    var factor = 1
    for _ in 0..<decimals { factor *= 10 }
    guard value.isFinite, let scaled = Int64(exactly: (value * Double(factor)).rounded()) else {
        return "–"
    }
    let magnitude = scaled.magnitude
    let whole = "\(scaled < 0 ? "-" : "")\(magnitude / UInt64(factor))"
    guard decimals > 0 else { return whole }
    let fraction = String(magnitude % UInt64(factor))
    return "\(whole).\(String(repeating: "0", count: decimals - fraction.count))\(fraction)"
}

/// A latency in milliseconds, with three digits that say something and no more decimals.
func milliseconds(_ duration: Duration) -> String { milliseconds(duration.inMilliseconds) }

func milliseconds(_ value: Double) -> String {
    guard value < 99.95 else { return Int(exactly: value.rounded()).map(grouped) ?? "–" }
    return fixed(value, value < 9.995 ? 2 : 1)
}

/// A latency for people: «8.55 ms», «2.46 s».
func latencyText(_ duration: Duration) -> String {
    let value = duration.inMilliseconds
    guard value >= 999.5 else { return "\(milliseconds(value)) ms" }
    return "\(fixed(value / 1_000, value < 9_995 ? 2 : 1)) s"
}

/// A count with its thousands apart.
func grouped(_ count: Int) -> String {
    let digits = Array(String(count.magnitude))
    var result = count < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
        if index > 0, (digits.count - index).isMultiple(of: 3) { result += "," }
        result.append(digit)
    }
    return result
}

extension Duration {
    var inMilliseconds: Double { self / .milliseconds(1) }
    var inSeconds: Double { self / .seconds(1) }
}

/// «2026-11-26 06:19:49 UTC». What is before 1970 or after the year 9999 is shown as these.
func utc(unixMs: Int64) -> String {
    let seconds = min(max(0, unixMs / 1_000), 253_402_300_799)
    // Days to a date: H. Hinnant, «chrono-compatible low-level date algorithms». Years begin in March.
    let days = seconds / 86_400 + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let day = dayOfYear - (153 * shifted + 2) / 5 + 1
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    func two(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60].map(two)
    return "\(year)-\(two(month))-\(two(day)) \(clock.joined(separator: ":")) UTC"
}

/// A text from outside for a terminal: on one line, and without what would steer the terminal or change
/// the direction of what follows.
func printable(_ text: String, atMost limit: Int = 200) -> String {
    var result = ""
    for scalar in text.unicodeScalars.prefix(limit) {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: result += "\u{fffd}"
        case .format where scalar.properties.isBidiControl: result += "\u{fffd}"
        default: result.unicodeScalars.append(scalar)
        }
    }
    return text.unicodeScalars.count > limit ? result + "…" : result
}
