import CabinetAPI
import CabinetCodec
import CabinetLocks
import CabinetRPC
import CabinetTLS
import CabinetWire
import Logging
import NIOCore
import TLSTestSupport
import Testing

/// Files that are read again while the server runs.
@Suite(.serialized) struct ReloadTests {
    private static let valid = PKI.shared.files("server", crl: "ca.crl")
    private static let revoked = PKI.shared.files("server", crl: "revoked.crl")

    @Test("A reload returns when the connections of a revoked certificate are cut, and no others")
    func revocation() async throws {
        try await WatchedServer.run(Self.valid) { server in
            var configuration = RPCClientConfiguration().patient
            configuration.retry.maxAttempts = 1
            let member = try server.client(configuration: configuration)
            let sibling = try server.client(configuration: configuration)
            let other = try server.client("client2")
            // Calls that would go on for a minute.
            let calls = [member, sibling].map { client in
                Task { try await DiagnosticsService.Client(client).sleep(.init(sleepMs: 60_000)) }
            }
            let turns = AsyncStream.makeStream(of: Void.self)
            let stream = try await DiagnosticsService.Client(other).echoStream { requests in
                for await _ in turns.stream { try await requests.write(.init(payload: [1])) }
            }
            var responses = stream.makeAsyncIterator()
            turns.continuation.yield()
            #expect(try await responses.next() != nil)
            try await waitUntil { server.openConnections == 3 }
            for client in [member, sibling] { #expect(try await client.echoes()) }

            try await server.server.reload(Self.revoked)
            #expect(server.ended("REVOKED") == 2)
            for call in calls {
                let error = await #expect(throws: RPCError.self) { try await call.value }
                #expect(error?.message.contains("has been revoked") == true, "\(error as Any)")
                #expect(error?.isNotProcessed == false)
            }

            // The other goes on, with the call that was under way and with new ones.
            turns.continuation.yield()
            #expect(try await responses.next() != nil)
            turns.continuation.finish()
            #expect(try await responses.next() == nil)
            try await server.expectServes(other)

            // The one who is revoked does not come back, not by resumption either.
            for client in [member, sibling, try server.client()] {
                let error = await #expect(throws: RPCError.self) { try await client.connect() }
                #expect(error?.details.first?.reason == "TLS_PEER_ALERT", "\(error as Any)")
                #expect(error?.message.contains("«certificate revoked»") == true)
                await client.close()
            }
            await other.close()

            let ended = server.log.lines("ended the connections of a client")
            #expect(ended.count == 1)
            #expect(ended.first?.level == .notice)
            #expect(ended.first?.reason == "REVOKED")
            #expect(ended.first?.metadata["subject"] == #"CN=member\, one,O=Βουλή"#)
            #expect(server.ended("REVOKED") == 2)
            #expect(server.refused("REVOKED") == 3)
        }
    }

    @Test("A revoked client that does not close is closed")
    func revokedAndDeaf() async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.tls.closeTimeout = .milliseconds(100)
        try await WatchedServer.run(Self.valid, configuration: configuration) { server in
            let peer = try await TLSPeer(port: server.port)
            try await peer.send(HandPeer.frame(.hello, Hello(versions: [1]).serialized()))
            try await peer.stopReading()
            try await waitUntil { server.openConnections == 1 }
            try await server.server.reload(Self.revoked)
            try await waitUntil { server.openConnections == 0 && server.openSessions == 0 }
            try await peer.close()
        }
    }

    @Test("A list that takes a revocation back lets the client in again")
    func pardon() async throws {
        try await WatchedServer.run(Self.revoked) { server in
            try await server.withClient { client in
                await #expect(throws: RPCError.self) { try await client.connect() }
                try await server.server.reload(Self.valid)
                #expect(try await client.echoes())
            }
        }
    }

