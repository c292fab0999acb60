import Foundation
import Testing

/// `ecabinet` at a terminal of its own, which script(1) makes.
final class Terminal {
    struct NothingSaid: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let keys = Pipe()
    private let folder = TestFolder()

    /// - Parameter arguments: Without what a shell takes for something else.
    init(_ arguments: [String], environment: [String: String]) throws {
        let program = Bundle.main.bundleURL.appendingPathComponent("ecabinet").path
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = [
            "--quiet", "--return", "--flush",
            "--command", "exec \((["'\(program)'"] + arguments).joined(separator: " "))",
            "/dev/null",
        ]
        process.environment = [
            "PATH": "/usr/bin:/bin", "HOME": folder.path, "LANG": "C", "SHELL": "/bin/sh",
            "TERM": "dumb",
        ].merging(environment) { $1 }
        process.standardInput = keys
        process.standardOutput = try folder.file("screen", "", forReading: false)
        process.standardError = process.standardOutput
        try process.run()
    }

    deinit {
        guard process.isRunning else { return }
        kill(process.processIdentifier, SIGKILL)
    }

    /// What is on the screen.
    var output: String { folder.text(of: "screen") }

    func type(_ text: String) throws {
        try keys.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    /// Waits until the program has said or done something.
    func wait(for what: (String) -> Bool) async throws {
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            let isRunning = process.isRunning
            if what(output) { return }
            guard isRunning else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NothingSaid(description: output)
    }

    /// Waits for the end, which has to have a status.
    func end(_ status: Int32, _ location: SourceLocation = #_sourceLocation) async throws {
        for _ in 0..<6_000 where process.isRunning {
            try await Task.sleep(for: .milliseconds(10))
        }
        guard !process.isRunning else { throw NothingSaid(description: output) }
        #expect(process.terminationStatus == status, "\(output)", sourceLocation: location)
    }
}
