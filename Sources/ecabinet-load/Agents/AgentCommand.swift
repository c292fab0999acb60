import ArgumentParser
import CabinetCrypto
import CabinetRPC
import CabinetTLS
import CabinetWire
import CommandSupport
import Foundation
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Plays shares of rehearsals that another host coordinates.
struct AgentCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "agent",
        abstract:
            "Plays a share of rehearsals that another host coordinates, until SIGTERM or SIGINT.",
        discussion: """
            One machine may be too small for the people of a meeting, and its network is not that of the \
            room. So start agents by hand on other hosts, each with a copy of the trial's --pki folder:

              ecabinet-load agent --listen 0.0.0.0:7500 --pki trial

            and tell one of the commands meeting, vote and watch of them:

              ecabinet-load vote --target vote.example:7443 --pki trial --agents a:7500,b:7500

            When it listens it writes one line to standard output, «listening on ADDRESS:PORT». It takes \
            one rehearsal at a time, and gives it up where its coordinator is gone.

            An agent takes orders from whoever has the key of the trial's client.pem, and from nobody else: \
            to connect to any server, and to put as much load on it as a scenario says. It makes the keys of \
            its members and tablets itself, and they do not leave it. Whoever has the folder can do all \
            this, so give it to nobody else, and remove the copies after the trial.

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen: HostAndPort

    @Option(help: ArgumentHelp("A copy of the trial's folder.", valueName: "folder"))
    var pki: String

    @Option(help: ArgumentHelp("Event loops for those who vote.", valueName: "number"))
    var threads = 1

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            guard FileManager.default.fileExists(atPath: pki) else {
                throw Failure(.wrongFile, "\(pki) is not there: copy the folder of the trial")
            }
            let pki = try ThrowawayPKI(folder: pki)
            // It issues the certificates of the agent's people.
            _ = try TrialAuthority(pki)
            try await serve(pki, coordinator: try Self.certificate(pki))
        }
    }

    private func serve(_ pki: ThrowawayPKI, coordinator: [UInt8]) async throws {
        let tls = try Failure.wrongFile { () throws(TLSConfigurationError) in
            try TLSServerContext(pki.files(of: "server"))
        }
        var logger = Logger(label: "ecabinet-load") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = .warning
        let server = RPCServer(
            [AgentHandler(pki, threads: threads)],
            tls: tls,
            configuration: configuration(coordinator),
            logger: logger
        )
        let services = ServiceGroup(
            services: [ListeningServer(server: server, address: listen)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await services.run()
    }

    private func configuration(_ coordinator: [UInt8]) -> RPCServerConfiguration {
        var configuration = RPCServerConfiguration()
        configuration.host = listen.host
        configuration.port = listen.port
        // One that is served, and some that are told to wait.
        configuration.admission.maxConnections = 16
        configuration.liveness = Liveness.Settings(
            ping: AgentLimits.silence
        )
        // A rehearsal that is interrupted has no result, so that there is nothing to wait for.
        configuration.drainGrace = .seconds(1)
        configuration.agent = "ecabinet-load agent"
        configuration.authorize = { context throws(RPCError) in
            guard context.peer.certificateDER == coordinator else {
                throw AgentError.notCoordinator.error(
                    "it takes orders from the holder of the trial's client.pem alone"
                )
            }
        }
        return configuration
    }

    /// That of whoever may coordinate.
    private static func certificate(_ pki: ThrowawayPKI) throws(Failure) -> [UInt8] {
        let file = pki.files(of: "client").certificateChain
        do {
            return try SignerCertificate(pem: String(contentsOfFile: file, encoding: .utf8)).der
        } catch {
            throw Failure(.wrongFile, "\(file) cannot be used: \(error)")
        }
    }
}
