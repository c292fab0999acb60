import Foundation
import TestSupport
import Testing

@testable import CabinetLedger

@Suite struct TextTests {
    @Test("Base64 agrees with Foundation's, and comes back")
    func base64() {
        var generator = Seed.generator(6)
        for count in 0..<200 {
            let bytes = generator.bytes(count)
            let text = Base64.encode(bytes)
            #expect(String(decoding: text, as: UTF8.self) == Data(bytes).base64EncodedString())
            #expect(Base64.decode(text[...]) == bytes)
        }
    }

    @Test(
        "Text that is not the one base64 of some bytes is refused",
        arguments: [
            "A", "AA", "AAA", "A===", "====", "AA=A", "=AAA", "AB==", "AAB=", "AA==AA==",
            "AAA=AAAA",
            "AAA\n", " AAA", "AA==\n", "AA-_", "AAA\u{e9}", "AAAAA===",
        ]
    )
    func malformedBase64(text: String) {
        #expect(Base64.decode(Array(text.utf8)[...]) == nil)
    }

    @Test(
        "Numbers are ASCII digits without a leading zero, up to the limit",
        arguments: [
            ("0", 0), ("7", 7), ("10", 10), ("18446744073709551615", UInt64.max),
            ("18446744073709551616", nil), ("99999999999999999999999", nil), ("", nil),
            ("00", nil), ("01", nil), ("+1", nil), ("-1", nil), (" 1", nil), ("1 ", nil),
            ("1_0", nil), ("0x1", nil), ("1e3", nil), ("١", nil),
        ] as [(String, UInt64?)]
    )
    func decimal(text: String, number: UInt64?) {
        #expect(Decimal.parse(Array(text.utf8)[...], limit: .max) == number)
    }

    @Test("A number above the limit is refused")
    func decimalLimit() {
        #expect(Decimal.parse(Array("100".utf8)[...], limit: 100) == 100)
        #expect(Decimal.parse(Array("101".utf8)[...], limit: 100) == nil)
    }

    @Test("Lines and names compare by bytes, not by characters")
    func canonicalEquivalence() throws {
        let composed = try #require(NoteKeyName("caf\u{e9}.example"))
        let decomposed = try #require(NoteKeyName("cafe\u{301}.example"))
        #expect(composed.line.text == decomposed.line.text)
        #expect(composed != decomposed)
        #expect(composed.line != decomposed.line)
    }

    @Test(
        "Names without letters, with a space or a plus sign are refused",
        arguments: [
            "", "a b", "a+b", "a\u{a0}b", "a\u{85}b", "a\u{2003}b", "a\u{3000}", "a\tb", "a\nb",
            "\u{2028}",
        ]
    )
    func names(text: String) {
        #expect(NoteKeyName(text) == nil)
    }

    @Test("Names have a limit, and are UTF-8")
    func nameLimits() {
        let limit = LedgerLimits.maximumNameBytes
        #expect(NoteKeyName(String(repeating: "x", count: limit)) != nil)
        #expect(NoteKeyName(String(repeating: "x", count: limit + 1)) == nil)
        #expect(NoteKeyName(utf8: [0x61, 0xff]) == nil)
        #expect(NoteLine(utf8: [0xc0, 0x80]) == nil)
        #expect(NoteLine("") == nil)
    }
}
