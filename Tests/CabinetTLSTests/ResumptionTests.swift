import CabinetTLS
import NIOCore
import NIOEmbedded
import TLSTestSupport
import Testing

@Suite struct ResumptionTests {
    /// Connects once and says whether a session was resumed; `nil` for a refused client.
    private func connect(_ server: TLSServerContext, _ client: TLSClientContext) throws -> Bool? {
        let pair = try EmbeddedPair(server, client)
        try pair.pump()
        let resumed = pair.server.recorder.handshake?.isResumed
        if resumed != nil {
            #expect(pair.client.recorder.handshake?.isResumed == resumed)
        }
        pair.client.channel.close(promise: nil)
        try pair.pump()
        pair.finish()
        return resumed
    }

    @Test func aSessionIsResumedWithTheSameIdentity() throws {
        let server = try makeServer(crl: "ca.crl")
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        #expect(try connect(server, client) == true)
        #expect(try connect(server, client) == true)
        let pair = try EmbeddedPair(server, client)
        defer { pair.finish() }
        try pair.pump()
        let completed = try #require(pair.server.recorder.handshake)
        #expect(completed.isResumed)
        #expect(completed.peer.subject == #"CN=member\, one,O=Βουλή"#)
        #expect(server.verdict(on: completed.peer) == .valid)
    }

    @Test func anAbruptEndDoesNotCostTheSession() throws {
        let server = try makeServer()
        let client = try makeClient()
        let pair = try EmbeddedPair(server, client)
        try pair.pump()
        pair.client.breakOff()
        pair.server.breakOff()
        pair.finish()
        #expect(try connect(server, client) == true)
    }

    @Test func aServerThatSaysNothingDoesNotCostTheSession() throws {
        let server = try makeServer()
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        var full = TLSLimits()
        full.maxHandshakesPerLoop = 0
        for _ in 0..<3 {
            let pair = try EmbeddedPair(server, client, serverLimits: full)
            try pair.pump()
            #expect(pair.client.recorder.handshake == nil)
            pair.finish()
        }
        #expect(try connect(server, client) == true)
    }

    @Test func aSessionThatTheServerHasAnsweredIsNotOfferedAgain() throws {
        let server = try makeServer()
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        let pair = try EmbeddedPair(server, client)
        pair.loop.run()
        for buffer in try pair.client.takeCiphertext() {
            try pair.server.channel.writeInbound(buffer)
        }
        let answer = try #require(try pair.server.takeCiphertext().first)
        try pair.client.channel.writeInbound(answer.getSlice(at: 0, length: 100))
        pair.client.breakOff()
        pair.server.breakOff()
        pair.finish()
        #expect(try connect(server, client) == false)
    }

    @Test func aSessionWithAnIntermediateAuthorityIsResumed() throws {
        let server = try makeServer(crl: "both.crl")
        let client = try makeClient("deep")
        #expect(try connect(server, client) == false)
        let pair = try EmbeddedPair(server, client)
        defer { pair.finish() }
        try pair.pump()
        let completed = try #require(pair.server.recorder.handshake)
        #expect(completed.isResumed)
        #expect(server.verdict(on: completed.peer) == .valid)
        try server.reload(PKI.shared.files("server", crl: "bothrevoked.crl"))
        guard case .refused(let error) = server.verdict(on: completed.peer) else {
            Issue.record("a revoked identity is valid")
            return
        }
        #expect(error.reason == .revoked)
    }

    @Test func aTicketIsRefusedWhenItsKeyIsForgotten() throws {
        let clock = TestClock()
        var options = clock.options
        options.ticketKeySeconds = 100
        let server = try makeServer(options: options)
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        clock.advance(bySeconds: 150)
        #expect(try connect(server, client) == true)
        clock.advance(bySeconds: 250)
        #expect(try connect(server, client) == false)
        #expect(try connect(server, client) == true)
    }

    @Test func whoResumesAgainAndAgainProvesTheKeyAnewInTime() throws {
        let clock = TestClock()
        var options = clock.options
        options.ticketKeySeconds = 100
        let server = try makeServer(options: options)
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        // Each of these gets a ticket of the current key, and none is older than 50 seconds.
        for _ in 0..<3 {
            clock.advance(bySeconds: 50)
            #expect(try connect(server, client) == true)
        }
        clock.advance(bySeconds: 50)
        #expect(try connect(server, client) == false)
        clock.advance(bySeconds: 50)
        #expect(try connect(server, client) == true)
    }

