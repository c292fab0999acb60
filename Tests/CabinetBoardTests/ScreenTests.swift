import CabinetBoard
import Testing

@Suite struct ScreenTests {
    @Test func theFirstPictureIsDrawnOnAScreenThatIsCleared() {
        var painter = ScreenPainter(.plain)
        #expect(
            painter.paint([BoardLine("one"), BoardLine(), BoardLine("three")])
                == "\u{1b}[0m\u{1b}[2J\u{1b}[1;1H\u{1b}[2Kone\u{1b}[3;1H\u{1b}[2Kthree"
        )
    }

    @Test func onlyLinesThatHaveChangedAreDrawn() {
        var painter = ScreenPainter(.plain)
        _ = painter.paint([BoardLine("one"), BoardLine("two"), BoardLine("three")])
        #expect(
            painter.paint([BoardLine("one"), BoardLine("2"), BoardLine("three")])
                == "\u{1b}[2;1H\u{1b}[2K2"
        )
        #expect(painter.paint([BoardLine("one"), BoardLine("2"), BoardLine("three")]) == "")
    }

    @Test func linesThatAreGoneAreCleared() {
        var painter = ScreenPainter(.plain)
        _ = painter.paint([BoardLine("one"), BoardLine("two")])
        #expect(painter.paint([BoardLine("one")]) == "\u{1b}[2;1H\u{1b}[2K")
    }

    @Test func afterTheSizeHasChangedAllIsDrawnAnew() {
        var painter = ScreenPainter(.plain)
        let first = painter.paint([BoardLine("one")])
        painter.forget()
        #expect(painter.paint([BoardLine("one")]) == first)
    }

    @Test(arguments: [
        (TerminalStyle.plain, "a b"),
        (.monochrome, "\u{1b}[1ma\u{1b}[0m \u{1b}[7mb\u{1b}[0m"),
        (.colour, "\u{1b}[1ma\u{1b}[0m \u{1b}[1;37;41mb\u{1b}[0m"),
    ])
    func tonesAreWhatTheTerminalHas(style: TerminalStyle, text: String) {
        let line = BoardLine([BoardSpan("a", .strong), BoardSpan(" "), BoardSpan("b", .alarm)])
        #expect(line.encoded(style) == text)
    }

    @Test func aToneWithoutColoursIsNoColour() {
        for tone in Tone.allCases {
            let encoded = BoardLine("a", tone).encoded(.monochrome)
            #expect(!encoded.contains("3") && !encoded.contains("4"))
        }
    }
}
