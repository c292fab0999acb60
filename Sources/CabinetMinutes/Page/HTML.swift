internal import CabinetModel

/// A piece of HTML. What is written out in the code is markup, and whatever is put into it is escaped: so
/// no text of a log can become markup.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    private(set) var markup: String

    init(stringLiteral markup: String) {
        self.markup = markup
    }

    init(stringInterpolation: Interpolation) {
        markup = stringInterpolation.markup
    }

    /// Pieces after each other, with a line for each.
    init(lines: some Sequence<HTML>) {
        markup = lines.map(\.markup).joined(separator: "\n")
    }

    static let nothing: HTML = ""

    struct Interpolation: StringInterpolationProtocol {
        fileprivate var markup = ""

        init(literalCapacity: Int, interpolationCount: Int) {
            markup.reserveCapacity(literalCapacity)
        }

        mutating func appendLiteral(_ literal: String) { markup += literal }

        /// A text of ours, or an identifier.
        mutating func appendInterpolation(_ text: String) { markup += HTML.escaped(text) }

        mutating func appendInterpolation(_ number: some BinaryInteger) {
            markup += String(number)
        }

        mutating func appendInterpolation(_ html: HTML) { markup += html.markup }

        /// A text that somebody wrote. It is kept apart from what is around it, so that letters which
        /// change the direction of writing change that of nothing else.
        mutating func appendInterpolation(written text: String) {
            markup += "<bdi>\(HTML.escaped(text))</bdi>"
        }

        mutating func appendInterpolation(_ text: Text<some TextKind>) {
            appendInterpolation(written: text.value)
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
            // HTML has no other control characters.
            case _ where scalar.properties.generalCategory == .control: result += "\u{fffd}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
