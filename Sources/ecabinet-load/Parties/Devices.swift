import CabinetRPC
import CabinetTLS
import CommandSupport
import Logging
import NIOCore
import NIOPosix

/// The devices with which members vote: one each.
struct VotingDevices: Sendable {
    /// Runs on one of the event loops: whoever votes there changes threads as seldom as possible.
    let executor: LoopTaskExecutor
    /// In the order of the members.
    let voters: [Voter]

    init(of members: some Collection<Person>, _ server: Server) {
        executor = LoopTaskExecutor(server.group.next())
        let checkpoints = CheckpointMemory()
        voters = members.map {
            Voter(person: $0, client: server.client($0.tls), checkpoints: checkpoints)
        }
    }
}

/// The connections of a population's devices: one each.
struct Devices: Sendable {
    let population: Population
    let secretary: RPCClient
    let auditor: RPCClient
    private let voting: VotingDevices

    init(of population: Population, _ server: Server) {
        self.population = population
        secretary = server.client(population.secretary.tls)
        auditor = server.client(population.auditor.tls)
        voting = VotingDevices(of: population.members, server)
    }

    var executor: LoopTaskExecutor { voting.executor }
    /// In the order of the members.
    var voters: [Voter] { voting.voters }
    private var clients: [RPCClient] { [secretary, auditor] + voters.map(\.client) }

    /// - Throws: ``Failure``.
    func connect() async throws {
        try await Server.connect(clients)
    }

    func close() async {
        await Server.close(clients)
    }
}

/// Where the devices connect to, and how.
struct Server: Sendable {
    /// Handshakes at once: more would only wait for each other.
    private static let connectingAtOnce = 32

    let address: HostAndPort
    /// The name or address in its certificate; that of `address` where it is `nil`.
    var certifiedName: String?
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
            serverName: certifiedName,
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

    /// Makes all connections: one alone, which finds out what would be wrong with each of them, and then
    /// the others.
    ///
    /// - Parameter pace: That of this machine's address; `nil` where the server takes them as fast as they
    ///   come.
    /// - Throws: ``Failure``.
    static func connect(
        _ clients: [RPCClient],
        _ pace: ConnectionPace? = ConnectionPace()
    ) async throws {
        guard let first = clients.first else { return }
        try await pace?.wait()
        try await connect(first)
        try await concurrently(clients.dropFirst(), atMost: connectingAtOnce) { client in
            try await pace?.wait()
            try await connect(client)
        }
    }

    static func close(_ clients: [RPCClient]) async {
        await withTaskGroup { group in
            for client in clients { group.addTask { await client.close() } }
        }
    }
}
