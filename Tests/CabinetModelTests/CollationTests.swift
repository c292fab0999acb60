import CabinetModel
import Foundation
import TestSupport
import Testing

/// Each list was put in order by hand, from CLDR's tailoring for Vietnamese (Unicode CLDR,
/// common/collation/vi.xml, type «standard») on top of its root collation:
///
///     &̀ << ̉ << ̃ << ́ << ̣
///     &a < ă <<< Ă < â <<< Â        &d < đ <<< Đ        &e < ê <<< Ê
///     &o < ô <<< Ô < ơ <<< Ơ        &u < ư <<< Ư
///
/// ICU 72, which has CLDR 42, puts each of them in the same order.
private let sortedLists: [(rule: String, texts: [String])] = [
    (
        "the alphabet, foreign letters among it",
        [
            "a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g", "h", "i", "j", "k", "l", "m",
            "n", "o", "ô", "ơ", "p", "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z",
        ]
    ),
    ("tones: ngang, huyền, hỏi, ngã, sắc, nặng", ["ma", "mà", "mả", "mã", "má", "mạ"]),
    (
        "letter, then tone, then case",
        [
            "a", "A", "à", "À", "ả", "Ả", "ã", "Ã", "á", "Á", "ạ", "Ạ",
            "ă", "Ă", "ằ", "Ằ", "ẳ", "Ẳ", "ẵ", "Ẵ", "ắ", "Ắ", "ặ", "Ặ",
            "â", "Â", "ầ", "Ầ", "ẩ", "Ẩ", "ẫ", "Ẫ", "ấ", "Ấ", "ậ", "Ậ", "b",
        ]
    ),
    ("vowels with two marks", ["ộ", "ơ", "ờ", "ợ", "p", "ụ", "ư", "ừ", "ự", "v", "ỵ"]),
    ("a tone decides only where all letters are the same", ["la", "lạ", "lan", "lán", "lang"]),
    ("the first tone that differs decides", ["ma ca", "ma cà", "mà ca", "mà cà", "má ca"]),
    ("case decides last", ["an", "aN", "An", "AN", "àn", "Àn"]),
    ("a space is before every letter", ["Lea", "Lê", "Lễ", "Lê A", "Lê An", "Lê Ân", "Lên"]),
    ("signs, digits, letters", [" a", "_a", "-a", ",a", "'a", "(a", "&a", "+a", "1a", "2a", "aa"]),
    ("foreign marks after Vietnamese tones", ["Muller", "Mùller", "Mụller", "Müller", "Mưa"]),
    ("letters with a stroke", ["Soren", "Søren", "Sorensen", "Sưa"]),
    ("letters that are two", ["Aegir", "Ægis", "Strasa", "Straßb", "Strassc", "Strast"]),
    ("other letters", ["z", "þ", "α", "б", "王"]),
    (
        "the government of 2019",
        [
            "Chu Ngọc Anh", "Đào Ngọc Dung", "Đỗ Văn Chiến", "Lê Minh Hưng", "Lê Thành Long",
            "Lê Vĩnh Tân", "Mai Tiến Dũng", "Ngô Xuân Lịch", "Nguyễn Chí Dũng", "Nguyễn Mạnh Hùng",
            "Nguyễn Ngọc Thiện",
            "Nguyễn Thị Kim Tiến", "Nguyễn Văn Thể", "Nguyễn Xuân Cường", "Nguyễn Xuân Phúc",
            "Phạm Bình Minh", "Phạm Hồng Hà", "Phùng Xuân Nhạ", "Tô Lâm", "Trần Hồng Hà",
            "Trần Tuấn Anh", "Trịnh Đình Dũng", "Trương Hòa Bình", "Vũ Đức Đam",
            "Vương Đình Huệ",
        ]
    ),
]

@Suite struct CollationTests {
    @Test(arguments: sortedLists.indices)
    func textsAreSortedAsCLDRSays(_ index: Int) {
        let (rule, texts) = sortedLists[index]
        for left in texts.indices {
            for right in texts.indices {
                let isBefore = CollationKey(texts[left]) < CollationKey(texts[right])
                #expect(isBefore == (left < right), "\(rule): \(texts[left]), \(texts[right])")
            }
        }
        var random = Seed.generator(4_200 + UInt64(index))
        let shuffled = texts.shuffled(using: &random)
        #expect(shuffled.sorted { CollationKey($0) < CollationKey($1) } == texts)
    }

