import CabinetCrypto
import CabinetMetrics
import CabinetModel
import CabinetRPC
import CabinetServer
import CabinetStore
import CabinetTLS
import CommandSupport
import CoreMetrics
import Foundation
import Logging
import NIOCore
import NIOPosix

/// Settings that have been looked at, and the files that they name: what a server is made of.
struct ServerPlan {
    let listen: HostAndPort
    let tlsFiles: TLSFiles
    private let tls: TLSServerContext
    private let issuers: TrustedIssuers
    private let installation: String
    let dataFolder: String
    private let logKeyFile: String?
    private let administrator: FirstAdministrator?
    private let server: RPCServerConfiguration
    private let live: ChannelLimits
    private let threads: Int
    private let verificationThreads: Int
    private let logLevel: Logger.Level
    let metrics: MetricsAddress?

    /// - Throws: ``ServerFailure``, of the first thing that is wrong. Nothing has been changed.
    init(_ settings: Settings) throws(ServerFailure) {
        installation = try settings.required(Settings.name)
        dataFolder = try settings.required(Settings.data)
        let address = try settings.required(Settings.listen)
        guard let listen = HostAndPort(argument: address) else {
            throw ServerFailure(
                .configuration,
                "«listen» is «\(address)»; it is an address with a port, as 127.0.0.1:7443"
            )
        }
        self.listen = listen
        tlsFiles = TLSFiles(
            certificateChain: try settings.required(Settings.certificate),
            privateKey: try settings.required(Settings.key),
            trustedAuthorities: try settings.required(Settings.authorities),
            revocationLists: settings.text(Settings.revocationLists)
        )
        do {
            tls = try TLSServerContext(tlsFiles)
        } catch {
            throw ServerFailure(.wrongFile, "\(error)")
        }
        issuers = try ServerFiles.issuers(
            settings.text(Settings.issuers) ?? tlsFiles.trustedAuthorities
        )
        logKeyFile = settings.text(Settings.logKey)
        if let logKeyFile { _ = try ServerFiles.logKey(logKeyFile) }
        administrator = try Self.administrator(settings)
        threads = try settings.number(Settings.threads, in: 1...256, otherwise: 1)
        verificationThreads = try settings.number(
            Settings.verificationThreads,
            in: 1...256,
            otherwise: System.coreCount
        )
        logLevel = try Self.logLevel(settings)
        server = try Self.configuration(settings, listen)
        live = try Self.live(settings)
        metrics = try MetricsAddress(settings)
        _ = try identity(key: Self.anyKey())
    }

    private static func administrator(
        _ settings: Settings
    ) throws(ServerFailure) -> FirstAdministrator? {
        guard let file = settings.text(Settings.administrator) else { return nil }
        let certificate = try ServerFiles.certificate(file)
        do throws(InvalidValue) {
            return FirstAdministrator(
                id: try PrincipalID(settings.text(Settings.administratorID) ?? "admin"),
                displayName: try DisplayName(
                    settings.text(Settings.administratorName) ?? "Administrator"
                ),
                certificate: certificate
            )
        } catch {
            throw ServerFailure(.configuration, "the first administrator: \(error.rule)")
        }
    }

    private static func logLevel(_ settings: Settings) throws(ServerFailure) -> Logger.Level {
        guard let text = settings.text(Settings.logLevel) else { return .info }
        guard let level = Logger.Level(rawValue: text) else {
            throw ServerFailure(
                .configuration,
                "«log.level» is «\(text)»; it is one of "
                    + Logger.Level.allCases.map(\.rawValue).joined(separator: ", ")
            )
        }
        return level
    }

