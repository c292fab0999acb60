/// Decimal numbers as C2SP texts have them: ASCII digits, no sign, no leading zero.
enum Decimal {
    /// The number; nil where the text is not exactly a number's, or the number is above `limit`.
    static func parse(_ text: ArraySlice<UInt8>, limit: UInt64) -> UInt64? {
        guard let first = text.first, first != UInt8(ascii: "0") || text.count == 1 else {
            return nil
        }
        var number: UInt64 = 0
        for character in text {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(character) else { return nil }
            let digit = UInt64(character - UInt8(ascii: "0"))
            let (product, hasOverflown) = number.multipliedReportingOverflow(by: 10)
            let (sum, hasCarried) = product.addingReportingOverflow(digit)
            guard !hasOverflown, !hasCarried else { return nil }
            number = sum
        }
        return number <= limit ? number : nil
    }
}
