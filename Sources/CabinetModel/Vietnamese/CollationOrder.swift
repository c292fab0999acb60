/// The weights of single characters. Those that are listed come in the order of CLDR's root, as
/// Vietnamese changes it; others of their kind follow them by code point.
enum CollationOrder {
    /// Punctuation and symbols.
    private static let signs =
        "_-–—,;:!¡?¿.…·'‘’‚‹›\"“”„«»()[]{}§¶@*/\\&#%‰†‡•`´^¯¨¸°©®+±÷×<=>¬|¦~¤¢$£¥₫€№"

    /// Marks: first the tones huyền, hỏi, ngã, sắc, nặng.
    private static let marks: [Unicode.Scalar] = [
        "\u{300}", "\u{309}", "\u{303}", "\u{301}", "\u{323}",
        // Breve, circumflex, caron, ring, diaeresis, double acute, dot, stroke, cedilla, ogonek.
        "\u{306}", "\u{302}", "\u{30c}", "\u{30a}", "\u{308}", "\u{30b}", "\u{307}", "\u{338}",
        "\u{327}", "\u{328}",
        // Macron, double grave, inverted breve, horn; below: diaeresis, ring, comma, circumflex,
        // breve, tilde, macron.
        "\u{304}", "\u{30f}", "\u{311}", "\u{31b}", "\u{324}", "\u{325}", "\u{326}", "\u{32d}",
        "\u{32e}", "\u{330}", "\u{331}",
    ]

    private static let signRanks = ranks(of: signs.unicodeScalars)
    private static let markRanks = ranks(of: marks)

    /// Kinds of characters in their order, above the bits of a code point.
    private enum Kind: UInt32 {
        case space = 1
        case sign, punctuation, symbol, digit, letter, other

        func weight(_ rank: UInt32) -> UInt32 { rawValue << 24 | rank }
    }

    /// The weights of ASCII, which most characters of most texts are.
    private static let ascii = (0..<0x80).map { computePrimary(of: Unicode.Scalar(UInt8($0))) }

    /// The weight of a character that is no mark, after its letter has been made small.
    static func primary(of scalar: Unicode.Scalar) -> UInt32 {
        scalar.isASCII ? ascii[Int(scalar.value)] : computePrimary(of: scalar)
    }

    private static func computePrimary(of scalar: Unicode.Scalar) -> UInt32 {
        if let rank = LatinLetter.ranks[LatinLetter(base: scalar, quality: nil)] {
            return primary(ofLetter: rank)
        }
        if let rank = signRanks[scalar] { return Kind.sign.weight(rank) }
        switch scalar.properties.generalCategory {
        case .spaceSeparator, .lineSeparator, .paragraphSeparator:
            // All alike: a space that does not break is a space.
            return Kind.space.weight(0)
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation,
            .initialPunctuation, .finalPunctuation, .otherPunctuation:
            return Kind.punctuation.weight(scalar.value)
        case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol:
            return Kind.symbol.weight(scalar.value)
        case .decimalNumber:
            return Kind.digit.weight(scalar.value)
        default:
            return Kind.other.weight(scalar.value)
        }
    }

    /// The weight of a letter of the alphabet.
    static func primary(ofLetter rank: UInt32) -> UInt32 { Kind.letter.weight(rank) }

    /// The weight of a mark, above that of none.
    static func secondary(of mark: Unicode.Scalar) -> UInt32 {
        CollationElement.noMark + 1 + (markRanks[mark] ?? Kind.other.weight(mark.value))
    }

    private static func ranks(of scalars: some Sequence<Unicode.Scalar>) -> [Unicode.Scalar: UInt32]
    {
        var ranks: [Unicode.Scalar: UInt32] = [:]
        for (rank, scalar) in scalars.enumerated() { ranks[scalar] = UInt32(clamping: rank) }
        return ranks
    }
}