    @Test func aClockThatIsSetBackCostsTheTickets() throws {
        let clock = TestClock()
        let server = try makeServer(options: clock.options)
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        clock.advance(bySeconds: -10)
        #expect(try connect(server, client) == false)
    }

    @Test func aTicketIsRefusedWhenTheServersCertificateChanges() throws {
        let server = try makeServer()
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        try server.reload(PKI.shared.files("server2"))
        #expect(try connect(server, client) == false)
    }

    @Test func aClientWithANewCertificateDoesNotResume() throws {
        let server = try makeServer()
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        try client.reload(PKI.shared.files("client2"))
        #expect(try connect(server, client) == false)
    }

    @Test func aNewListWithoutTheClientKeepsItsSession() throws {
        let server = try makeServer(crl: "ca.crl")
        let client = try makeClient("client2")
        #expect(try connect(server, client) == false)
        try server.reload(PKI.shared.files("server", crl: "revoked.crl"))
        #expect(try connect(server, client) == true)
    }

    @Test func aRevokedClientNeitherResumesNorConnects() throws {
        let server = try makeServer(crl: "ca.crl")
        let client = try makeClient()
        #expect(try connect(server, client) == false)
        try server.reload(PKI.shared.files("server", crl: "revoked.crl"))
        #expect(try connect(server, client) == nil)
    }

    @Test func aSessionEndsWithTheCertificate() throws {
        // The certificate of `past` ends at midnight, twelve hours after `then`.
        let clock = TestClock(PKI.then)
        var options = clock.options
        options.ticketKeySeconds = TLSContextOptions.maxTicketKeySeconds
        let server = try makeServer(options: options)
        let client = try makeClient("past", options: clock.options)
        #expect(try connect(server, client) == false)
        #expect(try connect(server, client) == true)
        clock.advance(bySeconds: 12 * 3_600 + 1)
        #expect(try connect(server, client) == nil)
    }

    @Test func anotherServersTicketsAreWorthless() throws {
        let client = try makeClient()
        #expect(try connect(makeServer(), client) == false)
        #expect(try connect(makeServer(), client) == false)
    }
}

@Suite struct ReloadTests {
    @Test func openConnectionsOfARevokedCertificateAreFound() throws {
        let server = try makeServer(crl: "ca.crl")
        let pair = try EmbeddedPair(server, makeClient())
        defer { pair.finish() }
        try pair.pump()
        let peer = try #require(pair.server.recorder.handshake?.peer)
        #expect(server.verdict(on: peer) == .valid)
        try server.reload(PKI.shared.files("server", crl: "revoked.crl"))
        guard case .refused(let error) = server.verdict(on: peer) else {
            Issue.record("a revoked identity is valid")
            return
        }
        #expect(error.reason == .revoked)
        // It stays open, for its owner to end it.
        _ = pair.client.send("still here")
        try pair.pump()
        #expect(pair.server.recorder.plaintext == Array("still here".utf8))
    }

    @Test func aListThatArrivesDuringAHandshakeCounts() throws {
        let server = try makeServer(crl: "ca.crl")
        let pair = try EmbeddedPair(server, makeClient())
        defer { pair.finish() }
        for buffer in try pair.client.takeCiphertext() {
            try pair.server.channel.writeInbound(buffer)
        }
        try server.reload(PKI.shared.files("server", crl: "revoked.crl"))
        try pair.pump()
        #expect(pair.server.recorder.handshake == nil)
        #expect(pair.server.recorder.reason == .revoked)
        // The client took the handshake for done, and is told that the server closes: a socket that is
        // closed over what the client has sent would look like a fault of the network.
        #expect(pair.client.recorder.isInputClosed)
        #expect(pair.client.recorder.errors.isEmpty)
    }

    @Test func aMistakeInAReloadChangesNothing() throws {
        let server = try makeServer()
        #expect(throws: TLSConfigurationError.self) {
            try server.reload(PKI.shared.files("missing"))
        }
        let pair = try EmbeddedPair(server, makeClient())
        defer { pair.finish() }
        try pair.pump()
        #expect(pair.server.recorder.handshake != nil)
    }
}
