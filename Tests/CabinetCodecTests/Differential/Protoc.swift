import CabinetCodegen
import Foundation

/// Google's own implementation of protobuf, through the command `protoc`: the oracle.
struct Protoc {
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    /// The messages of the project's schemas and of the fixtures, outermost first.
    let messages: [MessageType]
    let schema: Schema

    private let folder: URL
    private let includes: [String]
    /// The name of the wrapper `message { repeated M items = 1; }` of each message.
    private let batches: [String: String]

    /// Describes the schemas, and writes a schema of batches into a temporary folder: one process can
    /// then convert many messages.
    init() throws {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<4 { root.deleteLastPathComponent() }
        let own = root.appendingPathComponent("proto")
        let fixtures = root.appendingPathComponent("Tests/Fixtures/proto")
        folder = FileManager.default.temporaryDirectory
            .appendingPathComponent("cabinet-differential-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        includes = [own, fixtures, folder].map { "-I\($0.path)" }

        let files =
            try ["cabinet/rpc", "cabinet/v1"].flatMap { try Self.protos(in: $0, of: own) }
            + Self.protos(in: "fixture", of: fixtures)
        let set = folder.appendingPathComponent("set")
        _ = try Self.run(
            includes + ["--include_imports", "--descriptor_set_out=\(set.path)"] + files
        )
        let described = try Schema(fileDescriptorSet: [UInt8](Data(contentsOf: set)))
        schema = described
        messages = described.files
            .filter { !$0.name.hasPrefix("google/") }
            .flatMap(\.messages)
            .flatMap { Self.withNested($0) }

        var batches: [String: String] = [:]
        var text = "syntax = \"proto3\";\npackage batch;\n"
        for file in files { text += "import \"\(file)\";\n" }
        for (index, message) in messages.enumerated() {
            let name = message.declaration.fullName
            batches[name] = "batch.B\(index)"
            text += "message B\(index) { repeated .\(name) items = 1; }\n"
        }
        try text.write(
            to: folder.appendingPathComponent("batch.proto"),
            atomically: true,
            encoding: .utf8
        )
        self.batches = batches
    }

    func removeTemporaryFiles() {
        try? FileManager.default.removeItem(at: folder)
    }

    /// The binary form of a batch of messages in text form.
    func encode(_ texts: [String], of message: String) throws -> [UInt8] {
        let input = texts.map { "items {\n\($0)}\n" }.joined()
        return try convert("encode", Array(input.utf8), message)
    }

    /// The text form of a batch in binary form.
    func decode(_ batch: [UInt8], of message: String) throws -> String {
        String(decoding: try convert("decode", batch, message), as: UTF8.self)
    }

    private func convert(
        _ direction: String,
        _ input: [UInt8],
        _ message: String
    ) throws -> [UInt8] {
        guard let batch = batches[message] else {
            throw Failure(description: "\(message) is in no schema")
        }
        return try Self.run(
            includes + ["--\(direction)=\(batch)", "batch.proto"],
            input: input,
            scratch: folder
        )
    }

    private static func protos(in package: String, of root: URL) throws -> [String] {
        try FileManager.default
            .contentsOfDirectory(atPath: root.appendingPathComponent(package).path)
            .filter { $0.hasSuffix(".proto") }.sorted().map { "\(package)/\($0)" }
    }

    private static func withNested(_ message: MessageType) -> [MessageType] {
        [message] + message.messages.flatMap(withNested)
    }

    private static func run(
        _ arguments: [String],
        input: [UInt8] = [],
        scratch: URL = FileManager.default.temporaryDirectory
    ) throws -> [UInt8] {
        let inputFile = scratch.appendingPathComponent("input-\(UUID().uuidString)")
        try Data(input).write(to: inputFile)
        defer { try? FileManager.default.removeItem(at: inputFile) }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["protoc"] + arguments
        process.standardInput = try FileHandle(forReadingFrom: inputFile)
        let output = Pipe()
        process.standardOutput = output
        // protoc warns of what it may: what it says counts only where it fails.
        let errorFile = scratch.appendingPathComponent("error-\(UUID().uuidString)")
        try Data().write(to: errorFile)
        defer { try? FileManager.default.removeItem(at: errorFile) }
        process.standardError = try FileHandle(forWritingTo: errorFile)
        try process.run()
        let bytes = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                description: process.terminationStatus == 127
                    ? "protoc is missing; scripts/setup installs it"
                    : "protoc \(arguments.joined(separator: " ")) failed: "
                        + ((try? String(contentsOf: errorFile, encoding: .utf8)) ?? "")
            )
        }
        return [UInt8](bytes)
    }
}