    private static func configuration(
        _ settings: Settings,
        _ listen: HostAndPort
    ) throws(ServerFailure) -> RPCServerConfiguration {
        var configuration = RPCServerConfiguration()
        configuration.host = listen.host
        configuration.port = listen.port
        configuration.admission.maxConnections = try settings.number(
            Settings.connections,
            in: 1...1_000_000,
            otherwise: 4_096
        )
        configuration.admission.maxConnectionsPerAddress = try settings.number(
            Settings.connectionsPerAddress,
            in: 1...1_000_000,
            otherwise: configuration.admission.maxConnectionsPerAddress
        )
        let rate = try settings.number(
            Settings.connectionRate,
            in: 1...1_000_000,
            otherwise: Int(configuration.admission.connectionsPerSecondPerAddress)
        )
        configuration.admission.connectionsPerSecondPerAddress = UInt32(clamping: rate)
        configuration.admission.connectionBurstPerAddress = UInt32(clamping: 8 * rate)
        let grace = try settings.number(Settings.grace, in: 0...3_600, otherwise: 10)
        configuration.drainGrace = .seconds(Int64(grace))
        configuration.agent = "ecabinetd"
        return configuration
    }

    private static func live(_ settings: Settings) throws(ServerFailure) -> ChannelLimits {
        var limits = ChannelLimits()
        limits.historyBytes =
            1_024
            * (try settings.number(
                Settings.liveHistory,
                in: 256...1_048_576,
                otherwise: limits.historyBytes / 1_024
            ))
        let patience = try settings.number(Settings.livePatience, in: 1...3_600, otherwise: 30)
        limits.maxStall = .seconds(Int64(patience))
        return limits
    }

    private static func anyKey() throws(ServerFailure) -> Ed25519PrivateKey {
        do {
            return try Ed25519PrivateKey.generate()
        } catch {
            throw ServerFailure(.internalError, "no key could be made: \(error)")
        }
    }

    private func identity(key: Ed25519PrivateKey) throws(ServerFailure) -> LogIdentity {
        do {
            return try LogIdentity(name: installation, key: key)
        } catch {
            throw ServerFailure(.configuration, "«name» is «\(installation)»: \(error.rule)")
        }
    }

    // MARK: - Running

    private var logger: Logger {
        var logger = Logger(label: "ecabinetd") { StreamLogHandler.standardError(label: $0) }
        logger.logLevel = logLevel
        return logger
    }

    /// Writes into every log that it was restored from a copy.
    ///
    /// - Returns: How many there are.
    func markRestored(_ reason: String) throws(ServerFailure) -> Int {
        let explanation: Explanation
        do throws(InvalidValue) {
            // Terminals do not say in which normalisation form they send what is typed.
            explanation = try Explanation(reason.precomposedStringWithCanonicalMapping)
        } catch {
            throw ServerFailure(.configuration, "the reason of --restored: \(error.rule)")
        }
        umask(0o077)
        try ServerFiles.requireDatabase(in: dataFolder)
        let count = try opening { [self] in
            try CabinetNode.markRestored(
                nodeConfiguration(logger),
                reason: explanation,
                at: serverClock(logger).now(),
                logger: logger
            )
        }
        guard count > 0 else {
            throw ServerFailure(.store, "there are no logs in \(dataFolder) that could be restored")
        }
        return count
    }

    /// Gives the administrator of the settings a way in.
    ///
    /// - Returns: Who it is.
    func recoverAdministrator() throws(ServerFailure) -> PrincipalID {
        guard let administrator else {
            throw ServerFailure(
                .configuration,
                "--recover-administrator needs --\(Settings.flag(Settings.administrator))"
            )
        }
        umask(0o077)
        try ServerFiles.requireDatabase(in: dataFolder)
        try opening { [self] in
            try CabinetNode.recover(
                administrator,
                nodeConfiguration(logger),
                at: serverClock(logger).now(),
                logger: logger
            )
        }
        return administrator.id
    }

    /// Serves until the process is told to stop.
    func run() async throws {
        let logger = logger
        do {
            try FileDescriptors.allow(connections: server.admission.maxConnections)
        } catch {
            throw ServerFailure(.system, "\(error)")
        }
        Memory.keepFreed()
        // Whatever is made from here on is for the owner alone.
        umask(0o077)
        try ServerFiles.makeFolder(dataFolder)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        do {
            let registry = metrics.map { _ in MetricsRegistry(MetricsCatalogue.families) }
            let node = try makeNode(group, registry ?? NOOPMetricsHandler.instance, logger)
            let endpoint = metricsServer(of: node, registry, logger)
            try await serve(node, endpoint, logger)
        } catch {
            try await group.shutdownGracefully()
            throw error
        }
        try await group.shutdownGracefully()
    }

