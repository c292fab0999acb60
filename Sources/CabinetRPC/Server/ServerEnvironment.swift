internal import CabinetCodec
internal import CabinetWire
internal import Logging
internal import NIOCore
internal import Synchronization

/// What all sessions of a server share.
final class ServerEnvironment: Sendable {
    private let methods: [UInt16: RegisteredMethod]
    /// Those with low numbers, by number: a look-up in a dictionary would cost each call more.
    private let denseMethods: [RegisteredMethod?]
    private static let denseMethods: UInt16 = 1_024
    let limits: ConnectionLimits
    let liveness: Liveness.Settings
    let authorize: (@Sendable (CallContext) throws(RPCError) -> Void)?
    let interceptors: [any ServerInterceptor]
    /// Whether inline handlers run as such: nothing stands around them.
    let runsInline: Bool
    let hello: [UInt8]
    let logger: Logger
    let metrics: ServerMetrics
    /// For what those say who are not let in.
    let strangers: LogLimiter
    /// For what handlers throw that they should not.
    let failures: LogLimiter
    let maxTasks: Int
    private let tasks = Atomic<Int>(0)
    /// Counts the changes of who may have the events of channels.
    private let accessChanges = Atomic<UInt64>(0)

    init(
        _ router: MethodRouter,
        configuration: RPCServerConfiguration,
        logger: Logger
    ) {
        let last = router.methods.keys.filter { $0 < Self.denseMethods }.max()
        denseMethods = (0..<(last.map { $0 + 1 } ?? 0)).map { router.methods[$0] }
        methods = router.methods
        limits = configuration.limits
        liveness = configuration.liveness
        authorize = configuration.authorize
        interceptors = configuration.interceptors
        runsInline = configuration.interceptors.isEmpty
        hello = Hello.of(
            limits: configuration.limits,
            ping: configuration.liveness.ping,
            schemaHash: configuration.schemaHash,
            agent: configuration.agent
        ).serialized()
        self.logger = logger
        metrics = ServerMetrics(router.metrics)
        strangers = LogLimiter(at: Timestamp(.now()))
        failures = LogLimiter(at: Timestamp(.now()))
        maxTasks = configuration.maxTasks
    }

    /// The method with that number, if the server has it.
    func method(_ number: UInt16) -> RegisteredMethod? {
        number < denseMethods.count ? denseMethods[Int(number)] : methods[number]
    }

    /// A number that is another one whenever those who may have the events of channels may be others.
    var accessVersion: UInt64 { accessChanges.load(ordering: .acquiring) }

    func accessChanged() {
        accessChanges.add(1, ordering: .acquiringAndReleasing)
    }

    /// - Returns: `false` where as many handlers run as may.
    func beginTask() -> Bool {
        guard tasks.add(1, ordering: .relaxed).newValue <= maxTasks else {
            tasks.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    /// Handlers that run in tasks.
    var runningTasks: Int { tasks.load(ordering: .relaxed) }

    func endTask() {
        tasks.subtract(1, ordering: .relaxed)
    }
}
