import CabinetAPI
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// Clients that want more than they may have: each limit of CWP/1, section 9, that is a number.
@Suite struct GreedyPeerTests {
    private typealias Methods = DiagnosticsService.Methods

    /// The header of a frame alone.
    private static func header(
        _ type: FrameType,
        _ flags: FrameFlags = [],
        id: UInt32,
        announcing byteCount: Int
    ) -> [UInt8] {
        HandPeer.bytes(
            FrameHeader(type: type, flags: flags, id: id, bodyByteCount: byteCount).word
        )
    }

    // MARK: - Bytes

    @Test(
        "A frame that is too long is found out by its header",
        arguments: [
            (FrameType.call, 1), (.item, 1), (.goAway, 0), (FrameType(rawValue: 0xff), 9),
        ] as [(FrameType, UInt32)],
        [65_537, 0xff_ffff]
    )
    func longFrame(_ frame: (FrameType, UInt32), _ byteCount: Int) throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.send(Self.header(frame.0, id: frame.1, announcing: byteCount))
            server.expectEnded(peer, .tooLarge, rule: "2.2")
        }
    }

    @Test("What the client accepts itself changes nothing of what the server does")
    func raisedLimits() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            peer.hello(
                Hello(
                    versions: [1],
                    limits: Limits(
                        maxCalls: 65_536,
                        maxSubscriptions: 65_536,
                        maxFrameBytes: 0xff_ffff,
                        maxMetadataBytes: 65_535,
                        initialCreditBytes: 1 << 30
                    )
                )
            )
            server.expectOpen(peer)
            peer.send(Self.header(.call, .end, id: 1, announcing: 65_537))
            server.expectEnded(peer, .tooLarge, rule: "2.2")
        }
    }

    @Test("A HELLO of more than 4,096 bytes is found out by its header")
    func longHello() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            peer.send(Self.header(.hello, id: 0, announcing: 4_097))
            server.expectEnded(peer, .tooLarge, rule: "1.6")
        }
    }

    @Test(
        "A HELLO with limits beyond reason ends the connection",
        arguments: [
            Limits(maxCalls: 65_537), Limits(maxSubscriptions: 65_537),
            Limits(maxFrameBytes: 0x100_0000), Limits(maxMetadataBytes: 65_536),
            Limits(initialCreditBytes: (1 << 30) + 1), Limits(maxCalls: .max),
            // Below the default.
            Limits(maxCalls: 1), Limits(maxFrameBytes: 1), Limits(initialCreditBytes: 1),
        ]
    )
    func unreasonableHello(_ limits: Limits) throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            peer.hello(Hello(versions: [1], limits: limits))
            server.expectEnded(peer, .protocolError, rule: "1.5")
        }
    }

    @Test("Metadata of more than 8,192 bytes ends the connection")
    func longMetadata() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.call(
                Methods.echo,
                slot: 1,
                EchoRequest(),
                metadata: Array(repeating: 0, count: 8_193)
            )
            server.expectEnded(peer, .tooLarge, rule: "3.2")
        }
    }

    @Test("Metadata that is longer than its frame ends the connection")
    func metadataBeyondFrame() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.send(.call, [.end, .metadata], id: 1, [0, 1, 0, 0, 0, 0, 0x20, 0, 1, 2, 3])
            server.expectEnded(peer, .protocolError, rule: "3.2")
        }
    }

    @Test("Metadata of thousands of empty entries fails its call, and no more")
    func emptyMetadata() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            let entries = (0..<4_096).flatMap { _ in [0x0a, 0] as [UInt8] }
            peer.call(Methods.echo, slot: 1, EchoRequest(), metadata: entries)
            server.run()
            let status = try peer.take(.status).map { try $0.message(Status.self) }
            #expect(status.map(\.code) == [.invalidArgument])
            #expect(status.first?.details.first?.reason == "METADATA_MALFORMED")
            server.expectOpen(peer)
        }
    }

    // MARK: - Calls

    @Test("A call beyond the highest slot ends the connection", arguments: [65, 0xff_ffff])
    func tooManyCalls(_ slot: UInt32) throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for slot in 1...64 as ClosedRange<UInt32> {
                peer.call(Methods.sleep, slot: slot, SleepRequest(sleepMs: 1_000))
            }
            server.expectOpen(peer)
            #expect(server.work.runningNow == 64)
            peer.call(Methods.sleep, slot: slot, SleepRequest(sleepMs: 1_000))
            server.expectEnded(peer, .limitExceeded, rule: "3.1")
            #expect(server.work.mostRunning == 64)
        }
    }

    @Test("A call in a slot that is busy ends the connection")
    func busySlot() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for _ in 0..<2 {
                peer.call(Methods.sleep, slot: 7, SleepRequest(sleepMs: 1_000))
            }
            server.expectEnded(peer, .protocolError, rule: "3.1")
            #expect(server.work.mostRunning == 1)
        }
    }

    @Test("A subscription too many is refused, and the connection goes on")
    func tooManySubscriptions() throws {
        let counters = try (0..<20).map { _ in try Counting() }
        let next = Recorder<Void>()
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                next.append(())
                return ChannelSubscription(try counters[next.values.count - 1].channel())
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            for slot in 1...18 as ClosedRange<UInt32> {
                peer.follow(slot: slot)
            }
            server.run()
            #expect(peer.take(.bound).count == 16)
            let refusals = peer.take(.status)
            #expect(refusals.map(\.header.id) == [17, 18])
            for refusal in refusals {
                let status = try refusal.message(Status.self)
                #expect(status.code == .resourceExhausted)
                #expect(status.details.first?.reason == "TOO_MANY_SUBSCRIPTIONS")
                #expect(refusal.header.flags == .notProcessed)
            }
            // One that ends makes room for another.
            peer.send(.cancel, id: 1)
            peer.follow(slot: 17)
            server.run()
            #expect(peer.take(.bound).count == 1)
            server.expectOpen(peer)
        }
    }

    @Test("A channel is subscribed to once by a connection")
    func twice() throws {
        let counter = try Counting()
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(try counter.channel())
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            for slot in 1...60 as ClosedRange<UInt32> {
                peer.follow(slot: slot)
            }
            server.run()
            #expect(peer.take(.bound).count == 1)
            let codes = try peer.take(.status).map { try $0.message(Status.self).code }
            #expect(codes == Array(repeating: .alreadyExists, count: 59))
            server.expectOpen(peer)
        }
    }

    // MARK: - Credit

    /// Requests that fill the credit of a call, whose handler takes none of them.
    @Test("Requests past the credit end the connection", arguments: [0, 1_000, 16_376])
    func pastCredit(_ byteCount: Int) throws {
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.bidirectional) { _, _, _ in
                // It waits for what never comes, and reads nothing.
                try await Task.never()
            }
        }
        try AbusedServer.run(register: register) { server in
            let peer = server.connect()
            peer.call(EverythingService.Methods.bidirectional, slot: 1)
            let body = [UInt8](repeating: 0, count: byteCount)
            let count = 131_072 / (byteCount + 8)
            for _ in 0..<count { peer.send(.item, id: 1, body) }
            server.expectOpen(peer)
            // Nothing that was not read is given credit for.
            #expect(peer.take(.credit).isEmpty)
            try server.expectNeighbourServed()
            peer.send(.item, id: 1, body)
            server.expectEnded(peer, .limitExceeded, rule: "4.3")
        }
    }

    @Test("Credit is also counted where the call has ended")
    func creditOfEndedCall() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.call(EverythingService.Methods.bidirectional, slot: 1)
            server.run()
            #expect(peer.take(.status).count == 1)
            for _ in 0..<8 {
                peer.send(.item, id: 1, Array(repeating: 0, count: 16_376))
            }
            server.expectOpen(peer)
            peer.send(.item, id: 1)
            server.expectEnded(peer, .limitExceeded, rule: "4.3")
        }
    }

    @Test("Credit beyond all numbers is just much")
    func hugeCredit() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.call(
                Methods.echoRepeat,
                slot: 1,
                EchoRepeatRequest(payload: Array(repeating: 1, count: 16_000), responseCount: 100)
            )
            for limit in [.max, 0, 1, .max, .max - 1] as [UInt64] {
                peer.credit(slot: 1, limit)
            }
            server.advance(.milliseconds(10))
            #expect(peer.take(.item).count == 100)
            server.expectOpen(peer)
        }
    }
}

extension Task where Success == Never, Failure == Never {
    /// Waits until the task is cancelled.
    fileprivate static func never() async throws {
        let forever = AsyncStream.makeStream(of: Void.self)
        for await _ in forever.stream {}
        try Task.checkCancellation()
    }
}
