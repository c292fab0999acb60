import Foundation
import TestSupport
import Testing

/// `ecabinet-demo` at a terminal of its own, which script(1) makes.
final class TerminalDemo {
    private let process = Process()
    private let keys = Pipe()
    private let home = FileManager.default.temporaryDirectory
        .appendingPathComponent("ecabinet-demo-terminal-\(UUID().uuidString)")

    init(_ arguments: [String]) throws {
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        let verifiers = Script.packageRoot.appendingPathComponent("scripts").path
        let command =
            [Demo.program("ecabinet-demo"), "--verifiers", verifiers] + arguments
            + ["--keep", home.appendingPathComponent("kept").path]
        process.executableURL = URL(fileURLWithPath: "/usr/bin/script")
        process.arguments = [
            "--quiet", "--return", "--flush", "--command",
            "exec \(command.joined(separator: " "))", "/dev/null",
        ]
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TMPDIR": home.path, "LC_ALL": "C.UTF-8", "TERM": "xterm", "SHELL": "/bin/sh"]
        ) { $1 }
        process.standardInput = keys
        try Data().write(to: screen)
        process.standardOutput = try FileHandle(forWritingTo: screen)
        process.standardError = process.standardOutput
        try process.run()
    }

    deinit {
        if process.isRunning {
            send(SIGKILL)
            kill(process.processIdentifier, SIGKILL)
        }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: home)
    }

    private var screen: URL { home.appendingPathComponent("screen") }

    /// Everything that was written to the terminal.
    var output: String {
        (try? Data(contentsOf: screen)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    func type(_ text: String) throws {
        try keys.fileHandleForWriting.write(contentsOf: Data(text.utf8))
    }

    /// Sends a signal to the demo, and not to what runs it.
    func send(_ signal: Int32) {
        for number in numbers("ecabinet-demo") { kill(number, signal) }
    }

    /// Continues it after Ctrl-Z. script(1) stops when what it runs has stopped.
    func resume() {
        kill(process.processIdentifier, SIGCONT)
        send(SIGCONT)
    }

    /// - Returns: What it exits with.
    func waitForEnd() throws -> Int32 {
        for _ in 0..<6_000 where process.isRunning { usleep(10_000) }
        try #require(!process.isRunning, "\(output)")
        return process.terminationStatus
    }

    func wait(for what: (String) -> Bool) throws {
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            if what(output) { return }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        try #require(what(output), "\(output)")
    }

    /// Waits until the demo has stopped, and script(1) after it: one that is continued before it has stopped
    /// stays so.
    func waitUntilStopped() throws {
        func isStopped(_ number: Int32) -> Bool {
            let text = try? String(contentsOfFile: "/proc/\(number)/stat", encoding: .utf8)
            return text?.components(separatedBy: ") ").last?.hasPrefix("T") == true
        }
        func areStopped() -> Bool {
            let demo = numbers("ecabinet-demo")
            return !demo.isEmpty && (demo + [process.processIdentifier]).allSatisfy(isStopped)
        }
        for _ in 0..<6_000 {
            if areStopped() { return }
            usleep(10_000)
        }
        try #require(areStopped())
    }

    /// Names of programs that run for this demo, but for script(1).
    var processes: [String] { ["ecabinet-demo", "ecabinetd"].filter { !numbers($0).isEmpty } }

    /// Processes of a program whose arguments name this demo's folder.
    private func numbers(_ program: String) -> [Int32] {
        let all = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return all.compactMap(Int32.init).filter { number in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(number)/cmdline")
            else { return false }
            let words = String(decoding: bytes, as: UTF8.self).split(separator: "\0")
            return words.first?.hasSuffix("/" + program) == true
                && words.contains { $0.contains(home.path) }
        }
    }
}
