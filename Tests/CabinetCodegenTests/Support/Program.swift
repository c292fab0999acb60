import Foundation

/// Runs programs as a user does.
enum Program {
    struct Outcome {
        /// What the program exited with.
        var status: Int32
        var output: String
        var errors: String
    }

    /// The plugin, which the package manager builds into the folder of the tests.
    static let plugin = Bundle.main.bundleURL.appendingPathComponent("protoc-gen-cabinet").path

    /// The root of this repository.
    static let repository = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent().path

    /// Runs a program to its end.
    ///
    /// - Parameter path: The program; without a slash, it is looked up in `PATH`.
    static func run(
        _ path: String,
        _ arguments: [String],
        input: [UInt8] = [],
        in folder: URL? = nil
    ) throws -> Outcome {
        // Files rather than pipes: neither side waits for the other.
        let files = try TemporaryFolder()
        func file(_ name: String, _ content: [UInt8] = []) throws -> FileHandle {
            let url = files.url.appendingPathComponent(name)
            try Data(content).write(to: url)
            return try FileHandle(forUpdating: url)
        }
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path] + arguments
        process.currentDirectoryURL = folder
        process.standardInput = try file("input", input)
        let output = try file("output")
        let errors = try file("errors")
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        process.waitUntilExit()
        return Outcome(
            status: process.terminationStatus,
            output: try text(of: output),
            errors: try text(of: errors)
        )
    }

    private static func text(of file: FileHandle) throws -> String {
        try file.seek(toOffset: 0)
        return String(decoding: try file.readToEnd() ?? Data(), as: UTF8.self)
    }
}
