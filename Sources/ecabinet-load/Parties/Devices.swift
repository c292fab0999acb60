import CabinetRPC
import CabinetTLS
import CommandSupport
import Logging
import NIOCore
import NIOPosix

/// The connections of a population's devices: one each.
struct Devices: Sendable {
    /// Handshakes at once: more would only wait for each other.
    private static let connectingAtOnce = 32
    /// A server takes that many new connections of an address in one go, and then that many a second:
    /// a little less than ecabinetd's limits, since others may connect as well.
    private static let burst = 200
    private static let perSecond = 25

    let population: Population
    let secretary: RPCClient
    let auditor: RPCClient
    /// Runs on one of the event loops: whoever votes there changes threads as seldom as possible.
    let executor: LoopTaskExecutor
    /// In the order of the members.
    let voters: [Voter]

    /// - Parameter present: How many of the members, the first of them, have a device; `nil` for all.
    init(of population: Population, present: Int? = nil, _ server: Server) {
        self.population = population
        secretary = server.client(population.secretary.tls)
        auditor = server.client(population.auditor.tls)
        executor = LoopTaskExecutor(server.group.next())
        let checkpoints = CheckpointMemory()
        voters = population.members.prefix(present ?? .max).map {
            Voter(person: $0, client: server.client($0.tls), checkpoints: checkpoints)
        }
    }

    /// Makes all connections: one alone, which finds out what would be wrong with each of them, and then
    /// the others.
    ///
    /// - Parameter isPaced: Whether no faster than a server lets an address by its default settings.
    /// - Throws: ``Failure``.
    func connect(isPaced: Bool = true) async throws {
        try await Server.connect(secretary)
        let begin = ContinuousClock.now
        try await concurrently(
            ([auditor] + voters.map(\.client)).enumerated().map { ($0.offset, $0.element) },
            atMost: Self.connectingAtOnce
        ) { index, client in
            if isPaced, index >= Self.burst {
                let second = Double(index - Self.burst) / Double(Self.perSecond)
                try await ContinuousClock().sleep(until: begin + .seconds(second))
            }
            try await Server.connect(client)
        }
    }

    func close() async {
        await withTaskGroup { group in
            for client in [secretary, auditor] + voters.map(\.client) {
                group.addTask { await client.close() }
            }
        }
    }
}

/// Where the devices connect to, and how.
struct Server: Sendable {
    let address: HostAndPort
    let group: MultiThreadedEventLoopGroup
    let agent: String
    /// Pauses between attempts to connect.
    var reconnect = Backoff()
    /// Around each call.
    var interceptors: [any ClientInterceptor] = []

    /// A client that makes each call once, so that what the server refuses is seen.
    func client(_ tls: TLSClientContext) -> RPCClient {
        var configuration = RPCClientConfiguration()
        configuration.retry.maxAttempts = 1
        configuration.agent = agent
        configuration.reconnect = reconnect
        configuration.interceptors = interceptors
        return RPCClient(
            host: address.host,
            port: address.port,
            tls: tls,
            configuration: configuration,
            group: group,
            logger: Logger(label: "ecabinet-load") { _ in SwiftLogNoOpLogHandler() }
        )
    }

    /// - Throws: ``Failure`` where there is no connection.
    static func connect(_ client: RPCClient) async throws(Failure) {
        do throws(RPCError) {
            try await client.connect()
        } catch {
            throw Failure(cannotConnect: error)
        }
    }
}
