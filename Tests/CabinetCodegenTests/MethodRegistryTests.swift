import Testing

@testable import CabinetCodegen

/// The registry's file format.
@Suite struct MethodRegistryTests {
    @Test("What was written is read back")
    func roundTrip() throws {
        let registry = try MethodRegistry(text: "2 p.S.B\n1 p.S.A\n", path: "r")
        #expect(registry.names == [1: "p.S.A", 2: "p.S.B"])
        #expect(registry.text.hasSuffix("\n1 p.S.A\n2 p.S.B\n"))
        #expect(try MethodRegistry(text: registry.text, path: "r") == registry)
    }

    @Test(
        "Comments, empty lines, indentation and line ends of other systems are read",
        arguments: [
            "1 p.S.A\n2 p.S.B", "# c\n\n1 p.S.A # c\n  2\tp.S.B\n", "1 p.S.A\r\n2 p.S.B\r\n",
        ]
    )
    func layout(_ text: String) throws {
        let registry = try MethodRegistry(text: text, path: "r")
        #expect(registry.names == [1: "p.S.A", 2: "p.S.B"])
    }

    @Test(
        "A line that is no entry is refused with its place",
        arguments: [
            ("1", 1), ("p.S.A", 1), ("1 p.S.A p.S.B", 1), ("-1 p.S.A", 1), ("1.5 p.S.A", 1),
            ("0 p.S.A", 1), ("\n65536 p.S.A", 2), ("1 p.S.A\n1 p.S.B", 2), ("1 p.S.A\n2 p.S.A", 2),
            ("1 p.S.A\r\n\r\nx", 3), ("99999999999999999999 p.S.A", 1),
        ]
    )
    func malformed(_ text: String, _ line: Int) {
        let error = #expect(throws: CodegenError.self) {
            try MethodRegistry(text: text, path: "some/file")
        }
        #expect(error?.place == SourcePlace(file: "some/file", line: line, column: 1))
    }

    @Test("No methods leave the registry as it is")
    func nothingNew() throws {
        var registry = try MethodRegistry(text: "1 p.S.A", path: "r")
        let before = registry
        try registry.record([])
        #expect(registry == before)
    }
}
