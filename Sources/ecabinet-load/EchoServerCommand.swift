import ArgumentParser
import CabinetDiagnostics
import CabinetRPC
import CabinetTLS
import CommandSupport
import Glibc
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import UnixSignals

/// Serves `cabinet.v1.DiagnosticsService`.
struct EchoServerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "echo-server",
        abstract: "Serves cabinet.v1.DiagnosticsService over CWP/1 until SIGTERM or SIGINT.",
        discussion: """
            When it listens it writes one line to standard output, «listening on ADDRESS:PORT», and its \
            log to standard error. Told to stop, it takes no more connections, lets calls in flight \
            finish for the time that --grace gives, and exits with 0.

            Clients need a certificate of the authority. Echo and ReturnStatus answer on the event \
            loop, the other methods in tasks.

            \(Failure.documentation)
            """
    )

    @Option(help: ArgumentHelp("Where to listen; port 0 takes a free one.", valueName: "host:port"))
    var listen: HostAndPort

    @OptionGroup(title: "Certificates")
    var certificates: CertificateOptions

    @Option(help: ArgumentHelp("Event loops, each of which is a thread.", valueName: "number"))
    var threads = 1

    @Option(help: ArgumentHelp("Seconds for calls in flight at the end.", valueName: "seconds"))
    var grace = 10

    @OptionGroup(title: "Admission")
    var admission: AdmissionOptions

    @Option(
        name: .customLong("log-level"),
        help: "The least important lines that are logged: \(logLevelNames).",
        transform: logLevel
    )
    var level = Logger.Level.info

    func validate() throws {
        guard (1...256).contains(threads) else {
            throw ValidationError("--threads is a number from 1 to 256.")
        }
        guard (0...3_600).contains(grace) else {
            throw ValidationError("--grace is a number of seconds from 0 to 3600.")
        }
    }

    func run() async throws {
        try await Failure.reporting {
            try FileDescriptors.allow(connections: admission.maxConnections)
            try await serve(try certificates.serverContext())
        }
    }

    private func serve(_ tls: TLSServerContext) async throws {
        var logger = Logger(label: "ecabinet-load") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = level
        var router = MethodRouter()
        DiagnosticsHandler(wallClock: WallClock.milliseconds).register(inlineIn: &router)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let server = RPCServer(
            router,
            tls: tls,
            configuration: configuration,
            group: group,
            logger: logger
        )
        let services = ServiceGroup(
            services: [ListeningServer(server: server, address: listen)],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await services.run()
        try await group.shutdownGracefully()
    }

    private var configuration: RPCServerConfiguration {
        var configuration = RPCServerConfiguration()
        configuration.host = listen.host
        configuration.port = listen.port
        configuration.admission = admission.limits
        configuration.drainGrace = .seconds(Int64(grace))
        configuration.agent = "ecabinet-load echo-server"
        return configuration
    }
}

/// How many may connect.
struct AdmissionOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Connections at once.", valueName: "number"))
    var maxConnections = 1_024

    @Option(
        help: ArgumentHelp(
            "Connections at once from one address, and with one certificate.",
            valueName: "number"
        )
    )
    var maxConnectionsPerAddress = AdmissionLimits().maxConnectionsPerAddress

    @Option(help: ArgumentHelp("New ones from an address in one go.", valueName: "number"))
    var connectionBurstPerAddress = AdmissionLimits().connectionBurstPerAddress

    @Option(help: ArgumentHelp("New ones a second from an address.", valueName: "number"))
    var connectionsPerSecondPerAddress = AdmissionLimits().connectionsPerSecondPerAddress

    func validate() throws {
        guard (1...1_000_000).contains(maxConnections), maxConnectionsPerAddress > 0,
            connectionBurstPerAddress > 0, connectionsPerSecondPerAddress > 0
        else {
            throw ValidationError("Admission limits are at least 1, and connections a million.")
        }
    }

    var limits: AdmissionLimits {
        var limits = AdmissionLimits()
        limits.maxConnections = maxConnections
        limits.maxConnectionsPerAddress = maxConnectionsPerAddress
        // Whoever puts load on a server has one certificate for all of it.
        limits.maxConnectionsPerPeer = maxConnectionsPerAddress
        limits.connectionBurstPerAddress = connectionBurstPerAddress
        limits.connectionsPerSecondPerAddress = connectionsPerSecondPerAddress
        return limits
    }
}

/// The name of a log level.
private func logLevel(_ name: String) throws -> Logger.Level {
    guard let level = Logger.Level(rawValue: name) else {
        throw ValidationError("the log levels are \(logLevelNames)")
    }
    return level
}

private let logLevelNames = Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
