import CabinetClient
import CabinetRPC
import CommandSupport
import Logging
import NIOPosix

/// A server that runs, and what is known of it from elsewhere.
struct Venue: Sendable {
    let server: ServerProcess
    /// As the operator hands it out: `log-key.vkey`.
    let verifierKey: String
    let installation: TrustedInstallation

    /// A connection of a device's own.
    ///
    /// - Parameter port: Where another way leads to the server.
    func connection(of person: Person, port: Int? = nil, retries: Bool = true) -> RPCClient {
        var configuration = RPCClientConfiguration()
        configuration.agent = "ecabinet-demo"
        configuration.reconnect = Backoff(first: .milliseconds(20), most: .milliseconds(500))
        if !retries { configuration.retry.maxAttempts = 1 }
        return RPCClient(
            host: server.address.host,
            port: port ?? server.address.port,
            tls: person.tls,
            configuration: configuration,
            logger: Logger(label: "ecabinet-demo") { _ in SwiftLogNoOpLogHandler() }
        )
    }
}
