import CabinetRPC
import CabinetTLS
import Foundation
import Logging
import TLSTestSupport

/// `ecabinetd` in a process of its own, with a data folder that outlives it.
final class Server {
    /// What it needs to start, but the data folder: settings by their flags.
    static var settings: [String: String] {
        let pki = PKI.shared
        return [
            "--name": "cabinet.example",
            "--listen": "127.0.0.1:0",
            "--tls-certificate": pki.path("server.pem"),
            "--tls-key": pki.path("server.key"),
            "--tls-authorities": pki.path("ca.pem"),
            "--administrator-certificate": pki.path("client.pem"),
            // One that waits for nobody: what is under way at the end is not what is tested here.
            "--grace": "5",
        ]
    }

    let running: Running
    let port: Int

    /// Starts a server, and waits until it listens.
    ///
    /// - Parameter changes: Settings that are others than ``settings``; `nil` leaves one out.
    init(
        data: String,
        _ changes: [String: String?] = [:],
        environment: [String: String] = [:],
        file: String? = nil
    ) async throws {
        running = try Running(
            Self.arguments(data: data, changes, file: file),
            environment: environment
        )
        try await running.wait { $0.output.contains("\n") }
        let line = running.output.prefix { $0 != "\n" }
        guard let found = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw Running.NothingSaid(description: running.output)
        }
        port = found
    }

    static func arguments(
        data: String?,
        _ changes: [String: String?] = [:],
        file: String? = nil
    ) -> [String] {
        var settings = Self.settings
        settings["--data"] = data
        for (flag, value) in changes { settings[flag] = value }
        var arguments = settings.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        if let file { arguments += ["--config", file] }
        return arguments
    }

    /// Runs a server that ends by itself.
    static func run(
        data: String?,
        _ changes: [String: String?] = [:],
        environment: [String: String] = [:],
        file: String? = nil,
        checkConfig: Bool = false,
        descriptors: Int? = nil
    ) async throws -> Running {
        let running = try Running(
            arguments(data: data, changes, file: file) + (checkConfig ? ["--check-config"] : []),
            environment: environment,
            descriptors: descriptors
        )
        try await running.end()
        return running
    }

    /// Runs `body` with a client that has the certificate of that name.
    func withClient<Result: Sendable>(
        _ name: String,
        configuration: RPCClientConfiguration = RPCClientConfiguration(),
        _ body: (RPCClient) async throws -> Result
    ) async throws -> Result {
        let client = RPCClient(
            host: "127.0.0.1",
            port: port,
            tls: try TLSClientContext(PKI.shared.files(name)),
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }

    /// The port of the metrics, if they are served: said in the second line.
    func metricsPort() async throws -> Int {
        try await running.wait { $0.output.contains("/metrics\n") }
        let line = running.output.split(separator: "\n").dropFirst().first
        let port = line?.split(separator: ":").last?.prefix { $0 != "/" }
        guard let found = port.flatMap({ Int($0) }) else {
            throw Running.NothingSaid(description: running.output)
        }
        return found
    }

    /// The subject of the certificate that a new connection is shown.
    func certificateSubject() async throws -> String {
        try await withClient("client") { try await $0.connect().subject }
    }
}

/// The program in a process, until it is stopped or ends by itself.
final class Running {
    struct NothingSaid: Error, CustomStringConvertible {
        let description: String
    }

    /// The package manager builds it into the folder of the tests.
    private static let program = Bundle.main.bundleURL.appendingPathComponent("ecabinetd").path

    private let process = Process()
    private let folder = try! TemporaryFolder()

    init(
        _ arguments: [String],
        environment: [String: String] = [:],
        descriptors: Int? = nil
    ) throws {
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        let limit = descriptors.map { "ulimit -n \($0); " } ?? ""
        process.arguments = ["-c", "\(limit)exec \"$0\" \"$@\"", Self.program] + arguments
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("ECABINET_") }
            .merging(environment) { $1 }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        try process.run()
    }

    deinit {
        guard process.isRunning else { return }
        send(SIGKILL)
    }

    var output: String { folder.text(of: "output") }
    var errors: String { folder.text(of: "errors") }
    var status: Int32 { process.terminationStatus }

    func send(_ signal: Int32) {
        Foundation.kill(process.processIdentifier, signal)
    }

    func kill() async throws {
        send(SIGKILL)
        try await end()
    }

    /// Waits until the program has ended.
    func end() async throws {
        try await wait { !$0.process.isRunning }
    }

    /// Waits until the program has said or done something. No thread is kept meanwhile: the clients of
    /// the tests need theirs.
    func wait(for what: (Running) async throws -> Bool) async throws {
        // Far more than any machine needs.
        for _ in 0..<6_000 {
            let isRunning = process.isRunning
            if try await what(self) { return }
            guard isRunning else { break }
            try await Task.sleep(for: .milliseconds(10))
        }
        throw NothingSaid(description: "output: \(output)\nerrors: \(errors)")
    }
}

/// A folder that is gone when nobody uses it any more.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ecabinetd-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    /// Writes a file, and returns its path.
    func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        return path(name)
    }

    func copy(_ source: String, to name: String) throws {
        try? FileManager.default.removeItem(atPath: path(name))
        try FileManager.default.copyItem(atPath: source, toPath: path(name))
    }

    func file(_ name: String) throws -> FileHandle {
        _ = try write("", name)
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }
}
