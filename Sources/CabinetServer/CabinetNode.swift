public import CabinetCrypto
internal import CabinetLocks
public import CabinetModel
public import CabinetRPC
internal import CabinetStore
public import CabinetTLS
public import Logging
public import Metrics
public import NIOCore
public import NIOPosix
public import ServiceLifecycle

/// One server: a data folder, the meetings in it, and the sockets that serve them.
public final class CabinetNode: Service, Sendable {
    /// What a server is made of, beside its certificates.
    public struct Configuration: Sendable {
        /// An existing folder that no other process uses.
        public var dataFolder: String
        /// Signs the logs, and names them. It is asked for when the data folder is this process's alone,
        /// and told whether there are logs: then only the key that they were begun with will do.
        public var identity: @Sendable (_ hasLogs: Bool) throws -> LogIdentity
        /// Who may issue the certificates that administrators add.
        public var issuers: TrustedIssuers
        /// Put into a directory in which there is nobody; `nil` leaves it as it is.
        public var administrator: FirstAdministrator?
        public var server = RPCServerConfiguration()
        /// What the channels of each meeting keep for those who follow it.
        public var live = ChannelLimits()
        /// Threads that verify ballots: best as many as there are cores.
        public var verificationThreads = 1
        /// Where what the server does is counted.
        public var metrics: any MetricsFactory = MetricsSystem.factory

        public init(
            dataFolder: String,
            issuers: TrustedIssuers,
            identity: @escaping @Sendable (_ hasLogs: Bool) throws -> LogIdentity
        ) {
            self.dataFolder = dataFolder
            self.identity = identity
            self.issuers = issuers
        }
    }

    private let services: ServiceSet
    private let server: RPCServer
    private let connections = ConnectionReview()

    /// Opens the data folder and reads the logs.
    ///
    /// - Parameters:
    ///   - clock: It goes on from the newest entry of the logs, where that is later.
    ///   - fail: Is told why the sequencer stopped. It has to end the process: ``Sequencer``.
    /// - Throws: `StoreError` where the data folder cannot be opened or its contents cannot be served,
    ///   `DirectoryRejection` where the first administrator cannot be one, and whatever
    ///   ``Configuration/identity`` throws.
    public init(
        _ configuration: Configuration,
        tls: TLSServerContext,
        group: MultiThreadedEventLoopGroup,
        logger: Logger,
        clock: ServerClock,
        fail: @escaping @Sendable (SequencerFailure) -> Void
    ) throws {
        let store = try SQLiteEventStore(folder: configuration.dataFolder)
        let identity = try configuration.identity(!store.logs().isEmpty)
        let reader = try store.reader()
        let sequencer = try Sequencer(
            store,
            identity: identity,
            administrator: configuration.administrator,
            live: configuration.live,
            metrics: configuration.metrics,
            clock: clock.now,
            goOn: clock.startNotBefore,
            reportDamage: logger.reportDamage,
            fail: fail
        )
        services = ServiceSet(
            sequencer,
            reader: reader,
            identity: identity,
            issuers: configuration.issuers,
            verificationThreads: configuration.verificationThreads,
            clock: clock.now,
            reportUnreadable: { log, error in
                logger.error(
                    "entries of a log could not be read for an auditor",
                    metadata: ["meeting": "\(log)", "error": "\(error)"]
                )
            }
        )
        server = RPCServer(
            services.router(metrics: configuration.metrics, accessChanged: connections.look),
            tls: tls,
            configuration: services.configured(configuration.server),
            group: group,
            logger: logger
        )
        connections.server = server
    }

