import Foundation

/// Runs `ecabinet-load` as a user does.
enum Load {
    struct Outcome {
        /// What the program exited with.
        let status: Int32
        let output: String
        let errors: String
    }

    static let program = "ecabinet-load"

    /// Where a program is, which the package manager builds into the folder of the tests.
    static func path(of program: String) -> String {
        program.hasPrefix("/")
            ? program : Bundle.main.bundleURL.appendingPathComponent(program).path
    }

    /// Runs a command to its end.
    ///
    /// - Parameters:
    ///   - descriptors: How many file descriptors the program may have.
    ///   - input: What it reads.
    static func run(
        _ arguments: [String],
        descriptors: Int? = nil,
        input: String? = nil
    ) throws -> Outcome {
        let running = try Running(arguments, descriptors: descriptors, input: input)
        running.waitForEnd()
        return Outcome(
            status: running.status,
            output: running.output,
            errors: running.errors
        )
    }
}

/// A command that runs until it is stopped, or by itself.
final class Running {
    struct NothingSaid: Error, CustomStringConvertible {
        let description: String
    }

    private let process = Process()
    private let folder = TemporaryFolder()

    init(
        _ arguments: [String],
        program: String = Load.program,
        descriptors: Int? = nil,
        input: String? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let limit = descriptors.map { "ulimit -n \($0); " } ?? ""
        process.arguments =
            ["-c", "\(limit)exec \"$0\" \"$@\"", Load.path(of: program)] + arguments
        process.standardInput = try input.map(folder.input) ?? FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        try process.run()
    }

    deinit { kill() }

    var output: String { folder.text(of: "output") }
    var errors: String { folder.text(of: "errors") }
    var status: Int32 { process.terminationStatus }
    var processNumber: Int32 { process.processIdentifier }

    func send(_ signal: Int32) {
        Foundation.kill(process.processIdentifier, signal)
    }

    func kill() {
        guard process.isRunning else { return }
        send(SIGKILL)
        waitForEnd()
    }

    func waitForEnd() {
        process.waitUntilExit()
    }

    /// Waits until the program has said something.
    func wait(for what: (Running) -> Bool) throws {
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            if what(self) { return }
            guard process.isRunning else { break }
            usleep(10_000)
        }
        guard what(self) else {
            throw NothingSaid(description: "output: \(output)\nerrors: \(errors)")
        }
    }
}

/// A server with throw-away certificates of its own.
struct EchoServer {
    let pki: String
    let running: Running
    let target: String
    private let folder = TemporaryFolder()

    init(_ arguments: [String] = [], certificates: [String]? = nil) throws {
        pki = folder.path("pki")
        running = try Running(
            ["echo-server", "--listen", "127.0.0.1:0"] + (certificates ?? ["--pki", pki])
                + arguments
        )
        try running.wait { $0.output.contains("\n") }
        target = String(running.output.dropFirst("listening on ".count).dropLast())
    }

    /// Runs `echo` against it, for long enough that calls end on any machine.
    func echo(_ arguments: [String], certificates: [String]? = nil) throws -> Load.Outcome {
        try Load.run(
            ["echo", "--target", target, "--duration", "1", "--warm-up", "0"]
                + (certificates ?? ["--pki", pki]) + arguments
        )
    }
}

/// A folder that is gone when nobody uses it any more.
final class TemporaryFolder {
    private let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("cabinet-load-\(UUID().uuidString)")

    init() {
        try? FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    func path(_ name: String) -> String { url.appendingPathComponent(name).path }

    func file(_ name: String) throws -> FileHandle {
        let file = url.appendingPathComponent(name)
        try Data().write(to: file)
        return try FileHandle(forWritingTo: file)
    }

    /// A file to be read.
    func input(_ text: String) throws -> FileHandle {
        let file = url.appendingPathComponent("input")
        try Data(text.utf8).write(to: file)
        return try FileHandle(forReadingFrom: file)
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }
}
