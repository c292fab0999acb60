import CabinetModel
import CabinetTexts
import Foundation
import Testing

@testable import ecabinet

/// What can be typed for times and rules.
@Suite struct OptionTests {
    private static let hanoi = TimeZone(identifier: "Asia/Ho_Chi_Minh")!
    /// 2019-06-24 08:30:00 in Hà Nội.
    private static let morning: Int64 = 1_561_339_800_000

    @Test(
        "A time is read in ISO 8601 and as the clock on the wall shows it",
        arguments: [
            "2019-06-24T08:30:00+07:00", "2019-06-24T01:30:00Z", "2019-06-24T01:30Z",
            "2019-06-24T08:30:00.000+0700", "2019-06-24T08:30", "2019-06-24 08:30",
            "2019-06-24 8:30:00", "24/6/2019 08:30", "24/06/2019 8:30", "08:30", " 08:30 ",
        ]
    )
    func time(_ text: String) throws {
        let noon = Date(timeIntervalSince1970: Double(Self.morning / 1_000) + 3.5 * 3_600)
        let argument = try #require(TimeArgument(text, in: Self.hanoi, today: noon))
        #expect(argument.unixMilliseconds == Self.morning)
    }

    @Test(
        "What is no time is refused",
        arguments: [
            "", "2019-06-24", "24/6 08:30", "2019-02-30 08:30", "2019-06-24 24:00",
            "2019-06-24 08:60", "08:30Z", "06/24/2019 08:30", "2019-06-24T08:30+19:00",
            "1961-06-24 08:30", "tomorrow", "2019-06-24 08:30 +07:00",
        ]
    )
    func noTime(_ text: String) {
        #expect(TimeArgument(text, in: Self.hanoi, today: Date()) == nil)
    }

    @Test("A time that clocks are put forward over is none")
    func forward() throws {
        let berlin = try #require(TimeZone(identifier: "Europe/Berlin"))
        #expect(TimeArgument("2019-03-31 02:30", in: berlin, today: Date()) == nil)
        #expect(TimeArgument("2019-03-31 03:30", in: berlin, today: Date()) != nil)
    }

    @Test("Every rule is read from the words that it is explained with, in both languages")
    func rules() throws {
        for language in CabinetTexts.Language.allCases {
            for base in PollBase.allCases {
                for comparison in Comparison.allCases {
                    let rule = try PollRule(
                        thresholdBase: base,
                        threshold: Fraction(2, of: 3),
                        comparison: comparison
                    )
                    let words = rule.thresholdText(in: language)
                    let found = try #require(Requirement(words), "\(words)")
                    #expect(found.base == base, "\(words)")
                    #expect(found.comparison == comparison, "\(words)")
                    #expect(found.fraction == rule.threshold, "\(words)")
                    // As some terminals send it.
                    #expect(Requirement(words.decomposedStringWithCanonicalMapping) == found)
                    #expect(Requirement(words.uppercased()) == found)
                }
            }
        }
    }

    @Test(
        "Shorter words do as well",
        arguments: [
            ("more than 1/2 of all", PollBase.allMembers), ("at least 2/3 of members", .allMembers),
            ("at-least 3/4 of present", .presentMembers), ("more than 1/2 of votes", .votesCast),
            ("more  than 1/2 cast", .votesCast), ("trên 1/2 tổng số thành viên", .allMembers),
            ("more than 1/2 of yes and no", .yesAndNo),
        ]
    )
    func shortRules(_ words: String, _ base: PollBase) {
        #expect(Requirement(words)?.base == base)
    }

    @Test(
        "Other words are refused",
        arguments: [
            "", "more than", "more than 1/2", "1/2 of all", "more than 3/2 of all",
            "more than 1/0 of all", "more than -1/2 of all", "more than 1/2 of all and then some",
            "less than 1/2 of all", "more than 1/1001 of all",
        ]
    )
    func noRules(_ words: String) {
        #expect(Requirement(words) == nil)
    }

    @Test("A motion is sent in NFC, with line feeds, and without those at its end")
    func motion() {
        let typed = "Nghị định\r\nvề định danh\n\n".decomposedStringWithCanonicalMapping
        let text = TextArgument.normalized(typed)
        #expect(Array(text.utf8) == Array("Nghị định\nvề định danh".utf8))
    }
}
