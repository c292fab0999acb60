import CabinetTexts
import Testing

@Suite struct TerminalTests {
    /// «Nguyễn Thị Ánh Tuyết» in NFD.
    private static let decomposed = "Nguye\u{302}\u{303}n Thi\u{323} A\u{301}nh Tuye\u{302}\u{301}t"
    private static let composed = "Nguy\u{1ec5}n Th\u{1ecb} \u{c1}nh Tuy\u{1ebf}t"

    @Test(arguments: [
        ("", 0), ("abc", 3), ("Đặng", 4), (composed, 20), (decomposed, 20), ("đ\u{31b}\u{323}", 1),
        // Wide ones: Han, full width, emoji. A joined emoji is as wide as its parts.
        ("漢字", 4), ("Ａ", 2), ("🗳", 1), ("🚀", 2), ("👩‍🚀", 4),
        // Hangul by letters, as wide as the syllable.
        ("\u{1112}\u{1161}\u{11ab}", 2), ("한", 2),
        // What is not shown.
        ("a\u{200b}b", 2), ("a\u{ad}b", 2), ("\u{feff}", 0),
        ("│─█", 3),
    ])
    func aTextTakesSoManyCells(text: String, width: Int) {
        #expect(text.cellWidth == width)
    }

    @Test(arguments: [
        ("Thủ tướng", "Thủ tướng"), (decomposed, decomposed),
        // Escape sequences: the colour, the title of the window, the answer-back, C1 by one scalar.
        ("a\u{1b}[31mb", "a\u{fffd}[31mb"), ("\u{1b}]0;x\u{7}", "\u{fffd}]0;x\u{fffd}"),
        ("\u{9b}31m", "\u{fffd}31m"), ("\u{7f}\u{0}\u{8}", "\u{fffd}\u{fffd}\u{fffd}"),
        // Ends of lines.
        ("a\nb\r\nc\td", "a b  c d"), ("a\u{2028}b\u{2029}c\u{85}d", "a b c d"),
        // The direction of writing, and what is not shown.
        ("a\u{202e}b\u{2066}c\u{200f}d", "abcd"), ("👩\u{200d}🚀", "👩🚀"), ("✌\u{fe0f}", "✌"),
        // Private use, not assigned.
        ("\u{e000}\u{10ffff}", "\u{fffd}\u{fffd}"),
        // More marks than a letter has.
        ("a\u{300}\u{301}\u{302}\u{303}\u{304}\u{305}b", "a\u{300}\u{301}\u{302}\u{303}b"),
    ])
    func nothingButTextReachesATerminal(text: String, shown: String) {
        #expect(Array(text.sanitized.unicodeScalars) == Array(shown.unicodeScalars))
    }

    @Test func noScalarIsShownThatATerminalCouldTakeForACommand() {
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            for shown in String(scalar).sanitized.unicodeScalars {
                switch shown.properties.generalCategory {
                case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse,
                    .unassigned:
                    Issue.record("U+\(String(value, radix: 16)) is shown as it is")
                default: break
                }
            }
        }
    }

    @Test func whatMayNotBeLostIsEscapedAndAllElseStaysAsItIs() {
        #expect(
            "Đỗ \u{1b}[2J\u{202e}\u{200b}\u{0}\n".escaped
                == #"Đỗ \u{1b}[2J\u{202e}\u{200b}\u{0}\u{a}"#
        )
        #expect(
            "a\u{300}\u{301}\u{302}\u{303}\u{304}b".escaped
                == "a\u{300}\u{301}\u{302}\u{303}" + #"\u{304}b"#
        )
        for value in UInt32(0)...0x10ffff {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let text = String(scalar)
            #expect(SanitizedText.shows(scalar) == (text.escaped == text))
            #expect(text.escaped.sanitized == text.escaped)
        }
    }

    @Test func linesStayLines() {
        #expect("a\u{1b}\n\nb\r\nc\td".sanitizedLines == ["a\u{fffd}", "", "b", "c d"])
        #expect("".sanitizedLines == [""])
    }

    @Test(arguments: [
        ("abc", 5, CellAlignment.left, "abc  "), ("abc", 5, .right, "  abc"),
        ("abcdef", 4, .left, "abc…"), ("abc", 0, .left, ""),
        ("abc", 1, .left, "…"), ("abc", -1, .left, ""),
        // Half of a wide character is a space.
        ("漢字漢", 4, .left, "漢… "), ("漢字", 4, .left, "漢字"),
    ])
    func aTextFitsIntoItsCells(
        text: String,
        width: Int,
        alignment: CellAlignment,
        fitted: String
    ) {
        #expect(text.fitted(to: width, alignment) == fitted)
        #expect(text.fitted(to: width, alignment).cellWidth == max(0, width))
    }

    @Test func lettersAreCutWithTheirMarks() {
        for width in 0...25 {
            let fromNFC = Self.composed.fitted(to: width)
            let fromNFD = Self.decomposed.fitted(to: width)
            #expect(fromNFC.cellWidth == width)
            #expect(fromNFD.cellWidth == width)
            // Swift compares strings by canonical equivalence.
            #expect(fromNFC == fromNFD)
        }
        #expect(Self.decomposed.truncated(to: 6, ellipsis: "...") == "Ngu...")
    }

    @Test(arguments: [
        ("một hai ba", 7, ["một hai", "ba"]), ("một hai ba", 20, ["một hai ba"]),
        ("abcdefgh", 3, ["abc", "def", "gh"]), ("a\n\nb", 10, ["a", "", "b"]), ("", 10, [""]),
        ("漢字漢字", 3, ["漢", "字", "漢", "字"]), ("ab cdefg", 3, ["ab", "cde", "fg"]),
        ("漢", 0, ["漢"]), ("👩\u{200d}🚀a", 2, ["👩\u{200d}🚀", "a"]),
    ])
    func aTextIsBrokenAtSpaces(text: String, width: Int, lines: [String]) {
        #expect(text.wrapped(to: width) == lines)
    }
}
