internal import CabinetCodec
internal import CabinetWire
internal import Logging
internal import NIOCore
internal import Synchronization

/// What all sessions of a server share.
final class ServerEnvironment: Sendable {
    /// By number: a look-up in a dictionary would cost each call more.
    private let methods: [RegisteredMethod?]
    let limits: ConnectionLimits
    let liveness: Liveness.Settings
    let authorize: (@Sendable (CallContext) throws(RPCError) -> Void)?
    let interceptors: [any ServerInterceptor]
    let hello: [UInt8]
    let logger: Logger
    let metrics: ServerMetrics
    /// For what those say who are not let in.
    let strangers: LogLimiter
    let maxTasks: Int
    private let tasks = Atomic<Int>(0)

    init(
        methods: [UInt16: RegisteredMethod],
        configuration: RPCServerConfiguration,
        logger: Logger
    ) {
        var table = [RegisteredMethod?](
            repeating: nil,
            count: methods.keys.max().map { Int($0) + 1 } ?? 0
        )
        for (number, method) in methods { table[Int(number)] = method }
        self.methods = table
        limits = configuration.limits
        liveness = configuration.liveness
        authorize = configuration.authorize
        interceptors = configuration.interceptors
        hello = Hello.of(
            limits: configuration.limits,
            ping: configuration.liveness.ping,
            schemaHash: configuration.schemaHash,
            agent: configuration.agent
        ).serialized()
        self.logger = logger
        metrics = ServerMetrics()
        strangers = LogLimiter(at: Timestamp(.now()))
        maxTasks = configuration.maxTasks
    }

    /// The method with that number, if the server has it.
    func method(_ number: UInt16) -> RegisteredMethod? {
        let index = Int(number)
        return index < methods.count ? methods[index] : nil
    }

    /// - Returns: `false` where as many handlers run as may.
    func beginTask() -> Bool {
        guard tasks.add(1, ordering: .relaxed).newValue <= maxTasks else {
            tasks.subtract(1, ordering: .relaxed)
            return false
        }
        return true
    }

    func endTask() {
        tasks.subtract(1, ordering: .relaxed)
    }
}
