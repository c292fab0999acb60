import CabinetRPC
import CabinetTLS
import FixtureAPI
import Glibc
import Logging
import MetricsTestKit
import NIOCore
import TLSTestSupport
import Testing

/// Channels, from the publisher on the server to the readers of a client.
@Suite struct ChannelTests {
    private func withCounter(
        _ carrier: Carrier,
        _ counter: Counting,
        _ body: (EverythingService.Client, RPCClient) async throws -> Void
    ) async throws {
        try await Connected.run(over: carrier, counter.router) { connected in
            try await connected.withClient { client in
                try await body(EverythingService.Client(client), client)
            }
        }
    }

    @Test("A subscriber gets a snapshot, and then every event", arguments: Carrier.allCases)
    func follow(_ carrier: Carrier) async throws {
        let counter = try Counting([5, 6, 7])
        try await withCounter(carrier, counter) { service, _ in
            var events = try await service.follow(Empty()).makeAsyncIterator()
            var counted = Counted()
            try await counted.read(&events, upTo: 3)
            #expect(counted.sum == 18)
            try counter.add([1])
            // More than a frame holds.
            try counter.add(Array(repeating: 2, count: 5_000))
            try await counted.read(&events, upTo: 5_004)
            #expect(counted.sum == 10_019)
            #expect(counted.isContiguous)
            #expect(counted.snapshotCount == 1)
        }
    }

    @Test("A subscriber resumes after the last event that it has", arguments: Carrier.allCases)
    func resume(_ carrier: Carrier) async throws {
        let counter = try Counting([5, 6, 7, 8], kept: 2)
        try await withCounter(carrier, counter) { service, _ in
            let token = ResumeToken(epoch: 1, sequence: 2)
            var events = try await service.follow(Empty(), resumingAfter: token).makeAsyncIterator()
            var counted = Counted(sum: 11, token)
            try counter.add([9])
            try await counted.read(&events, upTo: 5)
            #expect(counted.sum == 35)
            #expect(counted.isContiguous)
            #expect(counter.snapshotCount == 0)
        }
    }

    @Test(
        "A token that cannot be resumed gives a snapshot",
        arguments: Carrier.allCases,
        [
            // Older than the history, newer than the newest event, of another history.
            ResumeToken(epoch: 1, sequence: 1), ResumeToken(epoch: 1, sequence: 5),
            ResumeToken(epoch: 2, sequence: 3), ResumeToken(epoch: 1, sequence: .max),
        ]
    )
    func staleToken(_ carrier: Carrier, _ token: ResumeToken) async throws {
        let counter = try Counting([5, 6, 7, 8], kept: 2)
        try await withCounter(carrier, counter) { service, _ in
            let events = try await service.follow(Empty(), resumingAfter: token)
            for try await element in events {
                #expect(element.isSnapshot)
                #expect(element.token == ResumeToken(epoch: 1, sequence: 4))
                break
            }
        }
    }

    @Test("Readers of one channel share a subscription", arguments: Carrier.allCases)
    func shared(_ carrier: Carrier) async throws {
        let counter = try Counting([1])
        try await withCounter(carrier, counter) { service, _ in
            var first = try await service.follow(Empty()).makeAsyncIterator()
            var firstCounted = Counted()
            try counter.add([2, 3])
            try await firstCounted.read(&first, upTo: 3)
            // The one who joins gets the snapshot and the events that are at hand.
            var second = try await service.follow(Empty()).makeAsyncIterator()
            var secondCounted = Counted()
            try await secondCounted.read(&second, upTo: 3)
            #expect(secondCounted == firstCounted)
            #expect(counter.snapshotCount == 1)
            // One who is gone takes nothing from the other.
            first = try await service.follow(Empty()).makeAsyncIterator()
            try counter.add([4])
            try await secondCounted.read(&second, upTo: 4)
            #expect(secondCounted.sum == 10)
        }
    }

    @Test(
        "A reader who needs more than is kept goes on from a new snapshot",
        arguments: Carrier.allCases
    )
    func slowReader(_ carrier: Carrier) async throws {
        let counter = try Counting([1])
        var configuration = RPCClientConfiguration()
        configuration.subscriptions.maxEvents = 10
        try await Connected.run(over: carrier, counter.router) { connected in
            try await connected.withClient(configuration) { client in
                let service = EverythingService.Client(client)
                var slow = try await service.follow(Empty()).makeAsyncIterator()
                var fast = try await service.follow(Empty()).makeAsyncIterator()
                var slowCounted = Counted()
                try await slowCounted.read(&slow, upTo: 1)
                var fastCounted = Counted()
                for number in 1...100 as ClosedRange<Int32> {
                    try counter.add([number])
                    try await fastCounted.read(&fast, upTo: counter.sequence)
                }
                #expect(fastCounted.sum == counter.sum)
                try await slowCounted.read(&slow, upTo: 101)
                #expect(slowCounted.sum == counter.sum)
                #expect(slowCounted.snapshotCount == 2)
                #expect(slowCounted.isContiguous)
            }
        }
    }

