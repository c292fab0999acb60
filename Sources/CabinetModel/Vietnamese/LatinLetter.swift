/// A letter of the alphabet: «â» is another one than «a», while «à» is «a» with a tone.
struct LatinLetter: Hashable {
    /// The small letter without its marks.
    let base: Unicode.Scalar
    /// The mark that makes it a letter of its own; `nil` for none.
    let quality: Unicode.Scalar?

    /// The letters in their order: those of CLDR's tailoring for Vietnamese, with those of its root
    /// that are no letters of the Vietnamese alphabet.
    private static let alphabet =
        "a ă â b c d đ e ê f g h i ı j k l m n ŋ o ô ơ p q r s t u ư v w x y z þ"

    /// The place of each letter in the alphabet.
    static let ranks: [LatinLetter: UInt32] = {
        var ranks: [LatinLetter: UInt32] = [:]
        for (rank, letter) in alphabet.split(separator: " ").enumerated() {
            let scalars = CanonicalDecomposition.scalars(of: String(letter))
            guard let base = scalars.first else { continue }
            let quality = scalars.count > 1 ? scalars.last : nil
            ranks[LatinLetter(base: base, quality: quality)] = UInt32(clamping: rank)
        }
        return ranks
    }()

    private static let qualities = Set(ranks.keys.compactMap(\.quality))

    /// Finds the mark that makes another letter of a base, and the place of that letter. In «ậ» the
    /// dot below stands before it.
    ///
    /// A mark of the same class before it keeps it from its letter (Unicode Technical Standard 10,
    /// «unblocked»).
    static func quality(
        in marks: ArraySlice<Unicode.Scalar>,
        of base: Unicode.Scalar
    ) -> (index: Int, rank: UInt32)? {
        var lastClass: UInt8 = 0
        for index in marks.indices {
            let markClass = marks[index].combiningClass
            defer { lastClass = markClass }
            guard markClass != lastClass, qualities.contains(marks[index]) else { continue }
            if let rank = ranks[LatinLetter(base: base, quality: marks[index])] {
                return (index, rank)
            }
        }
        return nil
    }

    /// Writes letters that CLDR's root sorts as others: «ø» as «o» with a stroke, «æ» as «ae».
    static func expanding(_ scalars: [Unicode.Scalar]) -> [Unicode.Scalar] {
        guard scalars.contains(where: { $0.value >= 0xc0 && expansions[$0] != nil }) else {
            return scalars
        }
        return scalars.flatMap { expansions[$0] ?? [$0] }
    }

    private static let stroke: Unicode.Scalar = "\u{338}"
    private static let expansions: [Unicode.Scalar: [Unicode.Scalar]] = [
        "Æ": ["A", "E"], "æ": ["a", "e"],
        "Œ": ["O", "E"], "œ": ["o", "e"],
        "ẞ": ["S", "S"], "ß": ["s", "s"],
        "Ð": ["D", stroke], "ð": ["d", stroke],
        "Ħ": ["H", stroke], "ħ": ["h", stroke],
        "Ł": ["L", stroke], "ł": ["l", stroke],
        "Ø": ["O", stroke], "ø": ["o", stroke],
    ]
}
