import CabinetLoad
import CommandSupport
import Foundation

/// Where a rehearsal takes place: a server that there is, or one of the harness's own.
struct Place {
    /// The name of what the harness's own server serves.
    private static let ownName = "rehearsal.example"

    let target: HostAndPort
    let pki: ThrowawayPKI
    let server: ServerUnderTest
    /// Whether the server takes connections of one address as fast as they come.
    let isUnpaced: Bool
    /// For people.
    let name: String

    init(_ options: RehearsalOptions) async throws {
        guard let program = options.ownServer else {
            guard let target = options.target, let pki = options.pki else {
                preconditionFailure("the command line was not validated")
            }
            self.target = target
            self.pki = try ThrowawayPKI(folder: pki)
            name = "\(target)"
            isUnpaced = options.unpaced
            server = ServerUnderTest(
                options.restartCommand.map { .command($0) } ?? .none,
                process: options.serverProcess,
                metrics: options.metrics.map { MetricsPage(address: $0) }
            )
            return
        }
        guard FileManager.default.isExecutableFile(atPath: program) else {
            throw Failure(.wrongFile, "\(program) is no program that can be run")
        }
        let folder = FileManager.default.temporaryDirectory
            .appending(path: "ecabinet-load-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder,
            withIntermediateDirectories: false,
            attributes: [.posixPermissions: 0o700]
        )
        let guardian = try Guardian(of: folder)
        do {
            let pki = try ThrowawayPKI(folder: folder.appending(path: "pki").path)
            let process = ServerProcess(
                program: program,
                name: Self.ownName,
                pki: pki,
                folder: folder,
                options: [
                    "--connections-per-address", "10000", "--connection-rate", "10000",
                    "--log-level", "warning", "--metrics", "127.0.0.1:0",
                ],
                guardian: guardian
            )
            try await process.start()
            target = HostAndPort(host: "127.0.0.1", port: process.port)
            self.pki = pki
            server = ServerUnderTest(.own(process), process: nil, metrics: nil)
        } catch {
            guardian.end()
            throw error
        }
        isUnpaced = true
        name = "a server of its own on this machine"
    }

    /// Ends what the harness has started.
    func close() async {
        await server.end()
    }
}
