import Foundation
import TestSupport
import Testing

/// `ecabinet-demo` as it is run by hand, with everything that it makes in a folder of its own.
final class Demo {
    private let process = Process()
    private let home = FileManager.default.temporaryDirectory
        .appendingPathComponent("ecabinet-demo-tests-\(UUID().uuidString)")

    /// - Parameter keeps: Whether it is told where to keep what it makes.
    init(_ arguments: [String] = [], keeps: Bool = true, verifiers: String? = nil) throws {
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        process.executableURL = URL(fileURLWithPath: Self.program("ecabinet-demo"))
        process.arguments =
            (keeps ? ["--keep", folder] : [])
            + [
                "--verifiers",
                verifiers ?? Script.packageRoot.appendingPathComponent("scripts").path,
            ] + arguments
        process.environment = ProcessInfo.processInfo.environment.merging(
            ["TMPDIR": home.path, "LC_ALL": "C.UTF-8"]
        ) { $1 }
        process.standardInput = FileHandle.nullDevice
        for name in ["output", "errors"] { try Data().write(to: file(name)) }
        process.standardOutput = try FileHandle(forWritingTo: file("output"))
        process.standardError = try FileHandle(forWritingTo: file("errors"))
        try process.run()
    }

    deinit {
        if process.isRunning { send(SIGKILL) }
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: home)
    }

    static func program(_ name: String) -> String {
        Bundle.main.bundleURL.appendingPathComponent(name).path
    }

    private func file(_ name: String) -> URL { home.appendingPathComponent(name) }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: file(name), encoding: .utf8)) ?? ""
    }

    /// What it makes is in there.
    var folder: String { file("kept").path }

    var output: String { text("output") }
    var errors: String { text("errors") }

    /// What is in the folder for temporary files.
    var temporaryFolders: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: home.path)) ?? []
        return names.filter { $0.hasPrefix("ecabinet-demo-") }
    }

    func send(_ signal: Int32) {
        kill(process.processIdentifier, signal)
    }

    /// - Returns: What it exits with; the negative number of a signal that ended it.
    func waitForEnd() -> Int32 {
        process.waitUntilExit()
        return process.terminationReason == .uncaughtSignal
            ? -process.terminationStatus : process.terminationStatus
    }

    /// Waits until it has said something.
    func wait(for text: String) throws {
        // Far more than any machine needs.
        for _ in 0..<12_000 {
            if output.contains(text) { return }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        try #require(output.contains(text), "output: \(output)\nerrors: \(errors)")
    }

    /// Command lines of processes that have to do with this demo.
    var processes: [String] {
        let numbers = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
        return numbers.filter { $0.allSatisfy(\.isNumber) }.compactMap { number in
            guard let bytes = FileManager.default.contents(atPath: "/proc/\(number)/cmdline")
            else { return nil }
            let line = String(decoding: bytes, as: UTF8.self)
                .replacingOccurrences(of: "\0", with: " ")
            return line.contains(home.path) ? line : nil
        }
    }

    /// Waits until no process of it is left.
    func waitUntilAlone() -> Bool {
        for _ in 0..<3_000 {
            if processes.isEmpty { return true }
            usleep(10_000)
        }
        return false
    }
}
