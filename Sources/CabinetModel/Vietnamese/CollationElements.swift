/// What a text is compared by, one after the other: a letter, a tone, another character
/// (Unicode Technical Standard 10, section 3).
///
/// The order is that of CLDR for Vietnamese (common/collation/vi.xml, which changes that of its root):
///
/// - letters a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y, foreign ones where the Latin
///   alphabet has them;
/// - then tones: ngang, huyền, hỏi, ngã, sắc, nặng, and other marks after them;
/// - then small before capital.
///
/// Spaces come before punctuation, symbols, digits and letters. A text is compared as a whole, by
/// its letters first: a tone decides only between texts with the same letters throughout.
///
/// Letters of other scripts come after Latin ones, by code point, which is not CLDR's order for all.
struct CollationElement {
    /// The letter; 0 for a mark.
    let primary: UInt32
    /// The mark; ``noMark`` for a letter. Never 0.
    let secondary: UInt32
    /// The case. Never 0.
    let tertiary: UInt32

    static let noMark: UInt32 = 1
    static let small: UInt32 = 1
    static let capital: UInt32 = 2

    /// The elements of a text.
    static func elements(of text: String) -> [CollationElement] {
        let scalars = LatinLetter.expanding(CanonicalDecomposition.scalars(of: text))
        var elements: [CollationElement] = []
        elements.reserveCapacity(scalars.count)
        var index = scalars.startIndex
        while index < scalars.endIndex {
            let scalar = scalars[index]
            let end = scalars[(index + 1)...].firstIndex { $0.combiningClass == 0 }
            let marks = scalars[(index + 1)..<(end ?? scalars.endIndex)]
            index = marks.endIndex
            if scalar.combiningClass != 0 {
                // Marks that follow no letter.
                elements.append(CollationElement(mark: scalar))
                elements += marks.map(CollationElement.init(mark:))
            } else if !scalar.isIgnorable {
                append(scalar, marks, to: &elements)
            }
        }
        return elements
    }

    private static func append(
        _ scalar: Unicode.Scalar,
        _ marks: ArraySlice<Unicode.Scalar>,
        to elements: inout [CollationElement]
    ) {
        let small = scalar.small
        let quality = LatinLetter.quality(in: marks, of: small)
        let primary =
            quality.map { CollationOrder.primary(ofLetter: $0.rank) }
            ?? CollationOrder.primary(of: small)
        elements.append(
            CollationElement(
                primary: primary,
                secondary: noMark,
                tertiary: small == scalar ? Self.small : capital
            )
        )
        for index in marks.indices where index != quality?.index {
            elements.append(CollationElement(mark: marks[index]))
        }
    }

    private init(primary: UInt32, secondary: UInt32, tertiary: UInt32) {
        self.primary = primary
        self.secondary = secondary
        self.tertiary = tertiary
    }

    private init(mark: Unicode.Scalar) {
        self.init(
            primary: 0,
            secondary: CollationOrder.secondary(of: mark),
            tertiary: Self.small
        )
    }
}

extension Unicode.Scalar {
    /// Whether it is not shown, such as a joiner.
    var isIgnorable: Bool { !isASCII && properties.isDefaultIgnorableCodePoint }

    /// The small letter of a capital one; otherwise the scalar itself.
    var small: Unicode.Scalar {
        if isASCII {
            return ("A"..."Z").contains(self) ? Unicode.Scalar(UInt8(value) + 0x20) : self
        }
        let mapping = properties.lowercaseMapping.unicodeScalars
        guard let first = mapping.first, mapping.count == 1 else { return self }
        return first
    }
}
