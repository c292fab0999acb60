import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetWire
import FixtureAPI
import NIOCore
import TestSupport
import Testing

/// Clients that send what costs them little and the server something (CWP/1, rule 9.1).
@Suite struct FloodTests {
    private typealias Methods = DiagnosticsService.Methods

    /// A frame that costs its sender next to nothing.
    enum Cheap: CaseIterable, Sendable {
        case ping, cancel, cancelOfEndedCall, goAway, ignored, smallCredit, sameCredit

        /// The *n*-th of them; slot 1 has a stream that is running, slot 2 a call that has ended.
        func frame(_ number: UInt64) -> [UInt8] {
            switch self {
            case .ping: HandPeer.frame(.ping, HandPeer.bytes(number))
            case .cancel: HandPeer.frame(.cancel, id: 1, [])
            case .cancelOfEndedCall: HandPeer.frame(.cancel, id: 2, [])
            case .goAway: HandPeer.frame(.goAway, [])
            case .ignored:
                HandPeer.frame(FrameType(rawValue: 0x80), Array(repeating: 0, count: 300))
            case .smallCredit: HandPeer.frame(.credit, id: 1, HandPeer.bytes(131_072 + number))
            case .sameCredit: HandPeer.frame(.credit, id: 1, HandPeer.bytes(1))
            }
        }
    }

    /// A connection with a stream that is running in slot 1, and a call that has ended in slot 2.
    private func connect(_ server: AbusedServer) -> HandPeer {
        let peer = server.connect()
        peer.call(Methods.echoCollect, slot: 1)
        peer.call(Methods.echo, slot: 2, EchoRequest())
        server.run()
        #expect(peer.take(.reply).count == 1)
        return peer
    }

    @Test("200 cheap frames are a burst, and one more is a flood", arguments: Cheap.allCases)
    func flood(_ cheap: Cheap) throws {
        try AbusedServer.run { server in
            let peer = connect(server)
            // As one read.
            peer.send((1...200).flatMap { cheap.frame($0) })
            server.expectOpen(peer)
            #expect(peer.take(.pong).count == (cheap == .ping ? 200 : 0))
            try server.expectNeighbourServed()
            peer.send(cheap.frame(201) + cheap.frame(202))
            server.expectEnded(peer, .controlFlood, rule: "9.1")
        }
    }

    @Test("20 cheap frames a second are none", arguments: Cheap.allCases)
    func steady(_ cheap: Cheap) throws {
        try AbusedServer.run { server in
            let peer = connect(server)
            for second in 0..<60 as Range<UInt64> {
                for number in 1...20 as ClosedRange<UInt64> {
                    peer.send(cheap.frame(second * 20 + number))
                }
                server.advance(.seconds(1))
                server.answerPings(of: peer)
            }
            server.expectOpen(peer)
        }
    }

    @Test("PONGs that are not read are no more than the PINGs that are allowed")
    func unreadPongs() throws {
        try AbusedServer.run { server in
            let peer = connect(server)
            peer.stall(true)
            let before = peer.receivedBytes
            for number in 1...200 as ClosedRange<UInt64> {
                peer.send(.ping, id: 0, HandPeer.bytes(number))
                server.run()
            }
            peer.stall(false)
            #expect(peer.receivedBytes - before == 200 * 16)
            server.expectOpen(peer)
        }
    }