    private func nodeConfiguration(_ logger: Logger) -> CabinetNode.Configuration {
        var configuration = CabinetNode.Configuration(
            dataFolder: dataFolder,
            issuers: issuers
        ) { [self] hasLogs in
            let identity = try identity(key: logKey(hasLogs: hasLogs, logger))
            try ServerFiles.writeVerifierKey(identity.verifierKey, in: dataFolder)
            logger.info(
                "the logs are signed with this key",
                metadata: ["verifier-key": "\(identity.verifierKey)"]
            )
            return identity
        }
        configuration.administrator = administrator
        configuration.server = server
        configuration.live = live
        configuration.verificationThreads = verificationThreads
        return configuration
    }

    private func makeNode(
        _ group: MultiThreadedEventLoopGroup,
        _ metrics: any MetricsFactory,
        _ logger: Logger
    ) throws(ServerFailure) -> CabinetNode {
        try opening { [self] in
            var configuration = nodeConfiguration(logger)
            configuration.metrics = metrics
            return try CabinetNode(
                configuration,
                tls: tls,
                group: group,
                logger: logger,
                clock: serverClock(logger),
                fail: { failure in
                    // Whoever waits for an answer must not get one: only a restart can tell what is stored.
                    Output.complain(
                        "ecabinetd: the server stops, because its store failed: \(failure)"
                    )
                    _exit(ServerFailure.Code.store.rawValue)
                }
            )
        }
    }

    /// Opens the data folder.
    private func opening<Value>(_ open: () throws -> Value) throws(ServerFailure) -> Value {
        try ServerFiles.checkDatabase(in: dataFolder)
        do {
            return try open()
        } catch let failure as ServerFailure {
            throw failure
        } catch let error as StoreError {
            throw ServerFailure(Self.code(error), "\(error)")
        } catch let failure as SequencerFailure {
            throw ServerFailure(.store, "\(failure)")
        } catch {
            throw ServerFailure(.configuration, "the administrator: \(error)")
        }
    }

    private static func code(_ error: StoreError) -> ServerFailure.Code {
        switch error.kind {
        case .locked: .busy
        // At start: the log key is not that of the logs.
        case .conflict: .configuration
        default: .store
        }
    }

    /// The log key. It is made where there are no logs yet; where there are, another one would be of no
    /// use.
    private func logKey(
        hasLogs: Bool,
        _ logger: Logger
    ) throws(ServerFailure) -> Ed25519PrivateKey {
        if let logKeyFile { return try ServerFiles.logKey(logKeyFile) }
        let file = "\(dataFolder)/\(ServerFiles.logKeyName)"
        if !FileManager.default.fileExists(atPath: file) {
            guard !hasLogs else {
                throw ServerFailure(
                    .wrongFile,
                    "\(file) is not there, and the logs in the folder were begun with it: put it back "
                        + "from the copy of it, or name the copy with --\(Settings.flag(Settings.logKey))"
                )
            }
            try ServerFiles.makeLogKey(file)
            logger.notice(
                "made a log key; keep a copy of it in a safe place",
                metadata: ["file": "\(file)"]
            )
        }
        return try ServerFiles.logKey(file)
    }
}

private func serverClock(_ logger: Logger) throws(ServerFailure) -> ServerClock {
    do {
        return try ServerClock(
            wall: WallClock.milliseconds,
            elapsed: ElapsedTime.milliseconds
        ) { difference in
            logger.warning(
                "the system's clock was set; the server goes on with its own until it starts again",
                metadata: ["difference-ms": "\(difference)"]
            )
        }
    } catch {
        throw ServerFailure(.system, "the system's clock is before 1970: set it right")
    }
}
