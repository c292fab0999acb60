import CabinetLocks
import CabinetRPC
import CabinetTLS
import NIOCore
import Testing

/// The health service, as load balancers and monitors see it.
@Suite struct HealthTests {
    private static let voting = "cabinet.v1.VotingService"

    /// Runs `body` with a client of a server that has a health service.
    private func withHealth(
        _ carrier: Carrier,
        _ health: HealthHandler,
        _ body: (HealthService.Client, Connected) async throws -> Void
    ) async throws {
        var configuration = RPCServerConfiguration()
        configuration.health = health
        // Longer than any test: what ends earlier does not wait for it.
        configuration.drainGrace = .hours(1)
        try await Connected.run(over: carrier, MethodRouter(), server: configuration) { connected in
            try await connected.withClient { client in
                try await body(HealthService.Client(client), connected)
            }
        }
    }

    @Test("A service is serving until its program says otherwise", arguments: Carrier.allCases)
    func check(_ carrier: Carrier) async throws {
        let health = HealthHandler(services: [Self.voting])
        try await withHealth(carrier, health) { service, _ in
            func statuses() async throws -> [ServingStatus] {
                let whole = try await service.check(HealthCheckRequest())
                let one = try await service.check(HealthCheckRequest(service: Self.voting))
                return [whole.status, one.status]
            }
            let before = try await statuses()
            #expect(before == [.serving, .serving])
            health.setServing(false, service: Self.voting)
            let during = try await statuses()
            #expect(during == [.serving, .notServing])
            health.setServing(true, service: Self.voting)
            let after = try await statuses()
            #expect(after == [.serving, .serving])
        }
    }

