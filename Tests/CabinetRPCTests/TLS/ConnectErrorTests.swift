import CabinetAPI
import CabinetRPC
import CabinetTLS
import CabinetWire
import NIOCore
import TLSTestSupport
import Testing

/// What a client says to a person when there is no connection: what is wrong, where, and what to do.
@Suite(.serialized) struct ConnectErrorTests {
    /// A server, and a client that cannot connect to it.
    struct Mistake: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// The stable reason of the error.
        let reason: String
        /// What the message has in it.
        let message: [String]
        /// What the server runs with; `nil` where its files are those of `server`.
        var server: @Sendable () throws -> TLSServerContext = {
            try TLSServerContext(PKI.shared.files("server"))
        }
        var client: @Sendable () throws -> TLSClientContext = {
            try TLSClientContext(PKI.shared.files("client"))
        }
        var host = "127.0.0.1"
        var serverName: String?
    }

    private static let pki = PKI.shared

    static let mistakes: [Mistake] = [
        Mistake(
            testDescription: "the server's certificate is signed by another authority",
            reason: "TLS_UNTRUSTED",
            message: [
                "the server's certificate (CN=server) is not signed by \(pki.path("other.pem"))"
            ],
            client: { try TLSClientContext(pki.files("client", ca: "other.pem")) }
        ),
        Mistake(
            testDescription: "the server's certificate is for another host",
            reason: "TLS_WRONG_HOST",
            message: ["the server's certificate (CN=server) is not for vote.example"],
            serverName: "vote.example"
        ),
        Mistake(
            testDescription: "what is given as the host can be none",
            reason: "TLS_WRONG_HOST",
            message: ["«vote example» is no host name or address"],
            serverName: "vote example"
        ),
        Mistake(
            testDescription: "the server's certificate has expired",
            reason: "TLS_EXPIRED",
            message: [
                "the server's certificate (CN=pastserver) has expired", "it must be renewed",
            ],
            server: { try TLSServerContext(pki.files("pastserver"), options: .then) }
        ),
        Mistake(
            testDescription: "the server does not trust the client's authority",
            reason: "TLS_PEER_ALERT",
            message: [
                "the server did not let this client in", "«unknown CA»",
                "does not accept this client's certificate",
            ],
            client: { try TLSClientContext(pki.files("stranger")) }
        ),
        Mistake(
            testDescription: "the client's certificate has expired",
            reason: "TLS_PEER_ALERT",
            message: ["the server did not let this client in", "«certificate expired»"],
            client: { try TLSClientContext(pki.files("past"), options: .then) }
        ),
        Mistake(
            testDescription: "the client's certificate was revoked",
            reason: "TLS_PEER_ALERT",
            message: ["the server did not let this client in", "«certificate revoked»"],
            server: { try TLSServerContext(pki.files("server", crl: "revoked.crl")) }
        ),
        Mistake(
            testDescription: "the name does not resolve",
            reason: "NO_CONNECTION",
            // An empty label: no name server is asked.
            message: ["vote..example:", "cannot be resolved", "spelt right"],
            host: "vote..example"
        ),
    ]

    @Test("Between a client and a server on TLS", arguments: mistakes)
    func mistake(_ mistake: Mistake) async throws {
        let server = RPCServer(
            .diagnostics,
            tls: try mistake.server(),
            configuration: .patient,
            logger: LogRecorder().logger
        )
        let port = try await server.start().port ?? 0
        let error = try await failure(
            host: mistake.host,
            port: port,
            tls: mistake.client(),
            serverName: mistake.serverName
        )
        await server.shutdown()
        expect(error, mistake.reason, mistake.message)
    }

    @Test(
        "Where something else listens",
        arguments: [
            (
                "HTTP/1.1 400 Bad Request\r\n\r\n", "TLS_PLAIN_HTTP",
                ["speaks HTTP without TLS", "Is this the port of e-Cabinet?"]
            ),
            (
                "SSH-2.0-OpenSSH_9.2\r\n", "TLS_NOT_TLS",
                ["does not speak TLS", "53 53 48", "Is this the port of e-Cabinet?"]
            ),
        ]
    )
    func somethingElse(_ answer: String, _ reason: String, _ message: [String]) async throws {
        let server = try await RawServer(answer: answer)
        expect(try await failure(port: server.port), reason, message)
        try await server.close()
    }

    @Test("Where a server on TLS speaks another protocol")
    func anotherProtocol() async throws {
        // The port is free now, and taken at once: s_server cannot say which one it got.
        let probe = try await RawServer(answer: nil)
        let port = probe.port
        try await probe.close()
        let server = try Background(
            "exec openssl s_server -accept 127.0.0.1:\(port) -cert server.pem -key server.key -quiet"
        )
        defer { server.end() }
        var error: RPCError?
        try await waitUntil {
            error = try await failure(port: port)
            return error?.details.first?.reason != "NO_CONNECTION"
        }
        expect(
            error,
            "TLS_NO_COMMON_PROTOCOL",
            ["does not offer the protocol cabinet/1", "Is this the port of e-Cabinet?"]
        )
    }

    @Test("Where nothing listens")
    func nothingListens() async throws {
        let server = try await RawServer(answer: nil)
        let port = server.port
        try await server.close()
        expect(
            try await failure(port: port),
            "NO_CONNECTION",
            ["127.0.0.1:\(port)", "onnection refused", "Is the server running"]
        )
    }

    @Test("Where what listens says nothing")
    func silence() async throws {
        let server = try await RawServer(answer: nil)
        var configuration = RPCClientConfiguration()
        configuration.tls.handshakeTimeout = .milliseconds(50)
        expect(
            try await failure(port: server.port, configuration: configuration),
            "NO_CONNECTION",
            ["127.0.0.1:\(server.port)", "took longer than its time limit"]
        )
        try await server.close()
    }

    /// The error of a client that connects.
    private func failure(
        host: String = "127.0.0.1",
        port: Int,
        tls: TLSClientContext? = nil,
        serverName: String? = nil,
        configuration: RPCClientConfiguration = RPCClientConfiguration().patient
    ) async throws -> RPCError? {
        let tls = try tls ?? TLSClientContext(PKI.shared.files("client"))
        let client = RPCClient(
            host: host,
            port: port,
            tls: tls,
            serverName: serverName,
            configuration: configuration,
            logger: LogRecorder().logger
        )
        let error = await #expect(throws: RPCError.self) { try await client.connect() }
        await client.close()
        #expect(tls.sessionCount == 0)
        return error
    }

    private func expect(
        _ error: RPCError?,
        _ reason: String,
        _ message: [String],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(error?.code == .unavailable, sourceLocation: sourceLocation)
        #expect(error?.details.first?.reason == reason, sourceLocation: sourceLocation)
        #expect(error?.isNotProcessed == true, sourceLocation: sourceLocation)
        for part in message {
            #expect(
                error?.message.contains(part) == true,
                "\(error?.message ?? "no error") has no «\(part)»",
                sourceLocation: sourceLocation
            )
        }
    }
}
