/// A text for where there is nothing but ASCII, such as a terminal without UTF-8: Latin letters without
/// their tones and other marks, «đ» as «d»; a question mark for any other character.
public struct ASCIIText: Hashable, Sendable {
    /// The text itself.
    public let value: String

    /// - Complexity: O(*n*).
    public init(_ text: String) {
        var ascii = ""
        for scalar in LatinLetter.expanding(CanonicalDecomposition.scalars(of: text)) {
            // A mark belongs to the letter before it.
            if scalar.properties.canonicalCombiningClass != .notReordered || scalar.isIgnorable {
                continue
            }
            switch scalar {
            case "đ": ascii += "d"
            case "Đ": ascii += "D"
            case "–", "—": ascii += "-"
            case "…": ascii += "..."
            case "«", "»", "“", "”": ascii += "\""
            case "‘", "’": ascii += "'"
            case "·": ascii += "-"
            default: ascii.unicodeScalars.append(scalar.isASCII ? scalar : "?")
            }
        }
        value = ascii
    }
}
