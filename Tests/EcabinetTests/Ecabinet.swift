import Foundation

@testable import ecabinet

/// Runs `ecabinet` as a user does.
enum Ecabinet {
    struct Outcome: CustomStringConvertible {
        /// What the program exited with.
        let status: Int32
        let output: String
        let errors: String

        var description: String { "status \(status)\noutput: \(output)\nerrors: \(errors)" }

        /// The one JSON document of standard output.
        func json() throws -> JSONValue { try JSONParser.value(of: Array(output.utf8)) }

        /// The JSON objects of standard error, one a line.
        func errorLines() throws -> [JSONValue] {
            try errors.split(separator: "\n").map { try JSONParser.value(of: Array($0.utf8)) }
        }

        /// The failure in the last of them.
        func errorJSON() throws -> JSONValue { try errorLines().last?["error"] ?? .null }
    }

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - environment: Beside PATH and HOME.
    ///   - input: What it reads from standard input.
    ///   - outputPath: Where standard output goes in place of the outcome.
    static func run(
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil,
        outputPath: String? = nil
    ) async throws -> Outcome {
        let running = try RunningProgram(
            "ecabinet",
            arguments,
            environment: environment,
            input: input,
            outputPath: outputPath
        )
        return try await running.outcome()
    }
}

/// A program in a process of its own: one with an absolute path, or one that the package manager builds into
/// the folder of the tests.
final class RunningProgram {
    struct NothingSaid: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let folder = TestFolder()

    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = [:],
        input: String? = nil,
        outputPath: String? = nil
    ) throws {
        process.executableURL =
            program.hasPrefix("/")
            ? URL(fileURLWithPath: program)
            : Bundle.main.bundleURL.appendingPathComponent(program)
        process.arguments = arguments
        let own = ProcessInfo.processInfo.environment
        process.environment = [
            "PATH": own["PATH"] ?? "/usr/bin:/bin", "HOME": folder.path, "LANG": "C",
        ]
        .merging(environment) { $1 }
        let files = [
            try folder.file("input", input ?? "", forReading: true),
            try outputPath.map {
                try FileHandle(forWritingTo: URL(fileURLWithPath: $0))
            } ?? folder.file("output", "", forReading: false),
            try folder.file("errors", "", forReading: false),
        ]
        process.standardInput = files[0]
        process.standardOutput = files[1]
        process.standardError = files[2]
        try process.run()
        // Foundation keeps them open for as long as the tests run, and fails to start programs when there
        // are a thousand.
        for file in files { try file.close() }
    }

    deinit {
        guard process.isRunning else { return }
        send(SIGKILL)
    }

    var output: String { folder.text(of: "output") }
    var errors: String { folder.text(of: "errors") }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// Waits for the end.
    func outcome() async throws -> Ecabinet.Outcome {
        try await wait { !$0.process.isRunning }
        return Ecabinet.Outcome(
            status: process.terminationStatus,
            output: output,
            errors: errors
        )
    }

    /// Waits until the program has said or done something. No thread is kept meanwhile.
    func wait(for what: (RunningProgram) -> Bool) async throws {
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            let isRunning = process.isRunning
            if what(self) { return }
            guard isRunning else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NothingSaid(description: "output: \(output)\nerrors: \(errors)")
    }
}

/// A folder that is gone when nobody uses it any more.
final class TestFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "ecabinet-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// What is in it, sorted.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Writes a file, and returns its path.
    func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    func file(_ name: String, _ text: String, forReading: Bool) throws -> FileHandle {
        let url = URL(fileURLWithPath: try write(text, name))
        return try forReading ? FileHandle(forReadingFrom: url) : FileHandle(forWritingTo: url)
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }

    func permissions(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path(name))[.posixPermissions] as? Int
    }
}
