import CabinetAPI
import CabinetDiagnostics
import CabinetLocks
import CabinetRPC
import CabinetTLS
import CabinetWire
import Logging
import MetricsTestKit
import NIOCore
import NIOEmbedded
import Synchronization
import Testing

/// A server within the process, on an event loop whose time the test moves, with clients that abuse it
/// and a neighbour that does not.
final class AbusedServer {
    /// What the handlers do, as they tell themselves.
    final class Work: Sendable {
        private let running = Guarded((now: 0, most: 0))
        private let written = Atomic<Int>(0)

        /// Handlers of `Sleep` that run.
        var runningNow: Int { running.withLock { $0.now } }
        /// The most that ever ran at once.
        var mostRunning: Int { running.withLock { $0.most } }
        /// Messages that `EchoRepeat` has handed to the server.
        var writtenMessages: Int { written.load(ordering: .relaxed) }

        func begin() {
            running.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) }
        }

        func end() {
            running.withLock { $0.now -= 1 }
        }

        func wrote() {
            written.add(1, ordering: .relaxed)
        }
    }

    private let eventLoop = EmbeddedEventLoop()
    let log = LogRecorder()
    let work = Work()
    private let metrics = TestMetrics()
    private let server: InProcessServer
    private let neighbour: HandPeer
    private var peers: [HandPeer] = []

    /// Runs `body` with a server, and finds that nothing is left of it.
    static func run(
        _ configuration: RPCServerConfiguration = RPCServerConfiguration(),
        register: (inout MethodRouter) -> Void = { _ in },
        isDrained: Bool = false,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (AbusedServer) throws -> Void
    ) throws {
        let server = AbusedServer(configuration, register)
        try body(server)
        if !isDrained { try server.expectNeighbourServed(sourceLocation: sourceLocation) }
        #expect(server.openConnections == server.peers.count { !$0.isClosed })
        for peer in server.peers { peer.close() }
        server.eventLoop.run()
        // What handlers and sessions wait for ends with them.
        server.eventLoop.advanceTime(by: .hours(48))
        server.eventLoop.run()
        #expect(server.openConnections == 0, sourceLocation: sourceLocation)
        for state in ["LIVE", "BEHIND"] { #expect(server.subscriptions(state) == 0) }
        #expect(server.work.runningNow == 0, sourceLocation: sourceLocation)
    }

    private init(
        _ configuration: RPCServerConfiguration,
        _ register: (inout MethodRouter) -> Void
    ) {
        var router = MethodRouter(metrics: metrics)
        let diagnostics = DiagnosticsHandler(wallClock: { 0 })
        router.registerInline(DiagnosticsService.Methods.echo) { request, _ in
            EchoResponse(payload: request.payload)
        }
        router.register(DiagnosticsService.Methods.echoCollect) { requests, context in
            try await diagnostics.echoCollect(requests, context: context)
        }
        router.register(DiagnosticsService.Methods.echoRepeat) { [work] request, responses, _ in
            for number in 0..<request.responseCount {
                try await responses.write(
                    EchoRepeatResponse(number: number, payload: request.payload)
                )
                work.wrote()
            }
        }
        // It cannot be hurried: it goes on for its time when it is cancelled.
        router.register(DiagnosticsService.Methods.sleep) { [work, eventLoop] request, _ in
            work.begin()
            defer { work.end() }
            try await eventLoop.scheduleTask(in: .milliseconds(Int64(request.sleepMs))) {}
                .futureResult.get()
            return SleepResponse()
        }
        register(&router)
        server = InProcessServer(router, configuration: configuration, logger: log.logger)
        neighbour = HandPeer(server.connect(as: .test(0), on: eventLoop))
        peers = [neighbour]
        neighbour.hello()
        eventLoop.run()
    }

    // MARK: - Clients

    /// Makes a connection.
    ///
    /// - Parameter saysHello: Whether it has begun as it should.
    func connect(saysHello: Bool = true) -> HandPeer {
        let peer = HandPeer(server.connect(as: .test(UInt8(peers.count)), on: eventLoop))
        peers.append(peer)
        if saysHello { peer.hello() }
        eventLoop.run()
        return peer
    }

    /// Lets happen what is due.
    func run() {
        eventLoop.run()
    }

    /// Lets time pass, in which the neighbour answers the server's PINGs.
    func advance(_ time: TimeAmount) {
        let end = eventLoop.now + time
        repeat {
            eventLoop.run()
            eventLoop.advanceTime(by: min(end - eventLoop.now, .seconds(10)))
            answerPings(of: neighbour)
        } while eventLoop.now < end
    }

    /// Tells the server to stop.
    func drain() {
        Task(executorPreference: Executor(eventLoop)) { [server] in await server.shutdown() }
        eventLoop.run()
    }

    /// Runs tasks on the event loop, which one thread alone may use.
    private final class Executor: TaskExecutor {
        private let eventLoop: EmbeddedEventLoop

        init(_ eventLoop: EmbeddedEventLoop) { self.eventLoop = eventLoop }

        func enqueue(_ job: consuming ExecutorJob) {
            let job = UnownedJob(job)
            eventLoop.execute { job.runSynchronously(on: self.asUnownedTaskExecutor()) }
        }
    }

    // MARK: - What is seen

    /// What the server's gauge says.
    var openConnections: Int { gauge("cabinet_rpc_server_connections") }

    /// How many calls the server has counted that did not get as far as a method.
    func refusedCalls(_ reason: String) -> Int64? {
        try? metrics.expectCounter("cabinet_rpc_server_calls_refused_total", [("reason", reason)])
            .totalValue
    }

    func gauge(_ label: String, _ dimensions: [(String, String)] = []) -> Int {
        Int((try? metrics.expectMeter(label, dimensions))?.lastValue ?? 0)
    }

    /// Subscriptions that the server counts in a state.
    func subscriptions(_ state: String) -> Int {
        gauge("cabinet_rpc_server_subscriptions", [("state", state)])
    }

    func counter(_ label: String, _ dimensions: [(String, String)] = []) -> Int64 {
        (try? metrics.expectCounter(label, dimensions))?.totalValue ?? 0
    }

    /// Finds that the neighbour's call is answered at once.
    func expectNeighbourServed(sourceLocation: SourceLocation = #_sourceLocation) throws {
        answerPings(of: neighbour)
        neighbour.call(DiagnosticsService.Methods.echo, slot: 1, EchoRequest(payload: [1, 2, 3]))
        eventLoop.run()
        let replies = try neighbour.take(.reply).map { try $0.message(EchoResponse.self).payload }
        #expect(replies == [[1, 2, 3]], sourceLocation: sourceLocation)
    }

    /// Answers the server's PINGs, as a client that is alive does.
    func answerPings(of peer: HandPeer) {
        for ping in peer.take(.ping) { peer.send(.pong, id: 0, ping.body) }
        eventLoop.run()
    }

    /// Finds that the server has ended the connection, and said why: to the client, in its log, and in
    /// its counts.
    func expectEnded(
        _ peer: HandPeer,
        _ reason: GoAwayReason,
        rule: String? = nil,
        isTold: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        eventLoop.run()
        // One that reads nothing learns of the end when it reads again.
        if !isTold {
            peer.stall(false)
            eventLoop.run()
        }
        #expect(peer.isClosed, sourceLocation: sourceLocation)
        if isTold { #expect(peer.goAway?.reason == reason, sourceLocation: sourceLocation) }
        let name = reason.canonicalName
        let ended = try? metrics.expectCounter(
            "cabinet_rpc_server_connections_ended_total",
            [("reason", name)]
        )
        #expect(ended?.totalValue == 1, sourceLocation: sourceLocation)
        guard let rule else { return }
        let lines = log.lines("the client broke the protocol")
        #expect(lines.map(\.reason) == [name], sourceLocation: sourceLocation)
        #expect(lines.first?.metadata["rule"] == rule, sourceLocation: sourceLocation)
        #expect(lines.first?.level == .notice, sourceLocation: sourceLocation)
        #expect(lines.first?.metadata["remote"] == "in-process", sourceLocation: sourceLocation)
        #expect(lines.first?.metadata["peer"] != nil, sourceLocation: sourceLocation)
    }

    /// Finds that the connection goes on, whatever became of others.
    func expectNotEnded(_ peer: HandPeer, sourceLocation: SourceLocation = #_sourceLocation) {
        eventLoop.run()
        #expect(!peer.isClosed, sourceLocation: sourceLocation)
        #expect(peer.goAway == nil, sourceLocation: sourceLocation)
    }

    /// Finds that the connection goes on, and that nobody broke the protocol.
    func expectOpen(_ peer: HandPeer, sourceLocation: SourceLocation = #_sourceLocation) {
        expectNotEnded(peer, sourceLocation: sourceLocation)
        #expect(
            log.lines("the client broke the protocol").isEmpty,
            sourceLocation: sourceLocation
        )
    }
}

extension PeerIdentity {
    fileprivate static func test(_ number: UInt8) -> PeerIdentity {
        PeerIdentity(
            subject: "CN=peer \(number)",
            publicKeyFingerprint: .init(bytes: Array(repeating: number, count: 32))
        )
    }
}
