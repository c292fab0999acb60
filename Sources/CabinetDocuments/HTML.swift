/// A piece of HTML. What is written out in the code is markup, and whatever is put into it is escaped: so
/// no text from outside can become markup.
public struct HTML: Sendable, ExpressibleByStringInterpolation {
    public private(set) var markup: String

    public init(stringLiteral markup: String) {
        self.markup = markup
    }

    public init(stringInterpolation: Interpolation) {
        markup = stringInterpolation.markup
    }

    /// Pieces after each other, with a line for each.
    public init(lines: some Sequence<HTML>) {
        markup = lines.map(\.markup).joined(separator: "\n")
    }

    public static let nothing: HTML = ""

    public struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        public init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        public mutating func appendLiteral(_ literal: String) { markup += literal }

        /// A text of ours, or an identifier.
        public mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }

        public mutating func appendInterpolation(_ number: some BinaryInteger) {
            markup += String(number)
        }

        public mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        /// A text that somebody wrote. It is kept apart from what is around it, so that letters which
        /// change the direction of writing change that of nothing else.
        public mutating func appendInterpolation(written text: String) {
            markup += "<bdi>\(HTML.escaped(text))</bdi>"
        }
    }

    private static func escaped(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            case "\n": result += "\n"
            // HTML has no other control characters, and XML lacks these two as well.
            case "\u{fffe}", "\u{ffff}": result += "\u{fffd}"
            case _ where scalar.properties.generalCategory == .control: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
