import CabinetDocuments
import Foundation
import TestSupport
import Testing

@Suite struct DocumentTests {
    @Test("JSON is read as it was meant, whatever is in a text")
    func json() throws {
        var generator = Seed.generator(0x641)
        for _ in 0..<200 {
            let scalars = (0..<20).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 1...0x2100, using: &generator))
            }
            let text = String(String.UnicodeScalarView(scalars)) + "\"\\/\n\u{0}\u{7f}"
            let value = JSON.object([
                (text, .string(text)), ("number", .number(.max)), ("none", nil),
                ("list", .array([.null, .bool(true), .array([]), .object([])])),
            ])
            for bytes in [value.document, value.line] {
                let read = try #require(
                    JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any]
                )
                #expect(read.count == 3)
                #expect(
                    (read[text] as? String)?.unicodeScalars.elementsEqual(text.unicodeScalars)
                        == true
                )
                #expect(read["number"] as? Int64 == .max)
                #expect((read["list"] as? [Any])?.count == 4)
            }
            #expect(value.line.count { $0 == UInt8(ascii: "\n") } == 1)
        }
    }

    @Test("Decimals are written as they are, and what is none as null")
    func decimals() {
        let values = [0.1, -2, 1e-7, 1e300, .infinity, .nan].map(JSON.decimal)
        #expect(
            String(decoding: JSON.array(values).line, as: UTF8.self)
                == "[0.1,-2.0,1e-07,1e+300,null,null]\n"
        )
    }

    @Test("A row stays on its line in a document")
    func rows() {
        let value = JSON.object([("pairs", .row([.row([.number(1), .string("a\n")]), .row([])]))])
        #expect(
            String(decoding: value.document, as: UTF8.self)
                == "{\n  \"pairs\": [[1,\"a\\n\"],[]]\n}\n"
        )
    }

    @Test("What is put into HTML is text, whatever it looks like")
    func escaping() {
        let hostile = "<script>\"'&\u{0}\u{1b}\u{85}\u{ffff}\r\n"
        let escaped =
            "&lt;script&gt;&quot;&#39;&amp;\u{fffd}\u{fffd}\u{fffd}\u{fffd}\u{fffd}\n"
        let html: HTML = "<p title=\"\(hostile)\">\(written: hostile)\(3)</p>"
        #expect(
            html.markup.unicodeScalars.elementsEqual(
                "<p title=\"\(escaped)\"><bdi>\(escaped)</bdi>3</p>".unicodeScalars
            )
        )
    }
}
