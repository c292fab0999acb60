import CabinetAPI
import CabinetRPC
import CabinetTLS
import CabinetWire
import MetricsTestKit
import NIOCore
import TLSTestSupport
import Testing

/// A server over TLS on a port of its own, whose log and counts a test can see.
struct WatchedServer: Sendable {
    let server: RPCServer
    let port: Int
    let tls: TLSServerContext
    let log: LogRecorder
    private let metrics: TestMetrics

    /// Runs `body` with a server, and finds that nothing of its connections is left.
    static func run(
        _ files: TLSFiles = PKI.shared.files("server"),
        options: TLSContextOptions = TLSContextOptions(),
        configuration: RPCServerConfiguration = .patient,
        _ body: (WatchedServer) async throws -> Void
    ) async throws {
        let metrics = TestMetrics()
        let log = LogRecorder()
        let tls = try TLSServerContext(files, options: options)
        let server = RPCServer(
            .diagnostics(metrics),
            tls: tls,
            configuration: configuration,
            logger: log.logger
        )
        let watched = WatchedServer(
            server: server,
            port: try await server.start().port ?? 0,
            tls: tls,
            log: log,
            metrics: metrics
        )
        do {
            try await body(watched)
        } catch {
            await server.shutdown()
            throw error
        }
        // By themselves, before the server's end ends them.
        try await waitUntil { watched.openSessions == 0 && watched.openConnections == 0 }
        await server.shutdown()
    }

    /// TLS sessions that are in memory, those in the handshake included.
    var openSessions: Int { tls.sessionCount }

    /// What the server's gauge says.
    var openConnections: Int { gauge("cabinet_rpc_server_connections") }

    private func gauge(_ label: String) -> Int {
        Int((try? metrics.expectMeter(label))?.lastValue ?? 0)
    }

    /// Connections that the server has counted as refused, for that reason.
    func refused(_ reason: String) -> Int64 {
        count("cabinet_rpc_server_connections_refused_total", reason)
    }

    /// Connections that the server has counted as ended by it, for that reason.
    func ended(_ reason: String) -> Int64 {
        count("cabinet_rpc_server_connections_ended_total", reason)
    }

    /// What the handshakes that ended so took, in nanoseconds.
    func handshakes(_ outcome: String) -> [Int64] {
        let label = "cabinet_rpc_server_handshake_duration_seconds"
        return (try? metrics.expectTimer(label, [("outcome", outcome)]))?.values ?? []
    }

    private func count(_ label: String, _ reason: String) -> Int64 {
        (try? metrics.expectCounter(label, [("reason", reason)]))?.totalValue ?? 0
    }

    func client(
        _ name: String = "client",
        ca: String = "ca.pem",
        options: TLSContextOptions = TLSContextOptions(),
        configuration: RPCClientConfiguration = RPCClientConfiguration().patient
    ) throws -> RPCClient {
        RPCClient(
            host: "127.0.0.1",
            port: port,
            tls: try TLSClientContext(PKI.shared.files(name, ca: ca), options: options),
            configuration: configuration,
            logger: LogRecorder().logger
        )
    }

    /// Runs `body` with a client, and closes it.
    func withClient(
        _ name: String = "client",
        options: TLSContextOptions = TLSContextOptions(),
        _ body: (RPCClient) async throws -> Void
    ) async throws {
        let client = try client(name, options: options)
        do {
            try await body(client)
            await client.close()
        } catch {
            await client.close()
            throw error
        }
    }

    /// Finds that the server goes on: the client's connection answers, and so does a new one.
    func expectServes(_ client: RPCClient) async throws {
        #expect(try await client.echoes())
        try await withClient("client2") { other async throws in #expect(try await other.echoes()) }
    }
}

extension RPCClient {
    /// Whether the server sends back what this client sends.
    func echoes(_ payload: [UInt8] = [1, 2, 3]) async throws -> Bool {
        try await DiagnosticsService.Client(self).echo(EchoRequest(payload: payload)).payload
            == payload
    }
}

extension TLSContextOptions {
    /// The options of a program whose clock says that it is 2 January 2020.
    static var then: TLSContextOptions {
        var options = TLSContextOptions()
        options.clock = { PKI.then }
        return options
    }
}

extension RPCServerConfiguration {
    /// With limits of time that only a test which is about them would meet.
    static var patient: RPCServerConfiguration {
        var configuration = RPCServerConfiguration()
        configuration.tls.handshakeTimeout = .seconds(600)
        configuration.liveness.hello = .seconds(600)
        configuration.liveness.incompleteFrame = .seconds(600)
        configuration.liveness.stalledWrite = .seconds(600)
        return configuration
    }
}

/// Looks every few milliseconds whether something has happened, for two minutes.
func waitUntil(
    _ condition: () async throws -> Bool,
    sourceLocation: SourceLocation = #_sourceLocation
) async throws {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
        if try await condition() { return }
        try await Task.sleep(for: .milliseconds(5))
    }
    Issue.record("what was waited for did not happen", sourceLocation: sourceLocation)
}