    @Test("Who is refused by the application goes, and does not come back")
    func refusal() async throws {
        let refused = Guarded<Set<String>>([])
        var configuration = RPCServerConfiguration.patient
        configuration.refusal = { peer in
            refused.withLock { $0.contains(peer.subject) } ? "the directory has suspended you" : nil
        }
        try await WatchedServer.run(configuration: configuration) { server in
            var patient = RPCClientConfiguration().patient
            patient.retry.maxAttempts = 1
            let member = try server.client(configuration: patient)
            let other = try server.client("client2")
            #expect(try await member.echoes())
            #expect(try await other.echoes())
            refused.withLock { _ = $0.insert(#"CN=member\, one,O=Βουλή"#) }
            await server.server.review()
            try await waitUntil { server.openConnections == 1 }
            let error = await #expect(throws: RPCError.self) { try await member.echoes() }
            #expect(error?.message.contains("the directory has suspended you") == true)
            #expect(try await other.echoes())
            #expect(
                server.log.lines("ended the connections of a client").map(\.reason) == ["REFUSED"]
            )
            #expect(server.log.lines("no connection").map(\.reason).contains("REFUSED"))
            // And is let in again where that is over.
            refused.withLock { $0 = [] }
            try await waitUntil { (try? await member.echoes()) == true }
            await member.close()
            await other.close()
        }
    }

    @Test("A certificate that expires ends its connections when the server looks again")
    func expiry() async throws {
        let clock = WallClock(PKI.then)
        try await WatchedServer.run(PKI.shared.files("server"), options: clock.options) { server in
            let past = try server.client("past", options: clock.options)
            let other = try server.client("client2")
            #expect(try await past.echoes())
            #expect(try await other.echoes())
            clock.set(.now)
            await server.server.review()
            try await waitUntil { server.openConnections == 1 }
            #expect(try await other.echoes())
            #expect(
                server.log.lines("ended the connections of a client").map(\.reason) == ["EXPIRED"]
            )
            await past.close()
            await other.close()
        }
    }

    @Test("A new certificate is for new connections, and the open ones stay")
    func renewal() async throws {
        try await WatchedServer.run { server in
            try await server.withClient { before in
                #expect(try await before.connect().subject == "CN=server")
                try await server.server.reload(PKI.shared.files("server2"))
                try await server.withClient("client2") { after async throws in
                    #expect(try await after.connect().subject == "CN=server2")
                    #expect(try await after.echoes())
                }
                #expect(try await before.echoes())
                #expect(try await before.connect().subject == "CN=server")
            }
            #expect(server.log.lines("certificates and revocation lists reloaded").count == 1)
            #expect(server.log.lines("ended the connections of a client").isEmpty)
        }
    }

    @Test(
        "A reload that fails says which file is wrong, and changes nothing",
        arguments: [
            ("server2", "ca.pem", "nothing.pem", "nothing.pem", "NO_PEM"),
            ("server2", "ca.pem", "other.crl", "other.crl", "REVOCATION_LIST_MISSING"),
            ("server2", "broken.pem", nil, "broken.pem", "MALFORMED"),
            ("absent", "ca.pem", nil, "absent.pem", "UNREADABLE"),
            ("pastserver", "ca.pem", nil, "pastserver.pem", "EXPIRED"),
            ("client", "ca.pem", nil, "client.pem", "WRONG_PURPOSE"),
        ] as [(String, String, String?, String, String)]
    )
    func badFile(
        _ name: String,
        _ ca: String,
        _ crl: String?,
        _ file: String,
        _ reason: String
    ) async throws {
        try await WatchedServer.run(Self.revoked) { server in
            try await server.withClient("client2") { before in
                #expect(try await before.echoes())
                let error = await #expect(throws: TLSConfigurationError.self) {
                    try await server.server.reload(PKI.shared.files(name, ca: ca, crl: crl))
                }
                #expect(error?.file == PKI.shared.path(file))
                #expect(error?.reason.rawValue == reason)
                #expect(try await before.echoes())
                try await server.withClient("client2") { after async throws in
                    #expect(try await after.connect().subject == "CN=server")
                }
                // The list is still that of before.
                try await server.withClient { member in
                    await #expect(throws: RPCError.self) { try await member.connect() }
                }
            }
        }
    }
}
