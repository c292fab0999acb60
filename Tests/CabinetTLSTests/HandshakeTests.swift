import CabinetTLS
import NIOCore
import NIOEmbedded
import TLSTestSupport
import TestSupport
import Testing

@Suite struct HandshakeTests {
    @Test func bothSidesKnowEachOtherAndExchangeBytes() throws {
        let pair = try EmbeddedPair(makeServer(), makeClient())
        defer { pair.finish() }
        let written = pair.client.send("first flight")
        try pair.pump()
        try written.wait()
        #expect(pair.server.recorder.errors == [])
        #expect(pair.client.recorder.errors == [])
        #expect(pair.server.recorder.plaintext == Array("first flight".utf8))
        let identity = try #require(pair.server.recorder.handshake?.peer)
        #expect(identity.subject == #"CN=member\, one,O=Βουλή"#)
        #expect(identity.publicKeyFingerprint.bytes.count == 32)
        #expect(identity.notAfter == WallTime(secondsSince1970: 4_070_908_800))
        let digest = try run(
            "/bin/bash",
            [
                "-c",
                "openssl x509 -in client.pem -pubkey -noout | openssl pkey -pubin -outform der"
                    + " | sha256sum",
            ],
            in: PKI.shared.folder
        ).output
        #expect(digest.prefix(64) == "\(identity.publicKeyFingerprint)")
        #expect(pair.client.recorder.handshake?.peer.subject == "CN=server")
        #expect(pair.client.recorder.handshake?.isResumed == false)
        let suite = try #require(pair.client.recorder.handshake?.cipherSuite)
        #expect("\(suite)".hasPrefix("TLS_"))
        #expect(pair.server.recorder.handshake?.cipherSuite == suite)
        _ = pair.server.send("answer")
        try pair.pump()
        #expect(pair.client.recorder.plaintext == Array("answer".utf8))
    }

    @Test func anIntermediateAuthorityIsFollowed() throws {
        let pair = try EmbeddedPair(makeServer(), makeClient("deep"))
        defer { pair.finish() }
        try pair.pump()
        #expect(pair.server.recorder.handshake?.peer.subject == "CN=deep")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        let client: String
        let server: TLSError.Reason
        var crl: String?
        var clientTime: WallTime?
        var testDescription: String { "\(client) \(server)" }
    }

    @Test(arguments: [
        Refusal(client: "stranger", server: .untrusted),
        Refusal(client: "past", server: .expired, clientTime: PKI.then),
        Refusal(
            client: "future",
            server: .notYetValid,
            clientTime: WallTime(secondsSince1970: 4_050_000_000)
        ),
        Refusal(client: "client", server: .revoked, crl: "revoked.crl"),
        Refusal(client: "deep", server: .revocationUnknown, crl: "ca.crl"),
        Refusal(client: "deep", server: .revoked, crl: "bothrevoked.crl"),
    ])
    func aClientThatDoesNotHoldIsRefusedByName(_ refusal: Refusal) throws {
        let options = refusal.clientTime.map(at) ?? TLSContextOptions()
        let pair = try EmbeddedPair(
            makeServer(crl: refusal.crl),
            makeClient(refusal.client, options: options)
        )
        defer { pair.finish() }
        let written = pair.server.send("never")
        try pair.pump()
        #expect(pair.server.recorder.reason == refusal.server)
        #expect(pair.server.recorder.errors.count == 1)
        #expect(pair.server.recorder.handshake == nil)
        #expect(pair.client.recorder.reason == .peerAlert)
        #expect(throws: TLSError.self) { try written.wait() }
        #expect(!pair.server.channel.isActive)
    }

