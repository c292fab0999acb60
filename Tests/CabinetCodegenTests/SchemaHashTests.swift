import Foundation
import Testing

/// The hash by which two builds tell whether they have the same schema.
@Suite struct SchemaHashTests {
    private static let schema = [
        "item.proto": """
        syntax = "proto3";
        package example;
        import "kind.proto";
        // An item.
        message Item { string name = 1; Kind kind = 2; }
        """,
        "kind.proto": """
        syntax = "proto3";
        package example;
        enum Kind { KIND_UNSPECIFIED = 0; KIND_BOOK = 1; }
        """,
    ]

    @Test("It has 32 bytes, and is the same for two runs")
    func repeatable() throws {
        let hash = try Self.hash(of: Self.schema)
        #expect(hash.count == 32)
        #expect(try Self.hash(of: Self.schema) == hash)
    }

    @Test(
        "What means the same has the same hash",
        arguments: [
            // A comment is another, or gone.
            ("// An item.\n", "// Something to keep.\n"), ("// An item.\n", ""),
            // Another layout.
            ("{ string name = 1; Kind kind = 2; }", "{\n  string name = 1;\n  Kind kind = 2;\n}"),
        ]
    )
    func unchanged(_ old: String, _ new: String) throws {
        let hash = try Self.hash(of: Self.schema)
        #expect(try Self.hash(of: Self.changed("item.proto", old, new)) == hash)
    }

    @Test(
        "What means something else has another hash",
        arguments: [
            ("item.proto", "Kind kind = 2;", "Kind kind = 2; bool sold = 3;"),
            ("item.proto", "string name", "bytes name"), ("item.proto", "name = 1", "name = 7"),
            ("item.proto", "string name", "string title"),
            ("item.proto", "message Item", "message It"),
            // In a file that it imports.
            ("kind.proto", "KIND_BOOK = 1", "KIND_BOOK = 1; KIND_FILM = 2"),
        ]
    )
    func changes(_ file: String, _ old: String, _ new: String) throws {
        let hash = try Self.hash(of: Self.schema)
        #expect(try Self.hash(of: Self.changed(file, old, new)) != hash)
    }

    @Test("How the code is generated does not change it")
    func options() throws {
        let options = "c_module=CExample,visibility=public,services=client,swift_dir=swift"
        #expect(
            try Self.hash(of: Self.schema, options: options, path: "swift/Schema.swift")
                == Self.hash(of: Self.schema)
        )
    }

    @Test("The committed fixture has the hash of its schema")
    func fixture() throws {
        func text(_ path: String) throws -> String {
            try String(
                contentsOfFile: "\(Program.repository)/Tests/Fixtures/\(path)",
                encoding: .utf8
            )
        }
        let names = ["fixture/everything.proto", "fixture/imported.proto"]
        let sources = try names.map { ($0, try text("proto/\($0)")) }
        let hash = try Self.hash(of: Dictionary(uniqueKeysWithValues: sources))
        #expect(try hash == Self.hash(in: text("FixtureAPI/FixtureSchema.swift")))
    }

    private static func changed(
        _ file: String,
        _ old: String,
        _ new: String
    ) throws -> [String: String] {
        var sources = schema
        let text = try #require(sources[file])
        try #require(text.contains(old))
        sources[file] = text.replacingOccurrences(of: old, with: new)
        return sources
    }

    private static func hash(
        of sources: [String: String],
        options: String = "c_module=CExample",
        path: String = "Schema.swift"
    ) throws -> [UInt8] {
        let outcome = try Protoc.run(sources, options: options)
        #expect(outcome.errors == "")
        return hash(in: try #require(outcome.files[path]))
    }

    /// The bytes of the array in the generated Swift.
    private static func hash(in swift: String) -> [UInt8] {
        swift.split(separator: "\n")
            .filter { $0.trimmingPrefix { $0 == " " }.hasPrefix("0x") && $0.hasSuffix(",") }
            .flatMap { $0.split { !$0.isHexDigit && $0 != "x" } }
            .compactMap { UInt8($0.dropFirst(2), radix: 16) }
    }
}
