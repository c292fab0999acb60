import Foundation
import Testing

/// The descriptors that generated code holds, for reflection.
@Suite struct SchemaFilesTests {
    private static let sources = [
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
        import "cabinet/rpc/options.proto";
        enum Kind { KIND_UNSPECIFIED = 0; KIND_BOOK = 1; }
        message Stamped { option (cabinet.rpc.signed) = true; }
        """,
    ]

    @Test("They are all files, imports first, byte for byte as protoc has them")
    func descriptors() throws {
        let generated = try Self.generate(Self.sources)
        let names = generated.split(separator: "\n")
            .filter { $0.hasPrefix("            name: \"") }
            .compactMap { $0.split(separator: "\"").dropFirst().first }
        #expect(
            names == [
                "google/protobuf/descriptor.proto", "cabinet/rpc/options.proto", "kind.proto",
                "item.proto",
            ]
        )
        let expected = try Self.protoc(Self.sources)
        #expect(try Self.set(of: generated) == expected)
    }

    @Test("They are the same for two runs, and without comments")
    func reproducible() throws {
        let first = try Self.generate(Self.sources)
        #expect(try Self.generate(Self.sources) == first)
        var sources = Self.sources
        sources["item.proto"]?.replace("// An item.", with: "// Something else.")
        #expect(try Self.generate(sources) == first)
    }

    @Test("No line is longer than a hundred columns")
    func lines() throws {
        let generated = try Self.generate(Self.sources)
        #expect(generated.split(separator: "\n").allSatisfy { $0.count <= 100 })
    }

    @Test("Swift does not import the module that it is a part of")
    func ownModule() throws {
        let sources = [
            "example.proto": Protoc.file(
                """
                message M {}
                service S { rpc Get(M) returns (M) { option (cabinet.rpc.method_id) = 1; } }
                """
            )
        ]
        for (options, imports) in [
            ("c_module=CExample", true), ("c_module=CExample,swift_module=CabinetRPC", false),
        ] {
            let outcome = try Protoc.run(sources, options: options)
            for file in ["Schema.swift", "example.rpc.swift"] {
                let text = try #require(outcome.files[file])
                #expect(text.contains("import CabinetRPC\n") == imports, "\(file)")
            }
            #expect(outcome.files["example.pb.swift"]?.contains("import CabinetCodec\n") == true)
        }
    }

    private static func generate(_ sources: [String: String]) throws -> String {
        let outcome = try Protoc.run(sources)
        #expect(outcome.errors == "")
        return try #require(outcome.files["Schema.swift"])
    }

    /// The Base64 literals of generated Swift, as a `FileDescriptorSet`.
    private static func set(of swift: String) throws -> Data {
        var set = Data()
        for literal in swift.components(separatedBy: "base64: \"\"\"\n").dropFirst() {
            let text = literal.prefix { $0 != "\"" }.filter { !" \\\n".contains($0) }
            let file = try #require(Data(base64Encoded: text))
            set.append(0x0a)
            var length = file.count
            while length > 0x7f {
                set.append(UInt8(truncatingIfNeeded: length) | 0x80)
                length >>= 7
            }
            set.append(UInt8(length))
            set += file
        }
        return set
    }

    /// What protoc itself writes.
    private static func protoc(_ sources: [String: String]) throws -> Data {
        let folder = try TemporaryFolder()
        for (path, text) in sources { try folder.write(text, to: path) }
        let outcome = try Program.run(
            "protoc",
            [
                "-I.", "-I\(Program.repository)/proto", "--include_imports",
                "--descriptor_set_out=set",
            ] + sources.keys.sorted(),
            in: folder.url
        )
        #expect(outcome.errors == "")
        return try Data(contentsOf: folder.url.appendingPathComponent("set"))
    }
}
