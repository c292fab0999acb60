/// A text that a terminal takes for nothing but text, and whose width it does not see otherwise than
/// ``width`` says.
///
/// Whatever comes from a server, a file or another person goes through here before it reaches a terminal: a
/// name may hold an escape sequence that hides lines or answers in its reader's place.
///
/// - Control characters, ESC among them, become «�»; a tab, a line feed and other ends of lines become a
///   space.
/// - What is not shown is left out: characters that turn the direction of writing, joiners, variation
///   selectors, soft hyphens. So «👩‍🚀» is shown as «👩🚀», and takes as much room in every terminal.
/// - Marks above and below a letter are kept, ``marksPerCharacter`` of them at most: more would run into
///   the lines around.
/// - What is not assigned or for private use becomes «�».
public struct SanitizedText: Hashable, Sendable, CustomStringConvertible {
    /// Marks on one letter that are kept. Vietnamese letters have two.
    public static let marksPerCharacter = 4

    /// The text that is left.
    public let value: String

    /// - Complexity: O(*n*).
    public init(_ text: String) {
        guard text.utf8.contains(where: { $0 < 0x20 || $0 > 0x7e }) else {
            value = text
            return
        }
        var scalars = String.UnicodeScalarView()
        var marks = 0
        for scalar in text.unicodeScalars {
            guard let shown = Self.shown(scalar) else { continue }
            marks = shown.isZeroWidth ? marks + 1 : 0
            if marks <= Self.marksPerCharacter { scalars.append(shown) }
        }
        value = String(scalars)
    }

    public var description: String { value }

    /// Cells that it takes.
    public var width: Int { value.cellWidth }

    /// What a scalar is shown as; `nil` for nothing.
    private static func shown(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if scalar.isASCII {
            switch scalar {
            case "\t", "\n", "\r", "\u{b}", "\u{c}": return " "
            case " "..."~": return scalar
            default: return replacement
            }
        }
        if scalar == "\u{85}" || scalar.properties.generalCategory == .lineSeparator
            || scalar.properties.generalCategory == .paragraphSeparator
        {
            return " "
        }
        if scalar.properties.isDefaultIgnorableCodePoint { return nil }
        switch scalar.properties.generalCategory {
        case .control, .unassigned, .privateUse, .surrogate: return replacement
        case .format: return nil
        default: return scalar
        }
    }

    private static let replacement: Unicode.Scalar = "\u{fffd}"
}

extension SanitizedText {
    /// Whether a terminal may be shown a scalar as it is. What is not shown is replaced here, left out, or
    /// written as an escape where nothing may be lost: the rule is the same everywhere.
    public static func shows(_ scalar: Unicode.Scalar) -> Bool { shown(scalar) == scalar }
}

extension String {
    /// As ``SanitizedText`` leaves it, on one line.
    public var sanitized: String { SanitizedText(self).value }

    /// The same line by line. There is one at least.
    public var sanitizedLines: [String] {
        split(omittingEmptySubsequences: false) { $0 == "\n" || $0 == "\r\n" }
            .map { String($0).sanitized }
    }

    /// On one line, with `\u{1b}` in the place of whatever ``SanitizedText`` does not show: for names that
    /// are evidence, of which nothing may be lost.
    public var escaped: String {
        var scalars = String.UnicodeScalarView()
        var marks = 0
        for scalar in unicodeScalars {
            marks = scalar.isZeroWidth ? marks + 1 : 0
            if SanitizedText.shows(scalar), marks <= SanitizedText.marksPerCharacter {
                scalars.append(scalar)
            } else {
                scalars += "\\u{\(String(scalar.value, radix: 16))}".unicodeScalars
            }
        }
        return String(scalars)
    }
}
