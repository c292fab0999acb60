import Testing

/// The notation of proto/conformance/README.md.
@Suite struct NotationTests {
    /// A file with one case around a line.
    private static func file(_ line: String) -> String {
        "case title\nrule 1.1\n\(line)\nopen\n"
    }

    @Test(
        "A malformed line is an error that names the file and the line",
        arguments: [
            "nonsense", "send", "send NOTHING", "send 0x100", "send PING MOST", "send PING id=",
            "send PING id=x", "send PING : u64", "send PING : u64 x", "send PING : u8 256",
            "send PING : u64 *", "send PING : u64 5+", "send PING : *", "send PING : {1: *}",
            "send PING : {1: 1 ..}", "send PING : {1 1}", "send PING : {1: 1", "send PING : (1)",
            "send PING : \"text", "send PING : \"\\x\"", "send PING : <0>", "send PING : <0g>",
            "send PING : <00", "send PING : len16 \"a\"", "send PING : 5 \"a\"", "send PING : $NO",
            "send PING : len16(70000*<00>)", "send PING length=x", "send PING length=0x1000000",
            "expect", "expect PING length=5", "expect goaway", "expect goaway DRAIN",
            "expect goaway 1 one", "expect close now", "expect unordered", "expect response a",
            "expect outcome a", "advance 5", "advance 5 h", "advance ms", "with max_calls",
            "with max_calls=x", "with color=5", "allow ALL", "subject nobody", "only paper",
            "rule one", "rule 1", "rule 1.2.3", "call a", "call a Echo resume 1", "write a",
            "end", "repeat 5\nrepeat 5", "repeat x", "repeat 20000\nopen\nend",
        ]
    )
    func malformed(_ line: String) {
        let error = #expect(throws: CaseFileError.self) {
            try CaseFile(Self.file(line), name: "some.cases")
        }
        #expect(error?.file == "some.cases")
        #expect((3...5).contains(error?.line ?? 0))
        #expect(error?.explanation.isEmpty == false)
    }

    @Test("What stands in the wrong place is an error")
    func misplaced() {
        let texts = [
            "open\n", "case\nrule 1.1\nopen\n", "case a\nopen\n", "case a\nrule 1.1\n",
            "case a\nrule 1.1\nonly tls\nstall\n", "case a\nrule 1.1\nrepeat 2\nopen\n",
            "case a\nrule 1.1\nopen \\", "define\n", "define a 1\ndefine a 2\n",
            "elsewhere 1.1 aTest\n",
        ]
        for text in texts {
            #expect(throws: CaseFileError.self, "\(text)") { try CaseFile(text, name: "a") }
        }
    }

    @Test("Lines, comments, continuations and definitions")
    func lines() throws {
        let text = """
            # A comment
            define two u16 \\
                2

            case A title # with a number sign
            rule 1.1   # a comment
            send PING : $two "#" \\
                <03>   # three
            """
        let file = try CaseFile(text, name: "a")
        let step = try #require(file.cases.first?.steps.first)
        #expect(file.cases.first?.title == "A title # with a number sign")
        #expect(step.line == 7)
        guard case .send(let frame, count: 1, isHeld: false, isBytewise: false) = step.action else {
            Issue.record("another action")
            return
        }
        #expect(try frame.encoded([:]) == [0, 0, 4, 8, 0, 0, 0, 0, 0, 2, 0x23, 3])
    }

    private static func parts(_ text: String) throws -> [Part] {
        var reader = TokenReader(try Lexer.tokens(of: text))
        return try reader.takeParts()
    }

    @Test(
        "Parts are encoded as they say",
        arguments: [
            ("u8 1 u16 0x0203 u24 4 u32 5 u64 6", "01 0203 000004 00000005 0000000000000006"),
            ("varint 300 \"aé\\n\" <Ff 00>", "ac02 61c3a90a ff00"),
            ("3*\"ab\" 2*2*<01>", "616261626162 01010101"),
            ("len16(\"abc\") lenv(\"d\" u8 1) len16()", "0003616263 026401 0000"),
            ("{1: 150 2: \"testing\" 3: {1: 1} 1: 2}", "089601 120774657374696e67 1a020801 0802"),
            (
                "{4: fixed32 1 5: fixed64 2 6: (varint 3 varint 300)}",
                "2501000000 290200000000000000 320303ac02"
            ),
            ("{} {16: <>}", "820100"),
        ]
    )
    func encoding(_ text: String, _ bytes: String) throws {
        let expected = try Self.parts("<\(bytes)>").encoded([:])
        #expect(try Self.parts(text).encoded([:]) == expected)
        var names: Names = [:]
        // A message takes all the bytes that are left, so what follows one cannot be matched.
        if !text.hasPrefix("{} ") { try Self.parts(text).match(expected, &names) }
    }

    @Test("Patterns match what they say, and nothing else")
    func patterns() throws {
        func matches(_ pattern: String, _ text: String) throws -> Bool {
            var names: Names = ["known": 7]
            let bytes = try Self.parts(text).encoded([:])
            let parts = try Self.parts(pattern)
            do throws(Mismatch) {
                try parts.match(bytes, &names)
                return true
            } catch {
                return false
            }
        }
        #expect(try matches("u16 * u8 5+", "u16 9 u8 5"))
        #expect(try !matches("u16 * u8 5+", "u16 9 u8 4"))
        #expect(try matches("u8 ?a u8 ?a", "u8 3 u8 3"))
        #expect(try !matches("u8 ?a u8 ?a", "u8 3 u8 4"))
        #expect(try matches("u8 ?known", "u8 7"))
        #expect(try !matches("u8 ?known", "u8 8"))
        #expect(try matches("u8 1 *", "u8 1 \"rest\""))
        #expect(try !matches("u8 1", "u8 1 \"rest\""))
        #expect(try !matches("u16 1", "u8 1"))
        #expect(try matches("{2: * 1: 5}", "{1: 5 2: \"a\"}"))
        #expect(try !matches("{2: *}", "{1: 5 2: \"a\"}"))
        #expect(try matches("{2: * ..}", "{1: 5 2: \"a\"}"))
        #expect(try !matches("{3: * ..}", "{1: 5 2: \"a\"}"))
        #expect(try !matches("{1: \"a\" 1: \"b\"}", "{1: \"b\" 1: \"a\"}"))
        #expect(try !matches("{1: 5}", "{1: \"a\"}"))
        #expect(try matches("{1: {2: 7}}", "{1: {2: 7}}"))
        #expect(try !matches("{1: {2: 7}}", "{1: {2: 8}}"))
        #expect(try !matches("{1: {}}", "{1: <ff>}"))
        #expect(try matches("len16(u8 *) lenv(\"a\")", "len16(u8 4) lenv(\"a\")"))
        #expect(try !matches("len16(u8 *)", "len16(\"ab\")"))
    }

    @Test("Flags are those that are stated, and no others")
    func flags() throws {
        func frame(_ text: String, isPattern: Bool) throws -> FrameText {
            var reader = TokenReader(try Lexer.tokens(of: text))
            return try reader.takeFrame(isPattern: isPattern)
        }
        func matches(_ pattern: String, _ text: String) throws -> Bool {
            var bytes = try frame(text, isPattern: false).encoded([:])
            let received = try #require(ReceivedFrame.pop(&bytes))
            var names: Names = [:]
            return (try? frame(pattern, isPattern: true).match(received, &names)) != nil
        }
        #expect(try matches("STATUS NOT_PROCESSED id=1", "STATUS NOT_PROCESSED id=1 : \"a\""))
        #expect(try !matches("STATUS id=1", "STATUS NOT_PROCESSED id=1"))
        #expect(try !matches("STATUS NOT_PROCESSED id=1", "STATUS id=1"))
        #expect(try matches("STATUS NOT_PROCESSED? id=1", "STATUS id=1"))
        #expect(try matches("STATUS NOT_PROCESSED? id=1", "STATUS NOT_PROCESSED id=1"))
        #expect(try !matches("STATUS NOT_PROCESSED? id=1", "STATUS NOT_PROCESSED END id=1"))
        #expect(try !matches("STATUS id=1 :", "STATUS id=1 : \"a\""))
        #expect(try !matches("STATUS id=1", "STATUS id=2"))
        #expect(try matches("STATUS id=*", "STATUS id=2"))
        #expect(try !matches("STATUS id=1", "REPLY id=1"))
    }
}
