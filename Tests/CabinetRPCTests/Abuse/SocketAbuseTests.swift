import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetTLS
import CabinetWire
import NIOCore
import TLSTestSupport
import Testing

/// Clients that abuse a server on TLS, where the sockets and their buffers are real.
@Suite(.serialized) struct SocketAbuseTests {
    private static let hello = HandPeer.frame(.hello, Hello(versions: [1]).serialized())

    @Test("Without HELLO a connection ends after its time")
    func silentAfterTLS() async throws {
        var configuration = RPCServerConfiguration.patient
        // It is the limit of the client that behaves, too.
        configuration.liveness.hello = .seconds(4)
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let peer = try await TLSPeer(port: server.port)
                #expect(try await peer.end().goAway?.reason == .timeout)
                #expect(try await client.echoes())
            }
            #expect(server.ended("TIMEOUT") == 1)
            let lines = server.log.lines("the client broke the protocol")
            #expect(lines.map(\.reason) == ["TIMEOUT"])
            #expect(lines.first?.metadata["rule"] == "1.6")
            #expect(lines.first?.metadata["remote"]?.contains("127.0.0.1") == true)
        }
    }

    @Test("A flood on TLS is ended, and its client learns why")
    func flood() async throws {
        try await WatchedServer.run { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let peer = try await TLSPeer(port: server.port)
                let pings = (0..<5_000).flatMap { HandPeer.frame(.ping, HandPeer.bytes($0)) }
                try? await peer.send(Self.hello + pings)
                #expect(try await peer.end().goAway?.reason == .controlFlood)
                try await server.expectServes(client)
            }
            #expect(server.ended("CONTROL_FLOOD") == 1)
        }
    }

    @Test("A stream that is not read ends the connection, and holds no more than buffers")
    func unreadStream() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.liveness.stalledWrite = .milliseconds(500)
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let peer = try await TLSPeer(port: server.port)
                try await peer.stopReading()
                var bytes = HandPeer.frame(
                    .hello,
                    Hello(versions: [1], limits: Limits(initialCreditBytes: 1 << 30)).serialized()
                )
                let request = EchoRepeatRequest(
                    payload: Array(repeating: 1, count: 16_000),
                    responseCount: 1_000_000
                )
                for slot in 1...64 as ClosedRange<UInt32> {
                    bytes += HandPeer.frame(
                        .call,
                        .end,
                        id: slot,
                        [0, 3, 0, 0, 0, 0] + request.serialized()
                    )
                }
                try await peer.send(bytes)
                try await waitUntil { server.ended("STALLED") == 1 }
                try await server.expectServes(client)
                try await waitUntil { server.openConnections == 1 }
                try await peer.close()
            }
            let lines = server.log.lines("the client broke the protocol")
            #expect(lines.map(\.reason) == ["STALLED"])
        }
    }

    // MARK: - Many connections

    @Test("Connections from one address beyond the burst are refused, and the others go on")
    func tooFast() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.admission.connectionBurstPerAddress = 50
        configuration.admission.connectionsPerSecondPerAddress = 1
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                let begin = ContinuousClock.now
                #expect(try await client.echoes())
                let connections = try await self.connect(300, server)
                #expect(try await client.echoes())
                // The burst, one for each second that it took, and one for a second's part.
                let most = 51 + (ContinuousClock.now - begin).components.seconds
                try await waitUntil { server.refused("TOO_FAST_FROM_ADDRESS") >= 301 - most }
                #expect(server.openSessions <= most)
                for connection in connections { try? await connection.close() }
                try await waitUntil { server.openSessions == 1 }
                #expect(try await client.echoes())
            }
            let lines = server.log.lines("no connection")
            #expect(lines.contains { $0.reason == "TOO_FAST_FROM_ADDRESS" })
            // Strangers do not fill the log.
            #expect(lines.count < 300)
        }
    }

    @Test("Connections at once from one address are bounded, and there is room when they are gone")
    func tooManyFromAddress() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.admission.maxConnectionsPerAddress = 20
        configuration.admission.connectionBurstPerAddress = 10_000
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                for round in 1...3 as ClosedRange<Int64> {
                    let connections = try await self.connect(200, server)
                    try await waitUntil {
                        server.refused("TOO_MANY_CONNECTIONS_FROM_ADDRESS") == 181 * round
                    }
                    #expect(server.openSessions <= 20)
                    #expect(try await client.echoes())
                    for connection in connections { try? await connection.close() }
                    try await waitUntil { server.openSessions == 1 }
                }
                try await server.expectServes(client)
            }
        }
    }

    @Test("Connections at once are bounded, whoever makes them")
    func tooMany() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.admission.maxConnections = 10
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let connections = try await self.connect(100, server)
                try await waitUntil { server.refused("TOO_MANY_CONNECTIONS") == 91 }
                #expect(server.openSessions <= 10)
                for connection in connections { try? await connection.close() }
                try await waitUntil { server.openSessions == 1 }
                try await server.expectServes(client)
            }
        }
    }

    @Test("Silent strangers from many addresses make room for who comes next, and are named")
    func silentStrangers() async throws {
        var configuration = Self.fewHandshakes
        configuration.tls.leastSilence = .nanoseconds(0)
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let connections = try await Self.strangers.mapAsync { number in
                    try await RawConnection(port: server.port, from: "127.0.0.\(2 + number % 100)")
                }
                try await waitUntil { server.refused("SILENT_DISPLACED") >= Self.refusals }
                #expect(server.openSessions <= Self.places + 1)
                for _ in 0..<3 { try await server.expectServes(client) }
                #expect(server.refused("TOO_MANY_HANDSHAKES") == 0)
                for connection in connections { try? await connection.close() }
            }
            let lines = server.log.lines("no connection")
            #expect(lines.contains { $0.reason == "SILENT_DISPLACED" })
            #expect(lines.first?.metadata["remote"]?.contains("127.0.0.") == true)
        }
    }

    @Test("Handshakes at once are bounded, and in a burst the next is refused at once")
    func handshakes() async throws {
        try await WatchedServer.run(configuration: Self.fewHandshakes) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                let connections = try await Self.strangers.mapAsync { _ in
                    let connection = try await RawConnection(port: server.port)
                    // The beginning of a record with a handshake message.
                    try? await connection.send([22, 3, 1])
                    return connection
                }
                // They are silent with so little, and make room when they were for some time.
                try await waitUntil {
                    server.refused("TOO_MANY_HANDSHAKES") + server.refused("SILENT_DISPLACED")
                        + server.refused("CLOSED_DURING_HANDSHAKE") >= Self.refusals
                }
                #expect(server.openSessions <= Self.places + 1)
                #expect(try await client.echoes())
                for connection in connections { try? await connection.close() }
                try await waitUntil { server.openSessions == 1 }
                try await server.expectServes(client)
            }
        }
    }

    /// With five places for handshakes on each event loop, and no limit by address.
    private static var fewHandshakes: RPCServerConfiguration {
        var configuration = RPCServerConfiguration.patient
        configuration.tls.maxHandshakesPerLoop = 5
        configuration.admission.connectionBurstPerAddress = 10_000
        configuration.admission.maxHandshakesPerAddress = 10_000
        return configuration
    }

    private static let places = 5 * System.coreCount
    /// Four times as many as there are places: the loops get the same number, one more or less.
    private static let strangers = 0..<4 * places
    private static let refusals = Int64(3 * places - System.coreCount)

    @Test("An address whose connections say nothing keeps no other out")
    func silentConnections() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.tls.maxHandshakesPerLoop = 20
        configuration.tls.handshakeTimeout = .seconds(30)
        configuration.admission.maxHandshakesPerAddress = 10
        try await WatchedServer.run(configuration: configuration) { server in
            let connections = try await self.connect(100, server, from: "127.0.0.2")
            try await waitUntil { server.refused("TOO_MANY_HANDSHAKES_FROM_ADDRESS") == 90 }
            #expect(server.openSessions == 10)
            for _ in 0..<20 {
                try await server.withClient { client async throws in
                    #expect(try await client.echoes())
                }
            }
            // Those that are done do not count.
            #expect(server.refused("TOO_MANY_HANDSHAKES") == 0)
            for connection in connections { try? await connection.close() }
            try await waitUntil { server.openSessions == 0 }
            // There is room again.
            for connection in try await self.connect(10, server, from: "127.0.0.2") {
                try await connection.close()
            }
            #expect(server.refused("TOO_MANY_HANDSHAKES_FROM_ADDRESS") == 90)
        }
    }

    /// Makes connections that say nothing.
    private func connect(
        _ count: Int,
        _ server: WatchedServer,
        from source: String = "127.0.0.1"
    ) async throws -> [RawConnection] {
        try await (0..<count).mapAsync { _ in
            try await RawConnection(port: server.port, from: source)
        }
    }
}