    @Test(
        "Of a service that is not known, and of a name that is too long, Check says so",
        arguments: [
            ("cabinet.v1.NoService", Code.notFound, "SERVICE_UNKNOWN"),
            (String(repeating: "n", count: 257), .invalidArgument, "NAME_TOO_LONG"),
        ]
    )
    func checkRefused(_ name: String, _ code: Code, _ reason: String) async throws {
        try await withHealth(.inProcess, HealthHandler()) { service, _ in
            let error = await #expect(throws: RPCError.self) {
                try await service.check(HealthCheckRequest(service: name))
            }
            #expect(error?.code == code)
            #expect(error?.details.map(\.reason) == [reason])
        }
    }

    @Test("Watch tells each change once", arguments: Carrier.allCases)
    func watch(_ carrier: Carrier) async throws {
        let health = HealthHandler()
        try await withHealth(carrier, health) { service, _ in
            let responses = try await service.watch(HealthCheckRequest(service: Self.voting))
            var statuses = responses.makeAsyncIterator()
            #expect(try await statuses.next()?.status == .serviceUnknown)
            health.setServing(true, service: "cabinet.v1.Another")
            health.setServing(true, service: Self.voting)
            #expect(try await statuses.next()?.status == .serving)
            health.setServing(true, service: Self.voting)
            health.setServing(false, service: Self.voting)
            #expect(try await statuses.next()?.status == .notServing)
        }
    }

    @Test(
        "Who watches learns that the server stops, and does not hold it up",
        arguments: Carrier.allCases
    )
    func drain(_ carrier: Carrier) async throws {
        let health = HealthHandler(services: [Self.voting])
        try await withHealth(carrier, health) { service, connected in
            var whole = try await service.watch(HealthCheckRequest()).makeAsyncIterator()
            var unknown = try await service.watch(HealthCheckRequest(service: "no.Service"))
                .makeAsyncIterator()
            #expect(try await whole.next()?.status == .serving)
            #expect(try await unknown.next()?.status == .serviceUnknown)
            async let drained: Void = connected.drain()
            #expect(try await whole.next()?.status == .notServing)
            for var statuses in [whole, unknown] {
                let error = await #expect(throws: RPCError.self) { try await statuses.next() }
                #expect(error?.code == .unavailable)
                #expect(error?.details.map(\.reason) == ["SERVER_STOPPING"])
            }
            await drained
        }
    }

    @Test("After drain nothing is serving, whatever the program says")
    func drainIsForGood() async throws {
        let health = HealthHandler(services: [Self.voting])
        health.drain()
        health.setServing(true, service: Self.voting)
        health.setServing(true, service: "cabinet.v1.Late")
        let context = context(HealthService.Methods.check.description)
        let request = HealthCheckRequest(service: Self.voting)
        #expect(try await health.check(request, context: context).status == .notServing)
        await #expect(throws: RPCError.self) {
            try await health.check(
                HealthCheckRequest(service: "cabinet.v1.Late"),
                context: context
            )
        }
    }

    @Test("A watcher that is slow gets the latest status, and none of those between")
    func slowWatcher() async throws {
        let health = HealthHandler()
        let written = Guarded<[ServingStatus]>([])
        let writer = MessageWriter<HealthCheckResponse> { response in
            let isFirst = written.withLock { written in
                written.append(response.status)
                return written.count == 1
            }
            guard isFirst else { return }
            // All this while the first response is on its way.
            for _ in 0..<100 {
                health.setServing(true, service: Self.voting)
                health.setServing(false, service: Self.voting)
            }
            health.drain()
        }
        let error = await #expect(throws: RPCError.self) {
            try await health.watch(
                HealthCheckRequest(service: Self.voting),
                to: writer,
                context: context(HealthService.Methods.watch.description)
            )
        }
        #expect(error?.code == .unavailable)
        #expect(written.withLock { $0 } == [.serviceUnknown, .notServing])
    }

    @Test("Watch ends with the task of its call")
    func cancelledWatcher() async throws {
        let health = HealthHandler()
        let (begun, begin) = AsyncStream.makeStream(of: Void.self)
        let context = context(HealthService.Methods.watch.description)
        let task = Task {
            try await health.watch(
                HealthCheckRequest(),
                to: MessageWriter { _ in begin.yield() },
                context: context
            )
        }
        for await _ in begun { break }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    @Test("The owner of one key watches so often and no more, and keeps nobody else from it")
    func manyWatchers() async throws {
        let health = HealthHandler()
        let method = HealthService.Methods.watch.description
        /// Returns when the first status is on its way.
        func watch(_ key: UInt8) async throws -> Task<Void, any Error> {
            let (begun, begin) = AsyncStream.makeStream(of: Void.self)
            let context = context(method, key: key)
            let task = Task {
                defer { begin.finish() }
                try await health.watch(
                    HealthCheckRequest(),
                    to: MessageWriter { _ in begin.yield() },
                    context: context
                )
            }
            for await _ in begun { return task }
            try await task.value
            return task
        }
        var tasks: [Task<Void, any Error>] = []
        for _ in 0..<HealthHandler.maxWatchesPerPeer { tasks.append(try await watch(1)) }
        let error = await #expect(throws: RPCError.self) { try await watch(1) }
        #expect(error?.code == .resourceExhausted)
        #expect(error?.details.map(\.reason) == ["TOO_MANY_WATCHES"])
        tasks.append(try await watch(2))
        // One that ends makes room for the next.
        let first = tasks.removeFirst()
        first.cancel()
        _ = await first.result
        tasks.append(try await watch(1))
        await #expect(throws: RPCError.self) { try await watch(1) }
        for task in tasks { task.cancel() }
        for task in tasks { _ = await task.result }
    }

    @Test("The server decides who may ask")
    func authorization() async throws {
        var configuration = RPCServerConfiguration()
        configuration.health = HealthHandler()
        configuration.authorize = { context throws(RPCError) in
            if context.method.name.hasPrefix("cabinet.rpc.HealthService.") {
                throw RPCError(.permissionDenied, "not you")
            }
        }
        try await Connected.run(over: .inProcess, .diagnostics, server: configuration) {
            connected in
            try await connected.withClient { client in
                let error = await #expect(throws: RPCError.self) {
                    try await HealthService.Client(client).check(HealthCheckRequest())
                }
                #expect(error?.code == .permissionDenied)
            }
        }
    }

    private func context(_ method: MethodDescription, key: UInt8 = 0) -> CallContext {
        CallContext(
            method: method,
            peer: PeerIdentity(subject: "CN=test", publicKeyFingerprint: .init(bytes: [key]))
        )
    }
}
