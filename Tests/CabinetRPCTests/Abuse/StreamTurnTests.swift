import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// Clients that read their streams as fast as they come: the event loop belongs to the others too.
@Suite struct StreamTurnTests {
    /// What all streams of an event loop write before it looks after its sockets.
    private static let turnBytes = 262_144

    /// A client that reads streams without end, as fast as they come.
    private func connect(_ server: AbusedServer, payload byteCount: Int) -> HandPeer {
        let peer = server.connect(saysHello: false)
        peer.hello(Hello(versions: [1], limits: Limits(initialCreditBytes: 1 << 30)))
        for slot in 1...8 as ClosedRange<UInt32> {
            peer.call(
                DiagnosticsService.Methods.echoRepeat,
                slot: slot,
                EchoRepeatRequest(
                    payload: Array(repeating: 1, count: byteCount),
                    responseCount: 1_000_000
                )
            )
            peer.credit(slot: slot, .max)
        }
        return peer
    }

    @Test("Streams that are read write so much in a turn, and then others are served")
    func turns() throws {
        try AbusedServer.run { server in
            let peers = (0..<3).map { _ in connect(server, payload: 1_000) }
            // It returns.
            server.run()
            var received = 0
            for _ in 0..<10 {
                let before = received
                received = peers.reduce(0) { $0 + $1.receivedBytes }
                // Handlers that found out after the turn had ended make it wait once more.
                if received == before {
                    server.advance(.microseconds(20))
                    received = peers.reduce(0) { $0 + $1.receivedBytes }
                }
                #expect(received > before)
                #expect(received - before <= Self.turnBytes + 70_000)
                try server.expectNeighbourServed()
                server.advance(.microseconds(20))
            }
            for peer in peers {
                #expect(peer.receivedBytes > received / 4)
                server.expectOpen(peer)
                peer.close()
            }
        }
    }

    @Test("A short message counts as work, not as bytes")
    func shortMessages() throws {
        try AbusedServer.run { server in
            let peer = connect(server, payload: 0)
            server.run()
            #expect(peer.take(.item).count == Self.turnBytes / 512)
            try server.expectNeighbourServed()
            peer.close()
        }
    }

    @Test("Who got nothing in a turn is first in the next")
    func order() throws {
        try AbusedServer.run { server in
            // More streams than a turn has messages.
            let peers = (0..<80).map { _ in connect(server, payload: 0) }
            for _ in 0..<4 { server.advance(.milliseconds(1)) }
            for peer in peers {
                #expect(peer.take(.item).count >= 8)
                peer.close()
            }
        }
    }

    @Test("The streams of a connection take turns, too: none is first each time")
    func streamsOfOne() throws {
        try AbusedServer.run { server in
            let peer = connect(server, payload: 16_000)
            server.run()
            for _ in 0..<10 { server.advance(.microseconds(20)) }
            var counts: [UInt32: Int] = [:]
            for item in peer.take(.item) { counts[item.header.id, default: 0] += 1 }
            #expect(counts.count == 8)
            let (least, most) = (counts.values.min() ?? 0, counts.values.max() ?? 0)
            #expect(least > 0 && most <= 2 * least, "\(counts)")
            peer.close()
        }
    }

    @Test("What a message owes beyond its turn is paid in those that follow")
    func longMessages() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            peer.hello(Hello(versions: [1], limits: Limits(initialCreditBytes: 1 << 30)))
            let request = EchoRepeatRequest(
                payload: Array(repeating: 1, count: 65_000),
                responseCount: 1_000
            )
            for slot in 1...16 as ClosedRange<UInt32> {
                peer.call(DiagnosticsService.Methods.echoRepeat, slot: slot, request)
            }
            server.run()
            let turns = 50
            for _ in 1..<turns { server.advance(.microseconds(20)) }
            #expect(peer.receivedBytes <= turns * Self.turnBytes + 65_100)
            #expect(peer.receivedBytes > turns * Self.turnBytes - 65_100)
            server.expectOpen(peer)
            peer.close()
        }
    }

    @Test(
        "A turn does not begin while other handlers may keep the loop from its sockets, within bounds"
    )
    func busyLoop() throws {
        try AbusedServer.run { server in
            let peer = connect(server, payload: 1_000)
            let busy = server.connect()
            server.run()
            let received = peer.receivedBytes
            for slot in 1...20 as ClosedRange<UInt32> {
                busy.call(DiagnosticsService.Methods.sleep, slot: slot, SleepRequest(sleepMs: 1))
                server.run()
                server.advance(.microseconds(20))
                #expect(peer.receivedBytes == received)
            }
            busy.call(DiagnosticsService.Methods.sleep, slot: 21, SleepRequest(sleepMs: 1))
            server.run()
            server.advance(.microseconds(20))
            #expect(peer.receivedBytes > received)
            peer.close()
            server.advance(.milliseconds(2))
        }
    }

    @Test("Subscribers who catch up have the same turns")
    func channels() throws {
        let counter = try Counting()
        let event = Choices(choice: .data(Array(repeating: 1, count: 8_000)))
        try counter.channel().publish(Array(repeating: event, count: 256))
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(try counter.channel())
            }
        }
        try AbusedServer.run(register: register) { server in
            let peers = (0..<4).map { _ in server.connect() }
            for peer in peers { peer.follow(slot: 1) }
            server.run()
            #expect(peers.reduce(0) { $0 + $1.receivedBytes } <= Self.turnBytes + 70_000)
            try server.expectNeighbourServed()
            for _ in 0..<50 { server.advance(.milliseconds(1)) }
            for peer in peers {
                #expect(peer.receivedBytes > 256 * 8_000)
                server.expectOpen(peer)
            }
        }
    }
}
