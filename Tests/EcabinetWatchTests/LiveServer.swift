import Foundation
import TLSTestSupport

/// `ecabinetd` on loopback, which is killed and started again on the port that it had.
final class LiveServer {
    struct NothingSaid: Error, CustomStringConvertible {
        let description: String
    }

    let folder: TemporaryFolder
    private(set) var port = 0
    private var process: Process?

    /// The package manager builds the programs into the folder of the tests.
    static func program(_ name: String) -> String {
        Bundle.main.bundleURL.appendingPathComponent(name).path
    }

    var data: String { folder.path("data") }
    var logKey: String { "\(data)/log-key.vkey" }

    init() async throws {
        folder = try TemporaryFolder()
        try await start()
    }

    deinit {
        if let process, process.isRunning { Foundation.kill(process.processIdentifier, SIGKILL) }
    }

    func start() async throws {
        let pki = PKI.shared
        let process = Process()
        process.executableURL = URL(fileURLWithPath: Self.program("ecabinetd"))
        process.arguments = [
            "--name", "cabinet.example", "--listen", "127.0.0.1:\(port)", "--data", data,
            "--tls-certificate", pki.path("server.pem"), "--tls-key", pki.path("server.key"),
            "--tls-authorities", pki.path("ca.pem"), "--grace", "5",
        ]
        if port == 0 {
            process.arguments? += ["--administrator-certificate", pki.path("client.pem")]
        }
        process.environment = ProcessInfo.processInfo.environment
            .filter { !$0.key.hasPrefix("ECABINET_") }
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        try process.run()
        self.process = process
        try await until("the server listens") {
            guard process.isRunning else {
                throw NothingSaid(description: folder.text(of: "errors"))
            }
            return folder.text(of: "output").contains("\n")
        }
        let line = folder.text(of: "output").prefix { $0 != "\n" }
        guard let found = line.split(separator: ":").last.flatMap({ Int($0) }) else {
            throw NothingSaid(description: folder.text(of: "output"))
        }
        port = found
    }

    /// Ends it as a loss of power would.
    func kill() async throws {
        guard let process else { return }
        Foundation.kill(process.processIdentifier, SIGKILL)
        try await until("the server has ended") { !process.isRunning }
    }
}

/// A folder that is gone when nobody uses it any more.
final class TemporaryFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "ecabinet-watch-\(UUID().uuidString)"
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func path(_ name: String) -> String { "\(path)/\(name)" }

    func file(_ name: String) throws -> FileHandle {
        try Data().write(to: URL(fileURLWithPath: path(name)))
        return try FileHandle(forWritingTo: URL(fileURLWithPath: path(name)))
    }

    func text(of name: String) -> String {
        (try? String(contentsOfFile: path(name), encoding: .utf8)) ?? ""
    }
}

struct NotInTime: Error, CustomStringConvertible {
    let description: String
}

/// Waits for something, for as long as no machine needs.
func until(
    _ what: String,
    showing evidence: @autoclosure () -> String = "",
    _ isSo: () async throws -> Bool
) async throws {
    let clock = ContinuousClock()
    let end = clock.now.advanced(by: .seconds(60))
    while clock.now < end {
        if try await isSo() { return }
        try await Task.sleep(for: .milliseconds(20))
    }
    throw NotInTime(description: "not in time: \(what)\n\(evidence())")
}
