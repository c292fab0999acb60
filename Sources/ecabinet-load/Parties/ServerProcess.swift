import CabinetTLS
import CommandSupport
import Foundation

/// An `ecabinetd` that is killed and started again on the same data folder and port.
final class ServerProcess {
    /// A server that is to listen or end does so in less.
    private static let startLimit = Duration.seconds(120)

    private let program: String
    private let pki: ThrowawayPKI
    private let folder: URL
    private let name: String
    /// Further options of the server.
    private let options: [String]
    private let guardian: Guardian?
    private var process: Process?
    private var starts = 0
    /// Known from the first start on, and kept.
    private(set) var port = 0

    /// - Parameters:
    ///   - name: Of the installation.
    ///   - folder: The data folder and what the server says are in it.
    ///   - options: Further options of the server.
    ///   - guardian: Told of each process, and of its end.
    init(
        program: String,
        name: String,
        pki: ThrowawayPKI,
        folder: URL,
        options: [String] = [],
        guardian: Guardian? = nil
    ) {
        self.program = program
        self.name = name
        self.pki = pki
        self.folder = folder
        self.options = options
        self.guardian = guardian
    }

    /// Its number, while it runs.
    var processNumber: Int32? {
        guard let process, process.isRunning else { return nil }
        return process.processIdentifier
    }

    var database: String { folder.appending(path: "data/cabinet.sqlite").path }

    /// What verifies the logs; the server writes it when it starts.
    var verifierKey: String {
        get throws {
            try String(
                contentsOf: folder.appending(path: "data/log-key.vkey"),
                encoding: .utf8
            ).trimmingCharacters(in: .whitespacesAndNewlines)
        }
    }

    private func file(_ name: String) -> URL { folder.appending(path: "\(name)-\(starts)") }

    // MARK: - Starting

    /// Starts the server, and does not wait for it.
    ///
    /// - Parameter wrapper: A command that runs it, with its arguments.
    func launch(_ wrapper: [String] = []) throws {
        starts += 1
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments =
            wrapper + [
                program, "--name", name, "--data", folder.appending(path: "data").path,
                "--listen", "127.0.0.1:\(port)",
                "--tls-certificate", pki.files(of: "server").certificateChain,
                "--tls-key", pki.files(of: "server").privateKey,
                "--tls-authorities", pki.files(of: "server").trustedAuthorities,
                "--administrator-certificate", pki.files(of: "client").certificateChain,
            ] + options
        process.standardInput = FileHandle.nullDevice
        for name in ["output", "errors"] { try Data().write(to: file(name)) }
        let output = try FileHandle(forWritingTo: file("output"))
        let errors = try FileHandle(forWritingTo: file("errors"))
        process.standardOutput = output
        process.standardError = errors
        try process.run()
        guardian?.watch(process.processIdentifier)
        // The server has its own.
        try output.close()
        try errors.close()
        self.process = process
    }

    /// Waits until the server listens.
    ///
    /// - Returns: `false` where it has ended instead.
    nonisolated(nonsending) func waitUntilListening() async throws -> Bool {
        let limit = ContinuousClock.now + Self.startLimit
        while ContinuousClock.now < limit {
            if let address = said("listening on ") {
                port = address.port
                return true
            }
            guard let process, process.isRunning else { return false }
            try await Task.sleep(for: .milliseconds(2))
        }
        throw Failure(.requestsFailed, "the server neither listens nor ends: \(text("errors"))")
    }

    /// Starts the server and waits until it listens.
    ///
    /// - Throws: ``Failure`` where it ends instead.
    nonisolated(nonsending) func start() async throws {
        try launch()
        guard try await waitUntilListening() else {
            throw Failure(.requestsFailed, "the server does not start: \(text("errors"))")
        }
    }

    // MARK: - Ending

    /// Kills the server for good, and has its guardian remove what is left of it.
    func end() {
        kill()
        guardian?.end()
    }

    /// Tells the server to end, and lets it.
    ///
    /// - Throws: ``Failure`` where it does not end, or not as it should.
    nonisolated(nonsending) func stop() async throws {
        guard let process else { return }
        process.terminate()
        guard let status = try await waitForEnd(atMost: Self.startLimit), status == 0 else {
            throw Failure(.requestsFailed, "the server does not end as it should: \(errors)")
        }
        guardian?.watch(nil)
    }

    /// Kills the server. Nothing that it does comes after it.
    func kill() {
        // One that has ended may have given its number to another.
        guard let process, process.isRunning else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        process.waitUntilExit()
        guardian?.watch(nil)
    }

    /// Waits for the server to end by itself.
    ///
    /// - Returns: Its exit code; `nil` where it has not ended by then.
    nonisolated(nonsending) func waitForEnd(atMost limit: Duration) async throws -> Int32? {
        let end = ContinuousClock.now + limit
        while let process, process.isRunning {
            guard ContinuousClock.now < end else { return nil }
            try await Task.sleep(for: .milliseconds(5))
        }
        return process?.terminationStatus
    }

    /// What the server said since its last start.
    var errors: String { text("errors") }

    /// Where its metrics are; `nil` where it has none, or has not said so yet.
    var metrics: HostAndPort? { said("metrics on http://") }

    /// The address that it has announced in a whole line with some words.
    private func said(_ words: String) -> HostAndPort? {
        let output = text("output")
        guard let end = output.lastIndex(of: "\n") else { return nil }
        let line = output[..<end].split(separator: "\n").first { $0.hasPrefix(words) }
        let address = line?.dropFirst(words.count).split(separator: "/").first
        return address.flatMap { HostAndPort(argument: String($0)) }
    }

    private func text(_ name: String) -> String {
        (try? String(contentsOf: file(name), encoding: .utf8)) ?? ""
    }
}