    @Test func theFormOfATextDoesNotMatter() {
        for text in sortedLists.flatMap(\.texts) + ["ẵ", "Ợ", "Ǖ", "ậ\u{308}"] {
            let key = CollationKey(text)
            #expect(CollationKey(text.decomposedStringWithCanonicalMapping) == key)
            #expect(CollationKey(text.precomposedStringWithCanonicalMapping) == key)
            #expect(FoldedText(text.decomposedStringWithCanonicalMapping) == FoldedText(text))
        }
    }

    @Test func whatIsNotShownDoesNotCount() {
        #expect(CollationKey("A\u{200d}n") == CollationKey("An"))
        #expect(FoldedText("A\u{200d}n") == FoldedText("an"))
    }

    @Test func aMarkWithoutALetterIsNoLetter() {
        #expect(CollationKey("\u{301}") < CollationKey("a"))
        #expect(CollationKey("") < CollationKey("\u{301}\u{323}"))
    }

    /// «ă» with a breve that belongs to no letter: the acute between the two is of the same class.
    @Test func aMarkThatIsBlockedMakesNoOtherLetter() {
        #expect(CollationKey("a\u{301}\u{306}") < CollationKey("ă"))
        #expect(CollationKey("a\u{323}\u{306}") == CollationKey("ặ"))
    }

    /// Every letter of the blocks that are decomposed, and some with more marks, as Foundation does.
    @Test func lettersAreDecomposedAsUnicodeSays() {
        let blocks = Array(UInt32(0xc0)...0x24f) + Array(0x1e00...0x1eff)
        let marks: [Unicode.Scalar] = [
            "\u{300}", "\u{301}", "\u{323}", "\u{31b}", "\u{328}", "\u{335}",
        ]
        var random = Seed.generator(4_300)
        for letter in blocks.compactMap(Unicode.Scalar.init) {
            var text = String(letter)
            for _ in 0..<4 {
                let decomposed = text.decomposedStringWithCanonicalMapping
                #expect(CollationKey(text) == CollationKey(decomposed), "\(text)")
                #expect(FoldedText(text) == FoldedText(decomposed), "\(text)")
                if let mark = marks.randomElement(using: &random) {
                    text.unicodeScalars.append(mark)
                }
            }
        }
    }
}

@Suite struct FoldedTextTests {
    private static let lines: [(text: String, query: String, isFound: Bool)] = [
        ("Đặng Thị Ngọc Thịnh", "dang thi", true),
        ("Đặng Thị Ngọc Thịnh", "ĐẶNG", true),
        ("Đặng Thị Ngọc Thịnh", "đang", true),
        ("Dang", "đặng", true),
        ("Đặng Thị Ngọc Thịnh", "ngoc", true),
        ("Đặng Thị Ngọc Thịnh", "thinh", true),
        ("Đặng Thị Ngọc Thịnh", "h", true),
        ("Đặng Thị Ngọc Thịnh", "dang  thi", false),
        ("Đặng Thị Ngọc Thịnh", "thinhh", false),
        ("Trương Hòa Bình", "truong hoa", true),
        ("Trương Hòa Bình", "trượng hoà", true),
        ("Nguyễn Xuân Phúc", "UYÊN XUẦN", true),
        ("Bộ Kế hoạch và Đầu tư", "dau tu", true),
        ("Bộ Kế hoạch và Đầu tư", "bo ke hoach va dau tu", true),
        ("Bộ Kế hoạch và Đầu tư", "bo ke hoach va dau tu.", false),
        ("Søren Müller-Łukasz", "soren muller-lukasz", true),
        ("Straße", "strasse", true),
        ("İstanbul", "istanbul", true),
        ("Пётр", "петр", false),
        ("Пётр", "ПЁТР", true),
        ("", "a", false),
        ("", "", true),
        ("An", "\u{301}", true),
    ]

    @Test(arguments: lines)
    func aTextIsFound(_ text: String, _ query: String, _ isFound: Bool) {
        #expect(FoldedText(text).contains(FoldedText(query)) == isFound)
    }
}