    /// Writes into every log of a data folder that an operator has put back from a copy that it was, and
    /// serves nothing. It is for once: called again, it writes it again.
    ///
    /// - Parameters:
    ///   - reason: What happened, for people.
    ///   - now: The wall clock.
    /// - Returns: How many logs there are. Those that are damaged are reported, and left as they are.
    /// - Throws: `StoreError` and whatever ``Configuration/identity`` throws, as at start;
    ///   ``SequencerFailure`` where the logs could not be written. Then none of them was, unless that is
    ///   not known.
    public static func markRestored(
        _ configuration: Configuration,
        reason: Explanation,
        at now: Moment,
        logger: Logger
    ) throws -> Int {
        let store = try SQLiteEventStore(folder: configuration.dataFolder)
        let identity = try configuration.identity(!store.logs().isEmpty)
        let core = try SequencerCore(store, identity: identity) { log, damage in
            logger.reportDamage(log.text, damage.description)
        }
        return try core.markRestored(reason, at: now, epoch: Epoch.random)
    }

    /// Gives an administrator of a data folder a way in, and serves nothing: for a directory whose
    /// administrators have no certificate left that they could connect with.
    ///
    /// - Parameters:
    ///   - administrator: A principal that there is becomes one of the administrators; any other is new.
    ///     The certificate's key must be nobody's yet.
    ///   - now: The wall clock.
    /// - Throws: As at start.
    public static func recover(
        _ administrator: FirstAdministrator,
        _ configuration: Configuration,
        at now: Moment,
        logger: Logger
    ) throws {
        let store = try SQLiteEventStore(folder: configuration.dataFolder)
        let identity = try configuration.identity(!store.logs().isEmpty)
        let core = try SequencerCore(store, identity: identity) { log, damage in
            logger.reportDamage(log.text, damage.description)
        }
        try core.recover(administrator, at: now)
        logger.notice(
            "an operator gave an administrator a certificate",
            metadata: ["principal": "\(administrator.id)"]
        )
    }

    /// What waits inside the server. It takes no lock for longer than a look at a few numbers.
    public var load: ServerLoad { services.load }

    /// Listens. The server answers from then on.
    ///
    /// - Returns: The address.
    public func start() async throws -> SocketAddress {
        try await server.start()
    }

    /// Serves until the service group is told to stop, then takes no more connections, lets calls in
    /// flight finish, stores what they led to, and closes the data folder.
    public func run() async throws {
        do {
            try await server.run()
        } catch {
            await close()
            throw error
        }
        await close()
    }

    /// Ends what ``init(_:tls:group:logger:clock:fail:)`` has begun, where ``run()`` is not called: nothing
    /// else may be called after it.
    public func close() async {
        await services.shutDown()
        connections.server = nil
    }

    /// Reads certificates and revocation lists again, and ends the connections of all who would not be let
    /// in any more.
    ///
    /// - Throws: `TLSConfigurationError`. The server then goes on with what it had.
    public func reload(_ files: TLSFiles) async throws(TLSConfigurationError) {
        try await server.reload(files)
    }
}

extension Logger {
    fileprivate func reportDamage(_ meeting: String, _ explanation: String) {
        error(
            "the log of a meeting is damaged, and the meeting is not served",
            metadata: ["meeting": "\(meeting)", "finding": "\(explanation)"]
        )
    }
}

/// Who keeps the directory at first.
public struct FirstAdministrator: Sendable {
    public let id: PrincipalID
    public let displayName: DisplayName
    /// Of its device's connections.
    public let certificate: SignerCertificate

    public init(id: PrincipalID, displayName: DisplayName, certificate: SignerCertificate) {
        self.id = id
        self.displayName = displayName
        self.certificate = certificate
    }
}

/// Ends the connections of those whom the directory shuts out, and the subscriptions of those whom a meeting
/// does.
private final class ConnectionReview: Sendable {
    private let reviewed = Guarded<RPCServer?>(nil)

    /// The one whose connections they are.
    var server: RPCServer? {
        get { reviewed.withLock { $0 } }
        set { reviewed.withLock { $0 = newValue } }
    }

    @Sendable func look(_ change: AccessChange) {
        guard let server else { return }
        server.subscriptionAccessChanged()
        if change == .devices { Task { await server.review() } }
    }
}
