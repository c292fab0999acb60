import CabinetModel
import CabinetTexts
import Foundation
import ModelTestSupport
import TestSupport
import Testing

@testable import CabinetMinutes

@Suite struct DocumentTests {
    @Test("Times are those of the calendar, at any offset")
    func times() throws {
        var generator = Seed.generator(0x640)
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        // To the year 9999, for which the formatter has four digits.
        var moments: [Int64] = [1, 999, 86_399_999, 951_782_400_000, 4_107_542_400_000]
        for _ in 0..<500 {
            moments.append(Int64.random(in: 1..<253_370_764_800_000, using: &generator))
        }
        for milliseconds in moments {
            let moment = try Moment(unixMilliseconds: milliseconds)
            let found = formatter.date(from: Timestamp(moment).iso8601)
            let difference = (found?.timeIntervalSince1970 ?? 0) * 1_000 - Double(milliseconds)
            #expect(abs(difference) < 1, "\(milliseconds): \(Timestamp(moment).iso8601)")
            let offset = try #require(UTCOffset.all.randomElement(using: &generator))
            let local = Timestamp(moment, at: offset).iso8601
            #expect(local.hasSuffix(offset.description))
            let same = formatter.date(from: local)
            #expect(same == found, "\(local), \(Timestamp(moment).iso8601)")
        }
    }

    @Test("No moment and no offset is too large")
    func extremes() throws {
        for milliseconds in [1, Int64.max] {
            for offset in UTCOffset.all {
                let moment = try Moment(unixMilliseconds: milliseconds)
                let local = Timestamp(moment, at: offset)
                #expect((1...12).contains(local.month) && (1...31).contains(local.day))
                #expect((0..<24).contains(local.hour) && (0..<60).contains(local.minute))
            }
        }
        #expect(UTCOffset(minutes: 855) == nil)
        #expect(UTCOffset(minutes: 7) == nil)
        #expect(UTCOffset(minutes: -210)?.description == "-03:30")
    }

    @Test("Options are read from the file that they make, and from no other")
    func options() throws {
        for language in Language.allCases {
            for offset in [-840, 0, 420, 345] {
                let options = MinutesOptions(
                    language: language,
                    utcOffset: try #require(UTCOffset(minutes: offset))
                )
                #expect(MinutesOptions(file: options.file) == options)
                #expect(MinutesOptions(file: options.file + [0x20]) == nil)
            }
        }
        #expect(MinutesOptions(file: []) == nil)
    }

    @Test("What is printed on a terminal cannot control it")
    func printing() {
        #expect(printable("Đỗ \u{1b}[2J\u{202e}\u{0}\n") == "Đỗ \\u{1b}[2J\\u{202e}\\u{0}\\u{a}")
    }

    @Test("A manifest is read as it was written, and no other text is one")
    func manifest() throws {
        let digest = String(repeating: "ab", count: 32)
        let good = "\(digest)  a\n\(digest)  polls/x/y.json\n"
        #expect(try Manifest(parsing: Array(good.utf8)).file == Array(good.utf8))
        for (text, line) in [
            ("\(digest)  a", 1), ("\(digest) a\n", 1), ("\(digest)  a\n\(digest)  a\n", 2),
            ("\(digest)  b\n\(digest)  a\n", 2), ("\(digest.uppercased())  a\n", 1), ("\n", 1),
            ("\(digest)  ../a\n", 1), ("\(digest.dropLast())  a\n", 1), ("\(digest)  a\n\n", 2),
            ("\(digest)  a\r\n", 1),
        ] {
            #expect(throws: Manifest.MalformedLine(number: line), "\(text)") {
                try Manifest(parsing: Array(text.utf8))
            }
        }
    }
}
