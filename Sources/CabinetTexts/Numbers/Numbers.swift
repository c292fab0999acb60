extension Language {
    /// A number in groups of three digits: «1.234» in Vietnamese, «1,234» in English.
    public func number(_ number: some BinaryInteger) -> String {
        let separator = text(vi: ".", en: ",")
        let digits = Array(String(number.magnitude))
        var grouped = number < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { grouped += separator }
            grouped.append(digit)
        }
        return grouped
    }

    /// A span of time to the second, as a clock shows it: «4:05», «1:02:03».
    ///
    /// - Parameter seconds: Less than 0 is 0.
    public func clock(seconds: Int64) -> String {
        let seconds = max(0, seconds)
        let (minutes, second) = seconds.quotientAndRemainder(dividingBy: 60)
        let (hours, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        let tail = twoDigits(second)
        return hours == 0 ? "\(minute):\(tail)" : "\(hours):\(twoDigits(minute)):\(tail)"
    }
}

/// A number below 100 in two digits.
func twoDigits(_ number: Int64) -> String {
    number < 10 ? "0\(number)" : "\(number)"
}