    @Test("Credit that is given for what was read is never small")
    func honestCredit() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            peer.call(
                Methods.echoRepeat,
                slot: 1,
                EchoRepeatRequest(payload: Array(repeating: 1, count: 1_100), responseCount: 2_000)
            )
            var limit: UInt64 = 131_072
            var count = 0
            while count < 2_000 {
                server.advance(.milliseconds(1))
                let items = peer.take(.item)
                #expect(!items.isEmpty)
                if items.isEmpty { break }
                count += items.count
                for item in items {
                    limit += UInt64(item.body.count + 8)
                    peer.credit(slot: 1, limit)
                }
            }
            server.run()
            #expect(peer.take(.status).count == 1)
            server.expectOpen(peer)
        }
    }

    // MARK: - Calls that are begun and abandoned

    @Test("Calls that are cancelled at once run no more handlers than there are slots")
    func rapidReset() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for slot in 1...64 as ClosedRange<UInt32> {
                peer.call(Methods.sleep, slot: slot, SleepRequest(sleepMs: 60_000))
                peer.send(.cancel, id: slot)
            }
            server.run()
            #expect(server.work.runningNow == 64)
            #expect(peer.take(.status).isEmpty)
            try server.expectNeighbourServed()
            // The slot is busy for as long as its handler runs.
            peer.call(Methods.sleep, slot: 1, SleepRequest(sleepMs: 60_000))
            server.expectEnded(peer, .protocolError, rule: "3.1")
            #expect(server.work.mostRunning == 64)
        }
    }

    @Test("Deadlines that pass at once run no more handlers than there are slots")
    func shortDeadlines() throws {
        try AbusedServer.run { server in
            let peer = server.connect()
            for slot in 1...64 as ClosedRange<UInt32> {
                // 1 µs.
                peer.send(.call, .end, id: slot, [0, 5, 0, 0, 0, 1, 8, 0xe0, 0xd4, 3])
            }
            server.advance(.seconds(1))
            #expect(server.work.runningNow == 64)
            #expect(peer.take(.status).isEmpty)
            peer.send(.call, .end, id: 64, [0, 5, 0, 0, 0, 1])
            server.expectEnded(peer, .protocolError, rule: "3.1")
            #expect(server.work.mostRunning == 64)
        }
    }

    @Test("Handlers that are left behind by connection after connection are bounded")
    func manyConnections() throws {
        var configuration = RPCServerConfiguration()
        configuration.maxTasks = 150
        try AbusedServer.run(configuration) { server in
            for number in 0..<10 {
                let peer = server.connect()
                for slot in 1...64 as ClosedRange<UInt32> {
                    peer.call(Methods.sleep, slot: slot, SleepRequest(sleepMs: 60_000))
                }
                server.run()
                let refusals = peer.take(.status)
                #expect(refusals.count == max(0, min(64, (number + 1) * 64 - 150)))
                for refusal in refusals {
                    #expect(refusal.header.flags == .notProcessed)
                    let status = try refusal.message(Status.self)
                    #expect(status.code == .resourceExhausted)
                    #expect(status.details.first?.reason == "TOO_MANY_CALLS")
                }
                peer.close()
                try server.expectNeighbourServed()
            }
            #expect(server.work.mostRunning == 150)
            // When they are done, there is room again.
            server.advance(.seconds(60))
            let peer = server.connect()
            peer.call(Methods.sleep, slot: 1, SleepRequest(sleepMs: 1))
            server.advance(.seconds(1))
            #expect(peer.take(.reply).count == 1)
            server.answerPings(of: peer)
        }
    }

    // MARK: - Garbage

    @Test("Garbage ends the connection with a named reason, whatever it is")
    func garbage() throws {
        var random = Seed.generator(5)
        for _ in 0..<100 {
            let bytes = random.bytes(Int.random(in: 1...3_000, using: &random))
            let saysHello = Bool.random(using: &random)
            let isFramed = Bool.random(using: &random)
            try AbusedServer.run { server in
                let peer = server.connect(saysHello: saysHello)
                if isFramed {
                    // Frames that are as long as they say.
                    for body in stride(from: 0, to: bytes.count, by: 40) {
                        let type = FrameType(rawValue: bytes[body] & 0x1f)
                        let flags = FrameFlags(rawValue: bytes[body] & 0x45)
                        let body = Array(bytes[body..<min(body + 40, bytes.count)])
                        peer.send(type, flags, id: UInt32(body[0] & 3), body)
                    }
                } else {
                    peer.send(bytes)
                }
                server.run()
                try server.expectNeighbourServed()
                // What was no violation was the beginning of a frame, or calls.
                server.advance(.seconds(10))
                if peer.isClosed {
                    #expect(
                        [.protocolError, .tooLarge, .stalled, .limitExceeded, .timeout]
                            .contains(peer.goAway?.reason),
                        "\(peer.goAway as Any)"
                    )
                }
                try server.expectNeighbourServed()
            }
        }
    }
}
