import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import Testing

/// Clients that take their time: each limit of CWP/1, section 9, that is a time.
@Suite struct SlowPeerTests {
    /// What a transport within the process, and the frames that wait for it, may hold for one client.
    private static let heldBytes = 3 * 65_536

    @Test("Without HELLO a connection ends after two seconds")
    func silence() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            server.advance(.milliseconds(1_999))
            server.expectOpen(peer)
            server.advance(.milliseconds(1))
            server.expectEnded(peer, .timeout, rule: "1.6")
        }
    }

    @Test("A HELLO that comes in small parts has no more time")
    func slowHello() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            let hello = Hello(versions: [1], agent: String(repeating: "a", count: 200))
            let bytes = HandPeer.frame(.hello, hello.serialized())
            for byte in bytes.prefix(19) {
                peer.send([byte])
                server.advance(.milliseconds(100))
            }
            server.expectOpen(peer)
            server.advance(.milliseconds(100))
            server.expectEnded(peer, .timeout, rule: "1.6")
        }
    }

    @Test("A frame that was begun has ten seconds", arguments: [1, 8, 20])
    func partialFrame(_ byteCount: Int) throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            let frame = HandPeer.frame(.call, .end, id: 1, Array(repeating: 0, count: 1_000))
            peer.send(Array(frame[..<byteCount]))
            server.advance(.milliseconds(9_999))
            server.expectOpen(peer)
            server.advance(.milliseconds(1))
            server.expectEnded(peer, .stalled, rule: "2.7")
        }
    }

    @Test("A frame that comes byte by byte has ten seconds, and holds no more than has come")
    func trickle() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            let frame = HandPeer.frame(.call, .end, id: 1, Array(repeating: 0, count: 60_000))
            for byte in frame.prefix(99) {
                peer.send([byte])
                server.advance(.milliseconds(100))
            }
            server.expectOpen(peer)
            server.advance(.milliseconds(200))
            server.expectEnded(peer, .stalled, rule: "2.7")
        }
    }

    @Test("A client whose frames are whole, if never its reads, is not slow")
    func straddling() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            let call = HandPeer.frame(.call, .end, id: 1, [0, 1, 0, 0, 0, 0])
            // Each read ends within a frame: 1 byte of the next is always there.
            peer.send([call[0]])
            for _ in 0..<60 {
                peer.send(Array(call[1...]) + [call[0]])
                server.advance(.seconds(1))
                #expect(peer.take(.reply).count == 1)
            }
            server.expectOpen(peer)
        }
    }

    // MARK: - Who does not read

    @Test("An unread stream waits in the handler, and ends the connection after ten seconds")
    func unreadStream() throws {
        try AbusedServer.run { server in
            // All the credit that there is.
            let peer = server.connect(saysHello: false)
            peer.hello(Hello(versions: [1], limits: Limits(initialCreditBytes: 1 << 30)))
            server.run()
            peer.stall(true)
            for slot in 1...64 as ClosedRange<UInt32> {
                peer.call(
                    DiagnosticsService.Methods.echoRepeat,
                    slot: slot,
                    EchoRepeatRequest(
                        payload: Array(repeating: 1, count: 16_000),
                        responseCount: 1_000_000
                    )
                )
                peer.credit(slot: slot, .max)
            }
            server.run()
            let written = server.work.writtenMessages
            #expect(written * 16_000 <= Self.heldBytes)
            for _ in 0..<9 {
                server.advance(.seconds(1))
                try server.expectNeighbourServed()
            }
            #expect(server.work.writtenMessages == written)
            #expect(peer.receivedBytes < 1_000)
            server.advance(.seconds(1))
            server.expectEnded(peer, .stalled, rule: "9.3", isTold: false)
        }
    }

    @Test("A client that reads again within the time goes on, and gets everything in order")
    func lateReader() throws {
        try AbusedServer.run { server in
            let peer = server.connect(saysHello: false)
            peer.hello(Hello(versions: [1], limits: Limits(initialCreditBytes: 1 << 30)))
            server.run()
            peer.call(
                DiagnosticsService.Methods.echoRepeat,
                slot: 1,
                EchoRepeatRequest(
                    payload: Array(repeating: 1, count: 16_000),
                    responseCount: 200
                )
            )
            var numbers: [UInt32] = []
            for _ in 0..<10 {
                peer.stall(true)
                server.advance(.seconds(9))
                server.expectOpen(peer)
                peer.stall(false)
                server.advance(.milliseconds(10))
                numbers += try peer.take(.item).map {
                    try $0.message(EchoRepeatResponse.self).number
                }
                server.answerPings(of: peer)
            }
            #expect(numbers == Array(0..<200))
            server.expectOpen(peer)
        }
    }

    @Test("Unread replies are no more than there are slots")
    func unreadReplies() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.stall(true)
            let request = EchoRequest(payload: Array(repeating: 1, count: 16_000))
            for slot in 1...64 as ClosedRange<UInt32> {
                peer.call(DiagnosticsService.Methods.echo, slot: slot, request)
                server.run()
            }
            server.expectOpen(peer)
            try server.expectNeighbourServed()
            // The outcome of the call before has not been written, so its slot is not free.
            peer.call(DiagnosticsService.Methods.echo, slot: 64, request)
            server.expectEnded(peer, .protocolError, rule: "3.1", isTold: false)
        }
    }

    @Test("Unread replies end the connection after ten seconds")
    func unreadRepliesInTime() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.stall(true)
            for slot in 1...10 as ClosedRange<UInt32> {
                peer.call(
                    DiagnosticsService.Methods.echo,
                    slot: slot,
                    EchoRequest(payload: Array(repeating: 1, count: 16_000))
                )
            }
            server.advance(.milliseconds(9_999))
            server.expectOpen(peer)
            try server.expectNeighbourServed()
            server.advance(.milliseconds(1))
            server.expectEnded(peer, .stalled, rule: "9.3", isTold: false)
        }
    }

    @Test("An unread channel costs a place in its history, and no neighbour an event")
    func unreadChannel() throws {
        let counter = try Counting()
        // 16 KiB a piece.
        let events = [Choices](
            repeating: Choices(choice: .data(Array(repeating: 1, count: 1_020))),
            count: 16
        )
        func register(in router: inout MethodRouter) {
            router.register(EverythingService.Methods.follow) { _, _ in
                ChannelSubscription(try counter.channel())
            }
        }
        try AbusedServer.run(register: register) { server in
            let reader = server.connect()
            let peer = server.connect()
            for follower in [reader, peer] { follower.follow(slot: 1) }
            server.run()
            #expect(peer.take(.bound).count == 1)
            peer.stall(true)
            let before = peer.receivedBytes
            var readEvents = 0
            for _ in 0..<9 {
                for _ in 0..<6 {
                    try counter.channel().publish(events)
                    server.run()
                }
                server.advance(.seconds(1))
                readEvents += reader.eventCount
                try server.expectNeighbourServed()
            }
            #expect(readEvents == 9 * 6 * 16)
            #expect(reader.receivedBytes > 4 * Self.heldBytes)
            server.expectOpen(peer)
            // What the transport held for it arrives now, at once.
            peer.stall(false)
            #expect(peer.receivedBytes - before <= Self.heldBytes)
            // And then all that it has missed, without a gap.
            server.advance(.milliseconds(10))
            #expect(peer.eventCount == readEvents)
            // The second time it does not come back.
            peer.stall(true)
            for _ in 0..<11 {
                for _ in 0..<6 {
                    try counter.channel().publish(events)
                    server.run()
                }
                server.advance(.seconds(1))
                server.answerPings(of: reader)
            }
            server.expectEnded(peer, .stalled, rule: "9.3", isTold: false)
            server.expectNotEnded(reader)
        }
    }

    // MARK: - Who does nothing

    @Test("A connection without calls ends after five minutes, also one that is full of life")
    func idle() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for _ in 0..<299 {
                peer.send(.ping, id: 0, HandPeer.bytes(7))
                server.advance(.seconds(1))
                server.answerPings(of: peer)
                try server.expectNeighbourServed()
            }
            server.expectOpen(peer)
            server.advance(.seconds(1))
            server.expectEnded(peer, .idle)
        }
    }

    @Test("Who does not answer PING is dead")
    func dead() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            // A call that is under way keeps nobody alive.
            peer.call(
                DiagnosticsService.Methods.sleep,
                slot: 1,
                SleepRequest(sleepMs: 60_000)
            )
            for _ in 0..<39 {
                server.advance(.seconds(1))
                try server.expectNeighbourServed()
            }
            #expect(peer.take(.ping).count == 1)
            server.expectOpen(peer)
            server.advance(.seconds(1))
            #expect(peer.isClosed)
            #expect(server.log.lines("the client does not answer").count == 1)
        }
    }

    @Test("Who stays after the server's GOAWAY is closed when the grace is over")
    func stayingAfterDrain() throws {
        var configuration = RPCServerConfiguration()
        configuration.drainGrace = .seconds(3)
        try AbusedServer.run(configuration, isDrained: true) { server in
            let peer = server.connect()
            peer.call(
                DiagnosticsService.Methods.sleep,
                slot: 1,
                SleepRequest(sleepMs: 60_000)
            )
            server.run()
            server.drain()
            #expect(peer.goAway?.reason == .drain)
            peer.call(DiagnosticsService.Methods.sleep, slot: 2, SleepRequest(sleepMs: 60_000))
            server.advance(.milliseconds(2_999))
            #expect(!peer.isClosed)
            #expect(server.work.runningNow == 1)
            server.advance(.milliseconds(1))
            #expect(peer.isClosed)
        }
    }
}
