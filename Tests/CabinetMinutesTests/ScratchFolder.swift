import Foundation

/// A folder of a test's own, removed at its end.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        let url = FileManager.default.temporaryDirectory
            .appendingPathComponent("minutes-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
        path = url.path
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// Everything in it, hidden files included.
    var names: [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: path))?.sorted() ?? []
    }

    /// Runs a command, and returns how it ended and what it said.
    static func run(
        _ command: [String],
        input: String? = nil,
        in folder: String? = nil
    ) throws -> (status: Int32, output: String) {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardOutput = output
        process.standardError = output
        if let folder { process.currentDirectoryURL = URL(fileURLWithPath: folder) }
        if let input {
            let script = FileManager.default.temporaryDirectory
                .appendingPathComponent("minutes-\(UUID().uuidString).sh")
            try Data(input.utf8).write(to: script)
            defer { try? FileManager.default.removeItem(at: script) }
            process.arguments = command + [script.path]
            return try finish(process, output)
        }
        return try finish(process, output)
    }

    private static func finish(
        _ process: Process,
        _ output: Pipe
    ) throws -> (status: Int32, output: String) {
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let data = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: data, as: UTF8.self))
    }
}
