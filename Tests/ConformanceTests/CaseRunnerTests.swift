import Testing

/// A case that does not hold fails, at the line that does not.
@Suite struct CaseRunnerTests {
    @Test(
        "What did not come, came otherwise or came too much is a failure",
        arguments: [
            ("expect HELLO\nexpect PING", 4), ("expect PING", 3), ("open\nexpect close", 4),
            ("open\nsend PING : u64 1\nexpect PONG : u64 2", 5),
            ("open\nsend PING : u64 1\nexpect nothing", 5),
            ("open\nsend PING : u64 1\nsend PING : u64 2\nexpect PONG : u64 1", 6),
            ("open\nsend PING id=1 : u64 1\nexpect goaway 5", 5),
            ("open\nsend PING id=1 : u64 1\nexpect goaway 4 2.5", 5),
            ("open\nsend PING id=1 : u64 1\nexpect nothing", 5),
            ("open\nsend PING : u64 1\nexpect unordered 2\nexpect PONG\nexpect PING", 5),
            ("open\nexpect unordered 1\nexpect close", 4),
            ("open\nsend CREDIT id=?nothing : u64 1", 4), ("open\ncall a Echo", 4),
        ]
    )
    func failures(_ steps: String, _ line: Int) async throws {
        let file = try CaseFile("case title\nrule 1.1\n\(steps)\n", name: "some.cases")
        let conformanceCase = try #require(file.cases.first)
        try await onOwnThread {
            let error = #expect(throws: CaseFailure.self) {
                try CaseRunner.run(
                    conformanceCase,
                    on: InProcessLink([:], isInline: true, patienceMilliseconds: 1)
                )
            }
            #expect(error?.file == "some.cases")
            #expect(error?.line == line)
        }
    }
}
