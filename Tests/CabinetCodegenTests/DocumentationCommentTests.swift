import Testing

@testable import CabinetCodegen

@Suite struct DocumentationCommentTests {
    @Test("What fits is left as it is")
    func fits() {
        let lines = ["One line.", "", "Another: exactly twenty", "- a list"]
        #expect(DocumentationComment.wrapped(lines, width: 23) == lines)
    }

    @Test("What is broken off goes on in the next line of the paragraph")
    func flows() {
        #expect(
            DocumentationComment.wrapped(["aaa bbb ccc ddd", "eee", "fff"], width: 11)
                == ["aaa bbb ccc", "ddd eee", "fff"]
        )
        #expect(
            DocumentationComment.wrapped(["aaa bbb ccc ddd eee fff ggg", "hhh"], width: 11)
                == ["aaa bbb ccc", "ddd eee fff", "ggg hhh"]
        )
    }

    @Test(
        "It does not flow into another paragraph, a list, a heading or a table",
        arguments: ["", "- item", "* item", "1. item", "# Heading", "| a | b |", "> quote"]
    )
    func borders(_ next: String) {
        #expect(
            DocumentationComment.wrapped(["aaa bbb ccc", next], width: 7) == [
                "aaa bbb", "ccc", next,
            ]
        )
    }

    @Test("An item of a list goes on under its text")
    func lists() {
        #expect(
            DocumentationComment.wrapped(["- aaa bbb ccc", "- ddd"], width: 9)
                == ["- aaa bbb", "  ccc", "- ddd"]
        )
    }

    @Test("Code, headings, tables and words are not broken")
    func code() {
        let code = [
            "```", "a very long line", "```", "    indented code", "averyverylongword",
            "# A heading", "| a | table |",
        ]
        #expect(DocumentationComment.wrapped(code, width: 8) == code)
    }

    @Test("The end of the comment is kept")
    func end() {
        #expect(DocumentationComment.wrapped(["aaa bbb"], width: 3) == ["aaa", "bbb"])
        #expect(DocumentationComment.wrapped([], width: 3) == [])
    }

    @Test(
        "A comment stays a comment, however its lines end",
        arguments: ["\r\n", "\r", "\u{2028}"]
    )
    func lineEndings(_ ending: String) throws {
        let source = Protoc.file("// One line,\(ending)// public let injected = 1\nmessage M {}")
        let outcome = try Protoc.run(["example.proto": source])
        let text = try #require(outcome.files["example.pb.swift"])
        let lines = text.split(whereSeparator: \.isNewline)
        #expect(!lines.contains { !$0.hasPrefix("///") && $0.contains("injected") })
        #expect(!lines.contains { !$0.hasPrefix("///") && $0.contains("One line") })
    }
}
