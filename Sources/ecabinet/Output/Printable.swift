/// Text from elsewhere as a terminal may show it: nothing in it moves the cursor, changes colours, or turns
/// the direction of what stands around it.
enum Printable {
    /// On one line.
    static func line(_ text: String) -> String {
        String(
            String.UnicodeScalarView(text.unicodeScalars.map { isHarmless($0) ? $0 : "\u{fffd}" })
        )
    }

    /// Line by line. There is one at least.
    static func lines(_ text: String) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).map { line(String($0)) }
    }

    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: false
        default: true
        }
    }
}
