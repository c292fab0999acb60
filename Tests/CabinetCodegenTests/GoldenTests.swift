import Foundation
import Testing

/// What the generator writes, compared with files that a person has read.
///
/// Each golden has a schema `Golden/NAME.proto` and the Swift that is expected of it beside it. With
/// `CABINET_UPDATE_GOLDEN=1` in the environment the tests write what the generator writes now; read
/// the difference before you commit it.
@Suite struct GoldenTests {
    struct Golden: Sendable, CustomTestStringConvertible {
        /// The schema, without `.proto`.
        var schema: String
        /// Of the expected file.
        var suffix: String
        var options = ""
        /// In the name of the expected file, where one schema has several.
        var variant = ""

        var expected: String { schema + variant + suffix }
        var testDescription: String { expected }
    }

    private static let goldens: [Golden] = [
        Golden(schema: "comments", suffix: ".pb.swift"),
        Golden(schema: "deprecated", suffix: ".pb.swift"),
        Golden(schema: "deprecated", suffix: ".rpc.swift"),
        Golden(schema: "enums", suffix: ".pb.swift"),
        Golden(schema: "nested", suffix: ".pb.swift"),
        Golden(schema: "oneofs", suffix: ".pb.swift"),
        Golden(schema: "prefix", suffix: ".pb.swift"),
        Golden(schema: "prefix", suffix: ".rpc.swift"),
        Golden(schema: "reserved", suffix: ".pb.swift"),
        Golden(schema: "reserved", suffix: ".rpc.swift"),
        Golden(schema: "signed", suffix: ".pb.swift"),
        Golden(schema: "streams", suffix: ".rpc.swift"),
        Golden(
            schema: "small",
            suffix: ".pb.swift",
            options: "visibility=internal",
            variant: "-internal"
        ),
        Golden(
            schema: "small",
            suffix: ".pb.swift",
            options: "visibility=package",
            variant: "-package"
        ),
        Golden(
            schema: "small",
            suffix: ".pb.swift",
            options: "visibility=public",
            variant: "-public"
        ),
        Golden(
            schema: "small",
            suffix: ".rpc.swift",
            options: "services=both,visibility=package",
            variant: "-both"
        ),
        Golden(
            schema: "small",
            suffix: ".rpc.swift",
            options: "services=client",
            variant: "-client"
        ),
        Golden(
            schema: "small",
            suffix: ".rpc.swift",
            options: "services=server",
            variant: "-server"
        ),
    ]

    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    private static let updates =
        ProcessInfo.processInfo.environment["CABINET_UPDATE_GOLDEN"] == "1"

    @Test("The generated Swift is as expected", arguments: goldens)
    func isAsExpected(_ golden: Golden) throws {
        let outcome = try Self.generate(golden.schema, options: golden.options)
        let actual = try #require(outcome.files[golden.schema + golden.suffix])
        let file = Self.folder.appendingPathComponent(golden.expected)
        if Self.updates {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        let expected = try String(contentsOf: file, encoding: .utf8)
        let difference = Difference.describe(from: expected, to: actual)
        #expect(
            difference.isEmpty,
            """
            \(golden.expected) is not as expected (- expected, + generated):
            \(difference)
            If that is right: CABINET_UPDATE_GOLDEN=1 swift test --filter GoldenTests
            """
        )
    }

    @Test("Without services, only those are missing")
    func noServices() throws {
        let outcome = try Self.generate("small", options: "services=none")
        #expect(
            outcome.files.keys.sorted() == [
                "Schema.swift", "include/small.pb-c.h", "small.pb-c.c", "small.pb.swift",
            ]
        )
        #expect(outcome.files["Schema.swift"]?.contains("methods") == false)
        let both = try Self.generate("small", options: "services=both")
        #expect(outcome.files["small.pb.swift"] == both.files["small.pb.swift"])
    }

    @Test("No line of what is generated is wider than 100 columns", arguments: goldens)
    func width(_ golden: Golden) throws {
        let outcome = try Self.generate(golden.schema, options: golden.options)
        for (path, text) in outcome.files where path.hasSuffix(".swift") {
            let wide = text.split(separator: "\n").filter { $0.count > 100 }.map(String.init)
            #expect(wide == [], "\(path)")
        }
    }

    @Test("The generator writes the same each time")
    func deterministic() throws {
        let first = try Self.generate("nested", options: "")
        #expect(try Self.generate("nested", options: "").files == first.files)
    }

    private static func generate(_ schema: String, options: String) throws -> Protoc.Outcome {
        let file = folder.appendingPathComponent("\(schema).proto")
        let outcome = try Protoc.run(
            ["\(schema).proto": try String(contentsOf: file, encoding: .utf8)],
            options: "c_module=CExample" + (options.isEmpty ? "" : ",\(options)")
        )
        #expect(outcome.errors == "")
        return outcome
    }
}
