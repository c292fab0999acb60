import CabinetDiagnostics
import CabinetRPC
import CabinetTLS
import CabinetWire
import Logging
import Metrics
import NIOCore
import NIOPosix
import TLSTestSupport

/// What carries the calls of a test.
enum Carrier: CaseIterable, Sendable {
    case tls, inProcess
}

/// A server with a number of clients, for the time of a test.
struct Connected: Sendable {
    /// Makes another client of the server.
    let newClient: @Sendable (RPCClientConfiguration) -> RPCClient
    let drain: @Sendable () async -> Void
    /// The server's port; 0 within the process.
    let port: Int

    /// Runs `body` with a server, and stops it.
    @discardableResult
    static func run<Result: Sendable>(
        over carrier: Carrier = .tls,
        _ router: MethodRouter,
        server configuration: RPCServerConfiguration = RPCServerConfiguration(),
        body: (Connected) async throws -> Result
    ) async throws -> Result {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        var configuration = configuration
        configuration.tls.handshakeTimeout = .patience
        configuration.liveness.hello = .seconds(600)
        let connected: Connected
        switch carrier {
        case .tls:
            let server = RPCServer(
                router,
                tls: try TLSServerContext(PKI.shared.files("server")),
                configuration: configuration,
                logger: logger
            )
            let port = try await server.start().port ?? 0
            let tls = try TLSClientContext(PKI.shared.files("client"))
            connected = Connected(
                newClient: { configuration in
                    RPCClient(
                        host: "127.0.0.1",
                        port: port,
                        tls: tls,
                        configuration: configuration,
                        logger: logger
                    )
                },
                drain: { await server.shutdown() },
                port: port
            )
        case .inProcess:
            let server = InProcessServer(router, configuration: configuration, logger: logger)
            connected = Connected(
                newClient: { configuration in
                    server.client(
                        as: PeerIdentity(
                            subject: "CN=test",
                            publicKeyFingerprint: .init(bytes: Array(repeating: 7, count: 32))
                        ),
                        configuration: configuration,
                        on: MultiThreadedEventLoopGroup.singleton.next(),
                        logger: logger
                    )
                },
                drain: { await server.shutdown() },
                port: 0
            )
        }
        do {
            let result = try await body(connected)
            await connected.drain()
            return result
        } catch {
            await connected.drain()
            throw error
        }
    }

    /// Runs `body` with a client.
    @discardableResult
    func withClient<Result: Sendable>(
        _ configuration: RPCClientConfiguration = RPCClientConfiguration(),
        _ body: (RPCClient) async throws -> Result
    ) async throws -> Result {
        let client = newClient(configuration.patient)
        do {
            let result = try await body(client)
            await client.close()
            return result
        } catch {
            await client.close()
            throw error
        }
    }
}

extension MethodRouter {
    /// The diagnostics service, with handlers on the event loop for the methods that are measured.
    static var diagnostics: MethodRouter { diagnostics(MetricsSystem.factory) }

    static func diagnostics(_ metrics: any MetricsFactory) -> MethodRouter {
        var router = MethodRouter(metrics: metrics)
        DiagnosticsHandler(wallClock: { 1_561_348_800_000 }).register(inlineIn: &router)
        return router
    }
}

extension TimeAmount {
    /// For what takes milliseconds, unless all tests run at once on a machine that has much else to do.
    fileprivate static let patience = TimeAmount.seconds(600)
}

extension RPCClientConfiguration {
    /// With limits of time that only a test which is about them would meet.
    var patient: RPCClientConfiguration {
        var configuration = self
        configuration.connectTimeout = .patience
        configuration.tls.handshakeTimeout = .patience
        configuration.liveness.hello = .seconds(600)
        configuration.liveness.ping = .seconds(600)
        configuration.defaultTimeout = .seconds(600)
        return configuration
    }

    /// With pauses of a few milliseconds, and otherwise patient.
    static var impatient: RPCClientConfiguration {
        var configuration = RPCClientConfiguration().patient
        configuration.reconnect = Backoff(first: .milliseconds(1), most: .milliseconds(5))
        configuration.retry.backoff = configuration.reconnect
        return configuration
    }
}
