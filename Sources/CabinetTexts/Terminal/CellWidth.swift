extension Unicode.Scalar {
    /// Whether it takes no cell of its own: a mark on the letter before it, or what is not shown.
    var isZeroWidth: Bool {
        // Most letters are decided here: below the first combining mark there is the soft hyphen alone.
        if value < 0x300 { return value == 0xad }
        // Vowels and finals of Hangul join the syllable's first letter.
        if (0x1160...0x11ff).contains(value) { return true }
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return properties.isDefaultIgnorableCodePoint
        }
    }

    /// 0, 1 or 2.
    var cellWidth: Int {
        if isZeroWidth { return 0 }
        return WideCharacters.contains(self) ? 2 : 1
    }
}

extension Character {
    /// Cells that it takes: those of its parts. «ế» takes one, whether it is one scalar or three.
    var cellWidth: Int { unicodeScalars.reduce(0) { $0 + $1.cellWidth } }
}

extension String {
    /// Cells of a terminal that the text takes. Control characters count as one: ``SanitizedText`` shows one
    /// in their place.
    public var cellWidth: Int { unicodeScalars.reduce(0) { $0 + $1.cellWidth } }
}
