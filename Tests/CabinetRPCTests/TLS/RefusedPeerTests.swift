import CabinetRPC
import CabinetTLS
import Logging
import NIOCore
import TLSTestSupport
import TestSupport
import Testing

/// Those whom a server does not let in: each is named in one line of the log, is told as much as TLS
/// has words for, leaves nothing behind, and is not noticed by others.
@Suite(.serialized) struct RefusedPeerTests {
    /// Finds that `attack` is refused for a reason, and costs nobody anything.
    private func expectRefusal(
        _ reason: String,
        _ explanation: String,
        _ files: TLSFiles = PKI.shared.files("server"),
        count: Int = 1,
        _ configuration: RPCServerConfiguration = .patient,
        sourceLocation: SourceLocation = #_sourceLocation,
        _ attack: (WatchedServer) async throws -> Void
    ) async throws {
        try await WatchedServer.run(files, configuration: configuration) { server in
            try await server.withClient("client2") { client in
                #expect(try await client.echoes())
                try await attack(server)
                try await server.expectServes(client)
                try await waitUntil { server.log.lines("no connection").count == count }
            }
            for line in server.log.lines("no connection") {
                #expect(line.level == .notice, sourceLocation: sourceLocation)
                #expect(line.reason == reason, sourceLocation: sourceLocation)
                #expect(
                    line.metadata["explanation"]?.contains(explanation) == true,
                    "\(line)",
                    sourceLocation: sourceLocation
                )
                #expect(
                    line.metadata["remote"]?.contains("127.0.0.1") == true,
                    "\(line)",
                    sourceLocation: sourceLocation
                )
            }
            #expect(server.refused(reason) == count, sourceLocation: sourceLocation)
        }
    }

    // MARK: - Certificates

    struct Certificate: Sendable, CustomTestStringConvertible {
        let name: String
        var crl: String?
        var isOfThePast = false
        let reason: String
        let explanation: String
        /// What TLS tells the client.
        let alert: String
        var testDescription: String { "\(name): \(reason)" }
    }

    @Test(
        "A certificate that does not hold is refused, and its owner told why",
        arguments: [
            Certificate(
                name: "stranger",
                reason: "UNTRUSTED",
                explanation: "the client's certificate (CN=stranger) is not signed by",
                alert: "«unknown CA»"
            ),
            Certificate(
                name: "past",
                isOfThePast: true,
                reason: "EXPIRED",
                explanation: "the client's certificate (CN=past) has expired",
                alert: "«certificate expired»"
            ),
            Certificate(
                name: "client",
                crl: "revoked.crl",
                reason: "REVOKED",
                explanation: "member\\, one,O=Βουλή) has been revoked",
                alert: "«certificate revoked»"
            ),
        ]
    )
    func certificate(_ certificate: Certificate) async throws {
        try await expectRefusal(
            certificate.reason,
            certificate.explanation,
            PKI.shared.files("server", crl: certificate.crl)
        ) { server in
            let options = certificate.isOfThePast ? TLSContextOptions.then : TLSContextOptions()
            try await server.withClient(certificate.name, options: options) { client in
                let error = await #expect(throws: RPCError.self) { try await client.connect() }
                #expect(error?.message.contains(certificate.alert) == true, "\(error as Any)")
            }
        }
    }

    // MARK: - Other TLS than ours

    @Test("Without a certificate there is no connection")
    func noCertificate() async throws {
        try await expectRefusal("NO_CERTIFICATE", "the client has no certificate") { server in
            let output = try OpenSSL.client(server.port, ["-alpn", "cabinet/1"])
            #expect(output.contains("alert certificate required"), "\(output)")
        }
    }

    @Test("Without our protocol there is no connection", arguments: [[], ["-alpn", "h2"]])
    func noProtocol(_ arguments: [String]) async throws {
        try await expectRefusal("NO_COMMON_PROTOCOL", "does not offer the protocol cabinet/1") {
            server in
            let output = try OpenSSL.client(server.port, OpenSSL.certificate + arguments)
            #expect(output.contains("alert no application protocol"), "\(output)")
        }
    }

    @Test("Before TLS 1.3 there is no connection", arguments: ["-tls1", "-tls1_1", "-tls1_2"])
    func oldVersion(_ version: String) async throws {
        try await expectRefusal("UNSUPPORTED_VERSION", "the client does not have TLS 1.3") {
            server in
            let output = try OpenSSL.client(
                server.port,
                // Without the lower security level openssl would not even ask.
                OpenSSL.certificate + [
                    "-alpn", "cabinet/1", version, "-cipher", "ALL:@SECLEVEL=0",
                ]
            )
            #expect(output.contains("alert protocol version"), "\(output)")
        }
    }

    @Test("openssl s_client is let in with TLS 1.3, our protocol and a certificate")
    func openSSL() async throws {
        try await WatchedServer.run { server in
            let output = try OpenSSL.client(
                server.port,
                OpenSSL.certificate
                    + ["-alpn", "cabinet/1", "-tls1_3", "-verify_return_error", "-showcerts"],
                waitsForServer: false
            )
            #expect(output.contains("New, TLSv1.3, Cipher is TLS_"), "\(output)")
            #expect(output.contains("ALPN protocol: cabinet/1"), "\(output)")
            // Its own certificate: the authority's the client has.
            #expect(output.split(separator: "-----BEGIN CERTIFICATE-----").count == 2)
            #expect(server.log.lines("no connection").isEmpty)
        }
    }

    @Test("sslscan finds no version before TLS 1.3", .enabled(if: SSLScan.isInstalled))
    func sslscan() async throws {
        try await WatchedServer.run { server in
            let versions = try SSLScan.versions(of: server.port)
            #expect(versions["TLSv1.2"] == "disabled")
            #expect(!versions.isEmpty)
            #expect(versions.allSatisfy { $0.key == "TLSv1.3" || $0.value == "disabled" })
            try await server.withClient { client async throws in
                #expect(try await client.echoes())
            }
        }
    }

    // MARK: - No TLS at all

    @Test(
        "HTTP that is sent to the port is recognised",
        arguments: ["GET / HTTP/1.1\r\nHost: vote\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"]
    )
    func plainHTTP(_ request: String) async throws {
        try await expectRefusal("PLAIN_HTTP", "speaks HTTP without TLS") { server in
            let connection = try await RawConnection(port: server.port)
            try await connection.send(Array(request.utf8))
            #expect(try await connection.end() == [])
        }
    }

    @Test("A CWP/1 HELLO without TLS is no TLS")
    func helloWithoutTLS() async throws {
        try await expectRefusal("NOT_TLS", "its first bytes are 00 00 02 01") { server in
            let connection = try await RawConnection(port: server.port)
            try await connection.send([0, 0, 2, 1, 0, 0, 0, 0, 8, 1])
            #expect(try await connection.end() == [])
        }
    }

    @Test("Garbage ends the connection, whatever it is")
    func garbage() async throws {
        var configuration = RPCServerConfiguration.patient
        // Some of it looks like the beginning of a long record.
        configuration.tls.handshakeTimeout = .seconds(2)
        configuration.tls.closeTimeout = .milliseconds(50)
        var random = Seed.generator(3)
        let garbage = (0..<60).map { round in
            let bytes = random.bytes(Int.random(in: 1...2_000, using: &random))
            return switch round % 3 {
            case 0: bytes
            case 1: [22] + bytes
            // A record with a handshake message, of garbage.
            default: [22, 3, 1, 0, 200, 1, 0, 0, 196, 3, 3] + random.bytes(194)
            }
        }
        try await WatchedServer.run(configuration: configuration) { server in
            try await server.withClient { client in
                #expect(try await client.echoes())
                try await withThrowingTaskGroup { group in
                    for bytes in garbage {
                        group.addTask {
                            let connection = try await RawConnection(port: server.port)
                            try? await connection.send(bytes)
                            _ = try await connection.end()
                        }
                    }
                    try await group.waitForAll()
                }
                try await server.expectServes(client)
            }
            try await waitUntil {
                let reasons = [
                    "NOT_TLS", "PLAIN_HTTP", "PROTOCOL_ERROR", "HANDSHAKE_TIMEOUT",
                    "UNSUPPORTED_VERSION", "PEER_ALERT", "NO_COMMON_PROTOCOL",
                ]
                return reasons.reduce(0) { $0 + server.refused($1) } == 60
            }
            let lines = server.log.lines("no connection")
            #expect(server.refused("NOT_TLS") > 0)
            #expect(server.refused("PROTOCOL_ERROR") > 0)
            // Strangers do not fill the log.
            #expect(lines.count < 60)
        }
    }

    // MARK: - Those who say nothing more

    @Test("Who leaves in the handshake is named")
    func leaving() async throws {
        try await expectRefusal("CLOSED_DURING_HANDSHAKE", "closed the connection") { server in
            let connection = try await RawConnection(port: server.port)
            try await connection.send([22, 3, 1, 0, 200, 1, 0])
            try await connection.close()
        }
    }

    @Test(
        "A handshake that does not go on is ended after its time",
        arguments: [[], [22, 3, 1, 0, 200, 1, 0]] as [[UInt8]]
    )
    func slowHandshake(_ beginning: [UInt8]) async throws {
        var configuration = RPCServerConfiguration.patient
        configuration.tls.handshakeTimeout = .seconds(2)
        try await expectRefusal(
            "HANDSHAKE_TIMEOUT",
            "took longer than its time limit",
            count: 3,
            configuration
        ) { server in
            let connections = try await (0..<3).mapAsync { _ in
                let connection = try await RawConnection(port: server.port)
                if !beginning.isEmpty { try? await connection.send(beginning) }
                return connection
            }
            for connection in connections { #expect(try await connection.end() == []) }
        }
    }
}

extension Sequence {
    func mapAsync<Result>(_ transform: (Element) async throws -> Result) async throws -> [Result] {
        var results: [Result] = []
        for element in self { results.append(try await transform(element)) }
        return results
    }
}
