import Foundation
import Testing

/// A server of a trial: an authority that `ecabinet pki` has made, and an `ecabinetd` that runs.
final class Installation {
    let folder = TestFolder()
    /// HOST:PORT.
    let address: String
    let server: RunningProgram

    var pki: String { folder.path("pki") }
    /// For the environment of commands: profiles of its own.
    var environment: [String: String] {
        ["ECABINET_CONFIG_HOME": folder.path("config"), "TZ": "Asia/Ho_Chi_Minh"]
    }

    /// Makes the authority with certificates of a server, of the administrator's device and of `devices`,
    /// starts the server, and waits until it listens. The profile `default` is the administrator's.
    init(devices: [String] = [], members: [String] = []) async throws {
        let pki = folder.path("pki")
        for arguments in [
            ["create", "--pki", pki],
            ["issue", "server", "cabinet", "--host", "127.0.0.1"],
            ["issue", "device", "admin"] + devices,
        ] + (members.isEmpty ? [] : [["issue", "member"] + members]) {
            let outcome = try await Ecabinet.run(
                ["pki"] + arguments + (arguments.contains("--pki") ? [] : ["--pki", pki])
            )
            try #require(outcome.status == 0, "\(outcome)")
        }
        (server, address) = try await Self.serve(folder)
        let outcome = try await Ecabinet.run(
            ["profile", "set", "default"] + credentials("admin"),
            environment: environment
        )
        try #require(outcome.status == 0, "\(outcome)")
    }

    /// Starts a server, and waits until it listens.
    private static func serve(
        _ folder: TestFolder
    ) async throws -> (server: RunningProgram, address: String) {
        let pki = folder.path("pki")
        let server = try RunningProgram(
            "ecabinetd",
            [
                "--name", "cabinet.example", "--data", folder.path("data"),
                "--listen", "127.0.0.1:0", "--log-level", "warning", "--grace", "0",
                "--tls-certificate", "\(pki)/servers/cabinet.pem",
                "--tls-key", "\(pki)/servers/cabinet.key",
                "--tls-authorities", "\(pki)/ca.pem",
                "--tls-revocation-lists", "\(pki)/crl.pem",
                "--administrator-certificate", "\(pki)/devices/admin.pem",
            ]
        )
        try await server.wait { $0.output.contains("\n") }
        return (server, String(server.output.dropFirst("listening on ".count).dropLast()))
    }

    /// Starts another server with the same data, after the first has ended.
    func serve() async throws -> (server: RunningProgram, address: String) {
        try await Self.serve(folder)
    }

    /// Options with which a device connects.
    func credentials(_ device: String) -> [String] {
        [
            "--server", address, "--certificate", "\(pki)/devices/\(device).pem",
            "--key", "\(pki)/devices/\(device).key", "--authorities", "\(pki)/ca.pem",
        ]
    }

    /// Runs a command with the administrator's profile.
    func run(_ arguments: [String], input: String? = nil) async throws -> Ecabinet.Outcome {
        try await Ecabinet.run(arguments, environment: environment, input: input)
    }

    /// Starts a command with the administrator's profile.
    func start(_ arguments: [String]) throws -> RunningProgram {
        try RunningProgram("ecabinet", arguments, environment: environment)
    }

    /// Has the server read certificates and lists again.
    func reload() {
        server.send(SIGHUP)
    }
}
