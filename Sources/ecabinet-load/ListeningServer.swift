import CabinetRPC
import CommandSupport
import NIOCore
import ServiceLifecycle

/// A server that says on standard output where it listens.
struct ListeningServer: Service {
    let server: RPCServer
    let address: HostAndPort

    func run() async throws {
        do {
            let bound = try await server.start()
            let here = HostAndPort(host: bound.ipAddress ?? address.host, port: bound.port ?? 0)
            Output.say("listening on \(here)")
        } catch {
            throw Failure(.unavailable, "cannot listen on \(address): \(error)")
        }
        try await server.run()
    }
}