    @Test func aServerThatDoesNotHoldIsRefusedByName() throws {
        func reason(
            _ server: TLSServerContext,
            _ client: TLSClientContext,
            name: String = "localhost"
        ) throws -> TLSError? {
            let pair = try EmbeddedPair(server, client, serverName: name)
            defer { pair.finish() }
            try pair.pump()
            #expect(pair.client.recorder.handshake == nil)
            #expect(pair.server.recorder.handshake == nil)
            #expect(pair.server.recorder.errors.count == 1)
            return pair.client.recorder.errors.first
        }
        let strange = try reason(makeServer("strangeserver"), makeClient())
        #expect(strange?.reason == .untrusted)
        #expect(
            strange?.explanation == "the server's certificate (CN=strangeserver) is not signed by "
                + PKI.shared.path("ca.pem")
        )
        #expect(
            try reason(makeServer("pastserver", options: at(PKI.then)), makeClient())?.reason
                == .expired
        )
        #expect(try reason(makeServer(), makeClient(), name: "example.org")?.reason == .wrongHost)
        #expect(try reason(makeServer(), makeClient(), name: "127.0.0.2")?.reason == .wrongHost)
    }

    @Test func anAddressIsVerified() throws {
        let pair = try EmbeddedPair(makeServer(), makeClient(), serverName: "127.0.0.1")
        defer { pair.finish() }
        try pair.pump()
        #expect(pair.client.recorder.handshake != nil)
    }

    @Test(arguments: ["", "a b", "a\0.b", String(repeating: "a", count: 254)])
    func whatCanBeNoServerNameIsRefused(_ name: String) throws {
        let client = try makeClient()
        #expect(throws: TLSError.self) { try TLSHandler(client, serverName: name) }
    }

    @Test(arguments: ["GET / HTTP/1.1\r\n\r\n", "PRI * HTTP/2.0", "P"])
    func plainHTTPIsRecognised(_ text: String) throws {
        let loop = EmbeddedEventLoop()
        // Handlers leave a closed pipeline on a later tick.
        defer { loop.advanceTime(by: .seconds(10)) }
        let server = try EmbeddedEnd(TLSHandler(makeServer()), loop: loop)
        try server.channel.writeInbound(ByteBuffer(string: text))
        #expect(server.recorder.reason == .plainHTTP)
        #expect(!server.channel.isActive)
        #expect(try server.takeCiphertext().isEmpty)
    }

    @Test func aServerThatSpeaksHTTPIsRecognised() throws {
        let loop = EmbeddedEventLoop()
        // Handlers leave a closed pipeline on a later tick.
        defer { loop.advanceTime(by: .seconds(10)) }
        let client = try EmbeddedEnd(TLSHandler(makeClient(), serverName: "localhost"), loop: loop)
        try client.channel.writeInbound(ByteBuffer(string: "HTTP/1.1 400 Bad Request"))
        #expect(client.recorder.reason == .plainHTTP)
    }

    @Test func whatIsNotTLSIsNamedWithItsBytes() throws {
        let loop = EmbeddedEventLoop()
        // Handlers leave a closed pipeline on a later tick.
        defer { loop.advanceTime(by: .seconds(10)) }
        let server = try EmbeddedEnd(TLSHandler(makeServer()), loop: loop)
        try server.channel.writeInbound(ByteBuffer(bytes: [0, 0, 4, 0xff]))
        #expect(server.recorder.reason == .notTLS)
        #expect(server.recorder.errors.first?.explanation.contains("00 00 04 ff") == true)
    }

    @Test func aHandshakeThatTakesTooLongIsEnded() throws {
        let loop = EmbeddedEventLoop()
        // Handlers leave a closed pipeline on a later tick.
        defer { loop.advanceTime(by: .seconds(10)) }
        let server = try EmbeddedEnd(TLSHandler(makeServer()), loop: loop)
        loop.advanceTime(by: .milliseconds(4_999))
        #expect(server.channel.isActive)
        loop.advanceTime(by: .milliseconds(1))
        #expect(server.recorder.reason == .handshakeTimeout)
        #expect(!server.channel.isActive)
    }

    @Test func handshakesOnALoopAreLimitedAndTheirPlacesGivenBack() throws {
        try withPlaces(2) { places in
            let first = try places.connect(Self.hello())
            _ = try places.connect(Self.hello())
            places.loop.advanceTime(by: .seconds(1))
            let third = try places.connect(Self.hello())
            #expect(third.recorder.reason == .tooManyHandshakes)
            #expect(!third.channel.isActive)
            first.channel.close(promise: nil)
            #expect(try places.connect(Self.hello()).recorder.reason == nil)
            #expect(try places.connect(Self.hello()).recorder.reason == .tooManyHandshakes)
        }
    }

    @Test func theOldestSilentHandshakeMakesRoomForTheNextAndNoneThatHasBegun() throws {
        try withPlaces(3) { places in
            let begun = try places.connect(Self.hello())
            let silent = try [places.connect(), places.connect()]
            places.loop.advanceTime(by: .milliseconds(200))
            let third = try places.connect()
            #expect(silent.map(\.recorder.reason) == [.silentDisplaced, nil])
            #expect(!silent[0].channel.isActive)
            _ = try places.connect(Self.hello())
            #expect(silent[1].recorder.reason == .silentDisplaced)
            // It speaks in time.
            places.loop.advanceTime(by: .milliseconds(200))
            try third.channel.writeInbound(Self.hello())
            let late = try places.connect()
            #expect(late.recorder.reason == .tooManyHandshakes)
            for end in [begun, third] {
                #expect(end.recorder.reason == nil)
                #expect(end.channel.isActive)
            }
        }
    }

    @Test func aHandshakeWhoseBytesMayLieUnreadIsNotDisplaced() throws {
        try withPlaces(2) { places in
            let older = try places.connect()
            places.loop.advanceTime(by: .milliseconds(100))
            let newer = try places.connect()
            places.loop.advanceTime(by: .milliseconds(99))
            #expect(try places.connect().recorder.reason == .tooManyHandshakes)
            #expect(older.recorder.reason == nil)
            places.loop.advanceTime(by: .milliseconds(1))
            #expect(try places.connect().recorder.reason == nil)
            #expect(older.recorder.reason == .silentDisplaced)
            #expect(try places.connect().recorder.reason == .tooManyHandshakes)
            #expect(newer.recorder.reason == nil)
        }
    }

    @Test func aPartOfAHelloSaysNothing() throws {
        let hello = try Self.hello()
        for byteCount in [1, 5, hello.readableBytes - 1] {
            try withPlaces(1) { places in
                let part = try #require(hello.getSlice(at: 0, length: byteCount))
                let end = try places.connect(part)
                places.loop.advanceTime(by: .milliseconds(200))
                #expect(try places.connect().recorder.reason == nil)
                #expect(end.recorder.reason == .silentDisplaced)
            }
        }
    }

    @Test func aSilentHandshakeThatWasClosedIsNotDisplacedLater() throws {
        try withPlaces(1) { places in
            try places.connect().channel.close().wait()
            _ = try places.connect(Self.hello())
            places.loop.advanceTime(by: .milliseconds(200))
            #expect(try places.connect().recorder.reason == .tooManyHandshakes)
        }
    }

    /// What a client says first.
    private static func hello() throws -> ByteBuffer {
        let loop = EmbeddedEventLoop()
        let client = try EmbeddedEnd(
            TLSHandler(makeClient(), serverName: "localhost"),
            loop: loop
        )
        defer {
            client.channel.close(promise: nil)
            loop.advanceTime(by: .seconds(10))
        }
        var hello = ByteBuffer()
        for var buffer in try client.takeCiphertext() { hello.writeBuffer(&buffer) }
        return hello
    }

    /// A server's event loop that has places for so many handshakes.
    private final class Places {
        let loop = EmbeddedEventLoop()
        private let context: TLSServerContext
        private var limits = TLSLimits()
        private var ends: [EmbeddedEnd] = []

        init(_ count: Int) throws {
            context = try makeServer()
            limits.maxHandshakesPerLoop = count
        }

        /// The server's end of a connection of which `bytes` have come.
        func connect(_ bytes: ByteBuffer? = nil) throws -> EmbeddedEnd {
            let end = try EmbeddedEnd(TLSHandler(context, limits: limits), loop: loop)
            ends.append(end)
            if let bytes, end.channel.isActive { try end.channel.writeInbound(bytes) }
            return end
        }

        func finish() {
            for end in ends { end.channel.close(promise: nil) }
            // Handlers leave a closed pipeline on a later tick.
            loop.advanceTime(by: .seconds(10))
        }
    }

    private func withPlaces(_ count: Int, _ body: (Places) throws -> Void) throws {
        let places = try Places(count)
        defer { places.finish() }
        try body(places)
    }

    @Test func aHandshakeThatIsCutOffAtAnyByteIsNamed() throws {
        let server = try makeServer()
        let client = try makeClient()
        // One handshake in whole tells how long the flights are.
        let measure = try EmbeddedPair(server, client)
        let hello = try measure.client.takeCiphertext().map(\.readableBytes).reduce(0, +)
        measure.finish()
        for cut in 0..<hello {
            let pair = try EmbeddedPair(server, client)
            defer { pair.finish() }
            var flight = ByteBuffer()
            for var buffer in try pair.client.takeCiphertext() { flight.writeBuffer(&buffer) }
            let part = try #require(flight.getSlice(at: 0, length: min(cut, flight.readableBytes)))
            try pair.server.channel.writeInbound(part)
            pair.server.breakOff()
            #expect(pair.server.recorder.errors.map(\.reason) == [.closedDuringHandshake])
        }
    }

    @Test func theServersFlightCutOffAtAnyByteIsNamed() throws {
        let server = try makeServer()
        let client = try makeClient()
        var cut = 0
        while true {
            let pair = try EmbeddedPair(server, client)
            defer { pair.finish() }
            for buffer in try pair.client.takeCiphertext() {
                try pair.server.channel.writeInbound(buffer)
            }
            var flight = ByteBuffer()
            for var buffer in try pair.server.takeCiphertext() { flight.writeBuffer(&buffer) }
            guard cut < flight.readableBytes else { break }
            let part = try #require(flight.getSlice(at: 0, length: cut))
            try pair.client.channel.writeInbound(part)
            pair.client.breakOff()
            #expect(pair.client.recorder.errors.map(\.reason) == [.closedDuringHandshake])
            // Single bytes at the edges, and steps within.
            cut += cut < 200 ? 1 : 7
        }
        #expect(cut > 500)
    }

    @Test func theClientsSecondFlightCutOffAtAnyByteIsNamed() throws {
        let server = try makeServer()
        let client = try makeClient()
        var cut = 0
        while true {
            let pair = try EmbeddedPair(server, client)
            defer { pair.finish() }
            for (from, to) in [(pair.client, pair.server), (pair.server, pair.client)] {
                for buffer in try from.takeCiphertext() { try to.channel.writeInbound(buffer) }
            }
            var flight = ByteBuffer()
            for var buffer in try pair.client.takeCiphertext() { flight.writeBuffer(&buffer) }
            guard cut < flight.readableBytes else { break }
            let part = try #require(flight.getSlice(at: 0, length: cut))
            try pair.server.channel.writeInbound(part)
            pair.server.breakOff()
            #expect(pair.server.recorder.errors.map(\.reason) == [.closedDuringHandshake])
            #expect(pair.server.recorder.handshake == nil)
            cut += cut < 200 ? 1 : 7
        }
        #expect(cut > 500)
    }

    @Test func garbageAtEveryStageIsOneError() throws {
        let server = try makeServer()
        let client = try makeClient()
        let seed = UInt64.random(in: 0 ... .max)
        print("garbageAtEveryStageIsOneError: seed \(seed)")
        var random = SplitMix64(state: seed)
        for round in 0..<200 {
            let pair = try EmbeddedPair(server, client)
            defer { pair.finish() }
            for flight in 0..<(round % 4) {
                let (from, to) =
                    flight % 2 == 0 ? (pair.client, pair.server) : (pair.server, pair.client)
                for buffer in try from.takeCiphertext() { try to.channel.writeInbound(buffer) }
            }
            let end = round % 2 == 0 ? pair.server : pair.client
            var bytes = (0..<Int.random(in: 1...40_000, using: &random)).map { _ in
                UInt8.random(in: 0...255, using: &random)
            }
            // Half of it looks like a record.
            if round % 8 < 4 { bytes.insert(contentsOf: [22, 3, 3, 0x10, 0], at: 0) }
            try end.channel.writeInbound(ByteBuffer(bytes: bytes))
            pair.loop.advanceTime(by: .seconds(6))
            #expect(end.recorder.errors.count == 1)
            #expect(!end.channel.isActive)
            #expect(end.recorder.plaintext.isEmpty)
        }
    }

    @Test func changedBytesInAHandshakeDoNoHarm() throws {
        let server = try makeServer()
        let client = try makeClient()
        let seed = UInt64.random(in: 0 ... .max)
        print("changedBytesInAHandshakeDoNoHarm: seed \(seed)")
        var random = SplitMix64(state: seed)
        for _ in 0..<300 {
            let pair = try EmbeddedPair(server, client)
            defer { pair.finish() }
            for round in 0..<4 {
                let (from, to) =
                    round % 2 == 0 ? (pair.client, pair.server) : (pair.server, pair.client)
                for var buffer in try from.takeCiphertext() {
                    if Int.random(in: 0..<3, using: &random) == 0 {
                        let index = Int.random(in: 0..<buffer.readableBytes, using: &random)
                        buffer.setInteger(
                            UInt8.random(in: 0...255, using: &random),
                            at: buffer.readerIndex + index
                        )
                    }
                    if to.channel.isActive { _ = try? to.channel.writeInbound(buffer) }
                }
            }
            #expect(pair.server.recorder.errors.count <= 1)
            #expect(pair.client.recorder.errors.count <= 1)
        }
    }
}
