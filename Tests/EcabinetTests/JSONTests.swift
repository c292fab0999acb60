import TestSupport
import Testing

@testable import ecabinet

/// JSON that is read and written.
@Suite struct JSONTests {
    @Test("Values are read as they are, and keep their order and digits")
    func values() throws {
        let text = #"""
             {"b": [1, -2, 18446744073709551615, 1.5e3, true, false, null],
              "a": "«\u1ec7\ud83c\udf89»\n\/"}
            """#
        #expect(
            try JSONParser.value(of: Array(text.utf8))
                == .object([
                    .init(
                        "b",
                        .array([
                            .integer(1), .integer(-2), .unsigned(.max), .number(1_500),
                            .bool(true), .bool(false), .null,
                        ])
                    ),
                    .init("a", .string("«ệ🎉»\n/")),
                ])
        )
    }

    @Test(
        "What is not well formed is refused, with its place",
        arguments: [
            ("", 1, 1, "ends where a value"),
            ("{\n  \"a\": 1,\n}", 3, 1, "a name in quotation marks"),
            ("{'a': 1}", 1, 2, "a name in quotation marks"),
            ("{\"a\" 1}", 1, 6, "a colon"),
            ("{\"a\": 1 \"b\": 2}", 1, 9, "a comma or a closing brace"),
            ("[1, 2", 1, 6, "a comma or a closing bracket"),
            ("[1,]", 1, 4, "no value here"),
            ("{\"a\": 1, \"a\": 2}", 1, 10, "«a» is there twice"),
            ("01", 1, 2, "does not begin with 0"),
            ("1.", 1, 3, "a digit"),
            ("1e400", 1, 1, "too large"),
            ("\"abc", 1, 1, "does not end"),
            ("\"a\nb\"", 1, 3, "a line break"),
            ("\"\\x\"", 1, 3, "no such escape"),
            ("\"\\ud800\"", 1, 8, "surrogate"),
            ("tru", 1, 1, "did you mean «true»"),
            ("{} {}", 1, 4, "after the end"),
            ("\"ệ\" x", 1, 5, "after the end"),
        ]
    )
    func malformed(_ text: String, _ line: Int, _ column: Int, _ explanation: String) throws {
        let error = try #require(throws: JSONSyntaxError.self) {
            try JSONParser.value(of: Array(text.utf8))
        }
        #expect(error.line == line)
        #expect(error.column == column)
        #expect(error.explanation.contains(explanation))
    }

    @Test("Neither depth nor bytes that are no UTF-8 do harm")
    func hostile() {
        let deep = [UInt8](repeating: UInt8(ascii: "["), count: 100_000)
        #expect(throws: JSONSyntaxError.self) { try JSONParser.value(of: deep) }
        #expect(throws: JSONSyntaxError.self) {
            try JSONParser.value(of: [0x22, 0xff, 0x22])
        }
    }

    @Test("What is written is read again as it was")
    func roundTrip() throws {
        var generator = Seed.generator(1)
        for _ in 0..<500 {
            let value = Self.random(depth: 0, &generator)
            #expect(try JSONParser.value(of: Array(value.text.utf8)) == value)
            #expect(try JSONParser.value(of: Array(value.compactText.utf8)) == value)
            #expect(!value.compactText.contains("\n"))
        }
    }

    @Test("Nothing in a text can move a terminal's cursor or turn its writing")
    func harmless() {
        let text = JSONValue.string("\u{1b}[2J\u{9b}\u{202e}\u{200f}\u{ad}\u{e0041}").text
        #expect(text == #""\u001b[2J\u009b\u202e\u200f\u00ad\udb40\udc41""#)
    }

    private static func random(depth: Int, _ generator: inout SplitMix64) -> JSONValue {
        switch UInt8.random(in: 0...(depth < 3 ? 8 : 6), using: &generator) {
        case 0: return .null
        case 1: return .bool(.random(using: &generator))
        case 2: return .integer(.random(in: .min ... .max, using: &generator))
        case 3: return .unsigned(.random(in: (1 << 63)...(.max), using: &generator))
        case 4: return .number(Double.random(in: -1e9...1e9, using: &generator))
        case 5, 6:
            let scalars = (0..<UInt8.random(in: 0...9, using: &generator)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2_ffff, using: &generator))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 7:
            return .array(
                (0..<UInt8.random(in: 0...4, using: &generator)).map { _ in
                    random(depth: depth + 1, &generator)
                }
            )
        default:
            return .object(
                (0..<UInt8.random(in: 0...4, using: &generator)).map { index in
                    .init("n\(index)", random(depth: depth + 1, &generator))
                }
            )
        }
    }
}