    @Test("All who want a snapshot at the same time share one", arguments: Carrier.allCases)
    func sharedSnapshot(_ carrier: Carrier) async throws {
        let metrics = TestMetrics()
        func count(_ name: String, _ dimensions: [(String, String)] = []) -> Int64 {
            (try? metrics.expectCounter("cabinet_rpc_server_" + name, dimensions))?.totalValue ?? 0
        }
        let (allHaveAsked, goOn) = AsyncStream.makeStream(of: Void.self)
        let channel = try BroadcastChannel<Choices>(name: "channel", epoch: 1) {
            for await _ in allHaveAsked {}
            return .init(sequence: 0, event: Choices(choice: .number(7)))
        }
        var router = MethodRouter(metrics: metrics)
        router.register(EverythingService.Methods.follow) { _, _ in ChannelSubscription(channel) }
        try await Connected.run(over: carrier, router) { connected in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<4 {
                    group.addTask {
                        try await connected.withClient { client in
                            var events = try await EverythingService.Client(client).follow(Empty())
                                .makeAsyncIterator()
                            let first = try await events.next()
                            #expect(first?.isSnapshot == true)
                            #expect(first?.event == Choices(choice: .number(7)))
                        }
                    }
                }
                while count("subscriptions_total", [("start", "SNAPSHOT")]) < 4 {
                    try await Task.sleep(for: .milliseconds(1))
                }
                goOn.finish()
                try await group.waitForAll()
            }
        }
        #expect(count("snapshots_total") == 1)
        #expect(count("subscriptions_total", [("start", "SNAPSHOT")]) == 4)
    }

    @Test("A channel that is closed ends its subscriptions", arguments: Carrier.allCases)
    func close(_ carrier: Carrier) async throws {
        let counter = try Counting([1])
        try await withCounter(carrier, counter) { service, _ in
            var events = try await service.follow(Empty()).makeAsyncIterator()
            _ = try await events.next()
            counter.close()
            #expect(try await events.next() == nil)
            #expect(throws: BroadcastError.closed) { try counter.add([1]) }
        }
        let failing = try Counting([1])
        let gone = RPCError(.notFound, "the meeting is over")
        try await withCounter(carrier, failing) { service, _ in
            var events = try await service.follow(Empty()).makeAsyncIterator()
            _ = try await events.next()
            failing.close(gone)
            await #expect(throws: gone) { _ = try await events.next() }
        }
    }

    @Test("A subscription that is refused says why", arguments: Carrier.allCases)
    func refused(_ carrier: Carrier) async throws {
        let refusal = RPCError(.permissionDenied, "not a member", isNotProcessed: true)
        var router = MethodRouter()
        router.register(EverythingService.Methods.follow) { _, _ in throw refusal }
        try await Connected.run(over: carrier, router) { connected in
            try await connected.withClient { client in
                await #expect(throws: refusal) {
                    try await EverythingService.Client(client).follow(Empty())
                }
            }
        }
    }

    @Test("A subscription that is given up before it is accepted ends on the server, too")
    func givenUp() async throws {
        let (stopped, stop) = AsyncStream.makeStream(of: Bool.self)
        var router = MethodRouter()
        router.register(EverythingService.Methods.follow) { _, _ in
            try? await Task.sleep(for: .seconds(3_600))
            stop.yield(Task.isCancelled)
            throw CancellationError()
        }
        try await Connected.run(over: .tls, router) { connected in
            try await connected.withClient { client in
                try await client.connect()
                let error = await #expect(throws: RPCError.self) {
                    try await EverythingService.Client(client).follow(
                        Empty(),
                        options: CallOptions(timeout: .milliseconds(200))
                    )
                }
                #expect(error?.code == .deadlineExceeded)
                for await isCancelled in stopped {
                    #expect(isCancelled)
                    break
                }
            }
        }
    }

    @Test("A subscription that comes while the server drains is refused")
    func whileDraining() async throws {
        let counter = try Counting([1])
        let (began, begin) = AsyncStream.makeStream(of: Void.self)
        let (go, proceed) = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.register(EverythingService.Methods.follow) { _, _ in
            begin.yield()
            for await _ in go { break }
            return ChannelSubscription(try counter.channel())
        }
        var once = RPCClientConfiguration()
        once.retry.maxAttempts = 1
        try await Connected.run(over: .tls, router) { connected in
            try await connected.withClient(once) { client in
                let subscription = Task {
                    try await EverythingService.Client(client).follow(Empty())
                }
                for await _ in began { break }
                async let drained: Void = connected.drain()
                // What the client is told after GOAWAY is of another connection.
                var isRefused = false
                while !isRefused {
                    let probe = UnaryMethod<Empty, Empty>(
                        number: 9,
                        name: "test.Probe",
                        idempotency: .safe
                    )
                    do throws(RPCError) {
                        _ = try await client.call(probe, Empty(), options: CallOptions())
                    } catch {
                        isRefused = error.code == .unavailable
                    }
                }
                proceed.yield()
                let error = await #expect(throws: RPCError.self) {
                    _ = try await subscription.value
                }
                #expect(error?.code == .unavailable)
                await drained
            }
        }
    }

    @Test("Two tasks cannot read one subscription at the same time", arguments: Carrier.allCases)
    func twoReaders(_ carrier: Carrier) async throws {
        let counter = try Counting([1])
        try await withCounter(carrier, counter) { service, _ in
            let events = try await service.follow(Empty())
            var first = events.makeAsyncIterator()
            _ = try await first.next()
            let outcomes = await withTaskGroup(of: RPCError?.self) { group in
                for _ in 0..<2 {
                    group.addTask {
                        var iterator = events.makeAsyncIterator()
                        do throws(RPCError) {
                            _ = try await iterator.next()
                            return nil
                        } catch {
                            return error
                        }
                    }
                }
                // The one that is refused is so at once; the other waits for the event.
                let refused = await group.next() ?? nil
                try? counter.add([2])
                return [refused, await group.next() ?? nil]
            }
            #expect(outcomes.map { $0?.details.first?.reason } == ["STREAM_HAS_A_READER", nil])
        }
    }

    @Test("An event that does not fit a frame is refused, and nothing is published")
    func tooLong() throws {
        let counter = try Counting()
        let channel = try counter.channel()
        let events = [
            Choices(choice: .number(1)),
            Choices(choice: .data(Array(repeating: 0, count: 17_000))),
        ]
        #expect(throws: BroadcastError.self) { try channel.publish(events) }
        #expect(channel.lastSequence == 0)
    }

    @Test("A subscription goes on when the server is started anew, without a gap")
    func restart() async throws {
        let tls = try TLSClientContext(PKI.shared.files("client"))
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = RPCServerConfiguration()
        configuration.reconnectSpread = .milliseconds(10)
        configuration.drainGrace = .milliseconds(100)
        func server(_ counter: Counting) async throws -> RPCServer {
            let end = ContinuousClock.now + .seconds(60)
            while true {
                let server = RPCServer(
                    counter.router,
                    tls: try TLSServerContext(PKI.shared.files("server")),
                    configuration: configuration,
                    logger: logger
                )
                do {
                    configuration.port = try await server.start().port ?? 0
                    return server
                } catch let error as IOError where error.errnoCode == EADDRINUSE {
                    // Somebody's connection has the port for the moment.
                    guard ContinuousClock.now < end else { throw error }
                    try await Task.sleep(for: .milliseconds(20))
                }
            }
        }

        var changes: [Int32] = [1, 2, 3]
        var counter = try Counting(changes)
        var running = try await server(counter)
        let client = RPCClient(
            host: "localhost",
            port: configuration.port,
            tls: tls,
            configuration: RPCClientConfiguration().patient,
            logger: logger
        )
        var events = try await EverythingService.Client(client).follow(Empty()).makeAsyncIterator()
        var counted = Counted()
        for round in 1...3 as ClosedRange<Int32> {
            try counter.add([10 * round])
            changes.append(10 * round)
            try await counted.read(&events, upTo: counter.sequence)
            await running.shutdown()
            // What happens while the client is away.
            changes.append(round)
            counter = try Counting(changes, kept: 2)
            running = try await server(counter)
        }
        try counter.add([1_000])
        try await counted.read(&events, upTo: counter.sequence)
        #expect(counted.sum == counter.sum)
        #expect(counted.snapshotCount == 1)
        #expect(counted.isContiguous)

        // Another history: a snapshot, with the new epoch.
        await running.shutdown()
        counter = try Counting(epoch: 2, [100])
        running = try await server(counter)
        let element = try await events.next()
        #expect(element?.isSnapshot == true)
        #expect(element?.token == ResumeToken(epoch: 2, sequence: 1))
        await client.close()
        await running.shutdown()
    }
}
