import Foundation
import TLSTestSupport

/// Google's protoc as a tool that knows of a schema only what a server's reflection says.
struct OtherProtoc {
    struct Failure: Error {
        let output: String
    }

    private let folder: String

    init() throws {
        folder = "\(PKI.shared.folder)/\(UUID().uuidString)"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
    }

    /// Takes a file of the schema's descriptors.
    func know(_ fileDescriptorSet: [UInt8]) throws {
        try write(fileDescriptorSet, "set")
    }

    /// The bytes of a message that is given in protobuf's text format.
    func encode(_ type: String, _ text: String) async throws -> [UInt8] {
        try write(Array(text.utf8), "input")
        try await protoc("--descriptor_set_in=set --encode=\(type) < input > output")
        return try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/output")))
    }

    /// The text format of a message.
    func decode(_ type: String, _ bytes: [UInt8]) async throws -> String {
        try write(bytes, "input")
        try await protoc("--descriptor_set_in=set --decode=\(type) < input > output")
        return try String(contentsOfFile: "\(folder)/output", encoding: .utf8)
    }

    /// The descriptors that protoc itself makes of files of the repository.
    func descriptors(of files: String) async throws -> [UInt8] {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().path
        try await protoc(
            "-I'\(root)/proto' -I'\(root)/Tests/Fixtures/proto' --include_imports "
                + "--descriptor_set_out=output \(files)"
        )
        return try [UInt8](Data(contentsOf: URL(fileURLWithPath: "\(folder)/output")))
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        try Data(bytes).write(to: URL(fileURLWithPath: "\(folder)/\(name)"))
    }

    private func protoc(_ arguments: String) async throws {
        let (status, output) = try await runAside(
            "/bin/bash",
            ["-c", "protoc \(arguments)"],
            in: folder
        )
        guard status == 0 else { throw Failure(output: output) }
    }
}
