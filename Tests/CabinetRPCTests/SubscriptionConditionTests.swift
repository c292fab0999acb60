import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import Testing

/// What a reader of a subscription is told of its link, and when.
@Suite(.timeLimit(.minutes(5))) struct SubscriptionConditionTests {
    private typealias Updates = Subscription<Choices>.Updates.AsyncIterator

    private func follow(
        _ client: RPCClient,
        after token: ResumeToken? = nil
    ) async throws -> Updates {
        try await EverythingService.Client(client).follow(Empty(), resumingAfter: token)
            .updates.makeAsyncIterator()
    }

    private func binding(
        _ connection: UInt64,
        epoch: UInt64 = 1,
        upTo lastSequence: UInt64
    ) -> SubscriptionBinding {
        SubscriptionBinding(connection: connection, epoch: epoch, lastSequence: lastSequence)
    }

    @Test(
        "A reader is told what is on its way, and when it has all of it",
        arguments: Carrier.allCases
    )
    func catchesUp(_ carrier: Carrier) async throws {
        let counter = try Counting([5, 6, 7])
        try await Connected.run(over: carrier, counter.router) { connected in
            try await connected.withClient { client in
                var updates = try await follow(client)
                let bound = binding(1, upTo: 3)
                #expect(try await updates.next() == .condition(.catchingUp(bound)))
                #expect(try await updates.next()?.event?.isSnapshot == true)
                #expect(try await updates.next() == .condition(.live(bound)))
                // What is new changes nothing in that.
                try counter.add([1])
                #expect(try await updates.next()?.event?.token.sequence == 4)
                counter.close()
                #expect(try await updates.next() == nil)
            }
        }
    }

    @Test("Who resumes after the newest event has everything at once", arguments: Carrier.allCases)
    func resumes(_ carrier: Carrier) async throws {
        let counter = try Counting([5, 6, 7], kept: 3)
        try await Connected.run(over: carrier, counter.router) { connected in
            try await connected.withClient { client in
                var updates = try await follow(client, after: ResumeToken(epoch: 1, sequence: 3))
                #expect(try await updates.next() == .condition(.live(binding(1, upTo: 3))))
                var behind = try await follow(client, after: ResumeToken(epoch: 1, sequence: 2))
                // It is not at hand here: this reader begins with a snapshot.
                #expect(
                    try await behind.next() == .condition(.catchingUp(binding(1, upTo: 3)))
                )
            }
        }
    }

    @Test("A channel without events is caught up with by its snapshot")
    func empty() async throws {
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            connection.bound(frame.id, next: 1)
            connection.snapshot(0, "nothing")
        } _: { client, _ in
            var updates = try await follow(client)
            let bound = binding(1, upTo: 0)
            #expect(try await updates.next() == .condition(.catchingUp(bound)))
            #expect(try await updates.next()?.event?.token.sequence == 0)
            #expect(try await updates.next() == .condition(.live(bound)))
        }
    }

    @Test("A lost link is told with its reason, and a new one before what comes over it")
    func lostLink() async throws {
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            switch connection.number {
            case 1:
                connection.bound(frame.id, next: 3)
                connection.snapshot(2, "2")
                connection.cut()
            default:
                #expect(frame.flags.contains(.resume))
                connection.bound(frame.id, next: 5)
                connection.event(3)
                connection.event(4)
                connection.event(5)
            }
        } _: { client, _ in
            var updates = try await follow(client)
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 2))))
            #expect(try await updates.next()?.event?.token.sequence == 2)
            var next = try await updates.next()
            // The link may be lost before the reader has come to read that it is live.
            if next == .condition(.live(binding(1, upTo: 2))) { next = try await updates.next() }
            if case .condition(.offline(let error, let failures)) = next {
                #expect(error.code == .unavailable)
                #expect(error.details.map(\.reason) == ["CONNECTION_LOST"])
                #expect(failures == 1)
                next = try await updates.next()
            }
            #expect(next == .condition(.catchingUp(binding(2, upTo: 4))))
            #expect(try await updates.next()?.event?.token.sequence == 3)
            #expect(try await updates.next()?.event?.token.sequence == 4)
            #expect(try await updates.next() == .condition(.live(binding(2, upTo: 4))))
            #expect(try await updates.next()?.event?.token.sequence == 5)
        }
    }

    @Test("Attempts that fail are counted, and the last says why")
    func failures() async throws {
        let (goes, go) = AsyncStream.makeStream(of: Void.self)
        let calls = Recorder<UInt32>()
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            calls.append(frame.id)
            switch calls.values.count {
            case 1:
                connection.bound(frame.id, next: 1)
                connection.snapshot(0, "0")
                connection.fail(frame.id, .unavailable)
            case 2...4:
                connection.fail(frame.id, .unavailable)
            default:
                go.yield()
            }
        } _: { client, _ in
            var updates = try await follow(client)
            for await _ in goes { break }
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 0))))
            #expect(try await updates.next()?.event?.token.sequence == 0)
            // There is one condition, and not those of all attempts.
            #expect(
                try await updates.next()
                    == .condition(.offline(RPCError(.unavailable, "scripted"), failures: 4))
            )
        }
    }

    @Test("A slow reader is told of the connections whose events it reads, and of the latest")
    func slowReader() async throws {
        let (goes, go) = AsyncStream.makeStream(of: Void.self)
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            switch connection.number {
            case 1:
                connection.bound(frame.id, next: 2)
                connection.snapshot(1, "1")
                connection.event(2)
                connection.cut()
            case 2:
                // Brings nothing.
                connection.bound(frame.id, next: 3)
                connection.cut()
            case 3:
                connection.bound(frame.id, next: 4)
                connection.event(3)
                connection.cut()
            default:
                guard frame.method == EverythingService.Methods.follow.description.number else {
                    return connection.send(.reply, id: frame.id)
                }
                connection.bound(frame.id, next: 4)
                go.yield()
            }
        } _: { client, _ in
            var updates = try await follow(client)
            for await _ in goes { break }
            // Another call on the fourth connection: its answer comes after what was said there.
            _ = try await EverythingService.Client(client).unary(Scalars())
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 1))))
            #expect(try await updates.next()?.event?.token.sequence == 1)
            #expect(try await updates.next()?.event?.token.sequence == 2)
            #expect(try await updates.next() == .condition(.catchingUp(binding(3, upTo: 3))))
            #expect(try await updates.next()?.event?.token.sequence == 3)
            #expect(try await updates.next() == .condition(.live(binding(4, upTo: 3))))
        }
    }

    @Test("Where a token is stale, nobody has everything before the snapshot has come")
    func outOfRange() async throws {
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            guard !frame.flags.contains(.resume) else {
                return connection.fail(frame.id, .outOfRange)
            }
            connection.bound(frame.id, next: 5)
            connection.snapshot(4, "4")
        } _: { client, _ in
            var updates = try await follow(client, after: ResumeToken(epoch: 1, sequence: 9))
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 4))))
            #expect(try await updates.next()?.event?.isSnapshot == true)
            #expect(try await updates.next() == .condition(.live(binding(1, upTo: 4))))
        }
    }

    /// A client that keeps next to nothing.
    private static var forgetful: RPCClientConfiguration {
        var configuration = RPCClientConfiguration.impatient
        configuration.subscriptions.maxEvents = 2
        configuration.subscriptions.maxBytes = 16
        return configuration
    }

    @Test("What comes with a snapshot is kept with it, however slow the reader is")
    func snapshotWithEvents() async throws {
        let calls = Recorder<UInt32>()
        try await ScriptedServer.run(Self.forgetful) { connection, frame in
            guard frame.type == .call else { return }
            guard frame.method == EverythingService.Methods.follow.description.number else {
                return connection.send(.reply, id: frame.id)
            }
            calls.append(frame.id)
            connection.bound(frame.id, next: 31)
            // As many bytes as the events after it.
            connection.snapshot(10, String(repeating: "x", count: 250))
            for sequence in 11...30 as ClosedRange<UInt64> { connection.event(sequence) }
        } _: { client, _ in
            var updates = try await follow(client)
            // Its answer comes after the events.
            _ = try await EverythingService.Client(client).unary(Scalars())
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 30))))
            for sequence in 10...30 as ClosedRange<UInt64> {
                #expect(try await updates.next()?.event?.token.sequence == sequence)
            }
            #expect(try await updates.next() == .condition(.live(binding(1, upTo: 30))))
        }
        #expect(calls.values.count == 1)
    }

    @Test("A reader who loses its place again and again does not subscribe anew each time")
    func losesAgain() async throws {
        let calls = Recorder<UInt32>()
        var configuration = Self.forgetful
        configuration.reconnect = Backoff(first: .seconds(1_000_000), most: .seconds(1_000_000))
        try await ScriptedServer.run(configuration) { connection, frame in
            if frame.type == .cancel { return connection.fail(frame.id, .cancelled) }
            guard frame.type == .call else { return }
            guard frame.method == EverythingService.Methods.follow.description.number else {
                return connection.send(.reply, id: frame.id)
            }
            calls.append(frame.id)
            let last = 20 + UInt64(calls.values.count)
            connection.bound(frame.id, next: last + 1)
            connection.snapshot(0, "")
            for sequence in 1...last { connection.event(sequence) }
        } _: { client, _ in
            let service = EverythingService.Client(client)
            let subscription = try await service.follow(Empty())
            var updates = subscription.updates.makeAsyncIterator()
            _ = try await service.unary(Scalars())
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 21))))
            // It has lost its place by now, and gets another snapshot, which it loses as well.
            #expect(try await updates.next() == .condition(.catchingUp(binding(1, upTo: 22))))
            _ = try await service.unary(Scalars())
            let waiting = Task {
                var updates = subscription.updates.makeAsyncIterator()
                return try await updates.next()
            }
            for _ in 1...20 { _ = try await service.unary(Scalars()) }
            #expect(calls.values.count == 2)
            waiting.cancel()
            _ = try? await waiting.value
        }
    }

    @Test("A reader for whom too little is kept catches up again by a snapshot")
    func lostPlace() async throws {
        let counter = try Counting([1])
        var configuration = RPCClientConfiguration()
        configuration.subscriptions.maxEvents = 10
        try await Connected.run(over: .inProcess, counter.router) { connected in
            try await connected.withClient(configuration) { client in
                var slow = try await follow(client)
                var fast = try await EverythingService.Client(client).follow(Empty())
                    .makeAsyncIterator()
                for _ in 0..<3 { _ = try await slow.next() }
                var counted = Counted()
                for number in 1...100 as ClosedRange<Int32> {
                    try counter.add([number])
                    try await counted.read(&fast, upTo: counter.sequence)
                }
                var conditions: [SubscriptionCondition] = []
                while let update = try await slow.next() {
                    switch update {
                    case .condition(let condition): conditions.append(condition)
                    case .event(let element):
                        #expect(element.isSnapshot)
                        #expect(element.token.sequence == 101)
                        #expect(
                            try await slow.next() == .condition(.live(binding(1, upTo: 101)))
                        )
                        #expect(conditions.last == .catchingUp(binding(1, upTo: 101)))
                        return
                    }
                }
            }
        }
    }
}

extension SubscriptionUpdate {
    fileprivate var event: Subscription<Event>.Element? {
        if case .event(let element) = self { element } else { nil }
    }
}

extension ScriptedServer.Connection {
    /// The number of the one channel of these tests.
    private static let channel: UInt32 = 7

    fileprivate func bound(_ slot: UInt32, next: UInt64) {
        send(
            .bound,
            id: slot,
            [0, 0, UInt8(Self.channel)] + bytes(1) + bytes(1) + bytes(next)
        )
    }

    fileprivate func snapshot(_ sequence: UInt64, _ text: String) {
        send(
            .snapshot,
            id: Self.channel,
            bytes(sequence) + Choices(choice: .text(text)).serialized()
        )
    }

    fileprivate func event(_ sequence: UInt64) {
        send(.event, id: Self.channel, bytes(sequence) + Choices(choice: .number(1)).serialized())
    }

    private func bytes(_ number: UInt64) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian, Array.init)
    }
}
