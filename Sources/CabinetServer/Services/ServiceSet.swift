internal import CabinetAPI
internal import CabinetCrypto
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore
internal import Metrics

/// Who may be shut out by a change.
enum AccessChange: Sendable {
    /// Devices, by the directory.
    case devices
    /// Participants of a meeting.
    case participants
}

/// All services of a server, without its sockets: what they share, and how a server is to serve them.
struct ServiceSet: Sendable {
    let sequencer: Sequencer
    let identity: LogIdentity
    /// Who may issue the certificates that administrators add.
    let issuers: TrustedIssuers
    let clock: @Sendable () -> Moment
    private let verification: BallotVerification
    private let export: LogExport
    private let presence: PresenceBoard

    /// - Parameters:
    ///   - reader: Of the sequencer's store.
    ///   - verificationThreads: As many as there are cores.
    ///   - sleep: Waits.
    ///   - reportUnreadable: Is told why entries of a log could not be read for an auditor.
    init(
        _ sequencer: Sequencer,
        reader: any EventReader,
        identity: LogIdentity,
        issuers: TrustedIssuers,
        verificationThreads: Int,
        clock: @escaping @Sendable () -> Moment,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        },
        reportUnreadable: @escaping @Sendable (LogID, StoreError) -> Void = { _, _ in }
    ) {
        self.sequencer = sequencer
        self.identity = identity
        self.issuers = issuers
        self.clock = clock
        verification = BallotVerification(threadCount: verificationThreads, sequencer: sequencer)
        export = LogExport(reader, report: reportUnreadable)
        presence = PresenceBoard(sequencer.views, sequencer.directoryView, now: clock, sleep: sleep)
    }

    private var callers: Callers {
        Callers(directory: sequencer.directoryView, clock: clock)
    }

    /// What waits inside the server.
    var load: ServerLoad {
        let (orders, bytes) = sequencer.load
        return ServerLoad(orders: orders, orderBytes: bytes, ballots: verification.load)
    }

    /// The methods.
    ///
    /// - Parameters:
    ///   - metrics: Where their calls are counted.
    ///   - accessChanged: Called when connections or subscriptions may have to end: whoever has them reviews
    ///     them.
    func router(
        metrics: any MetricsFactory = MetricsSystem.factory,
        accessChanged: @escaping @Sendable (AccessChange) -> Void
    ) -> MethodRouter {
        sequencer.directoryView.onChange { [presence] in presence.touch() }
        sequencer.views.onChangeOfParticipants { [presence] in
            accessChanged(.participants)
            presence.touch()
        }
        let calls = CallHandling(sequencer: sequencer, callers: callers)
        var router = MethodRouter(metrics: metrics)
        router.register(
            DirectoryHandler(
                calls: calls,
                isTrusted: { [issuers] certificate, _ in issuers.haveIssued(certificate) },
                accessChanged: { accessChanged(.devices) }
            )
        )
        router.register(MeetingHandler(calls: calls, identity: identity))
        router.register(VotingHandler(calls: calls, verification: verification))
        router.register(LedgerHandler(calls: calls, export: export))
        router.register(LiveHandler(calls: calls, presence: presence))
        return router
    }

    /// A server's configuration with who may connect and who may call.
    func configured(_ configuration: RPCServerConfiguration) -> RPCServerConfiguration {
        let callers = callers
        var configuration = configuration
        configuration.authorize = { (context) throws(RPCError) in
            try AccessTable.authorize(context, callers)
        }
        configuration.connectedPeers = presence.peers
        configuration.refusal = { callers.refusal(of: $0) }
        configuration.health = HealthHandler()
        configuration.reflectedSchemas = [CabinetSchema.files]
        return configuration
    }

    /// Ends what is under way. It has to be called once, when no call is left.
    func shutDown() async {
        presence.close()
        // They hold everything that they tell.
        sequencer.directoryView.onChange(nil)
        sequencer.views.onChangeOfParticipants(nil)
        await verification.shutDown()
        // The store that the sequencer closes is tidied up by the last connection that can write.
        await export.shutDown()
        await sequencer.shutDown()
    }
}
