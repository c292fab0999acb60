import CabinetAPI
import CabinetDiagnostics
import CabinetRPC
import CabinetTLS
import Foundation
import Logging
import NIOCore

/// A server that answers as it is asked to, and tells what methods it has: `cabinet.v1.DiagnosticsService`.
struct DiagnosticsServer: Sendable {
    let address: String
    private let server: RPCServer

    /// - Parameter pki: The folder of an authority that has issued a certificate to the server «cabinet».
    init(_ pki: String) async throws {
        let tls = try TLSServerContext(
            TLSFiles(
                certificateChain: "\(pki)/servers/cabinet.pem",
                privateKey: "\(pki)/servers/cabinet.key",
                trustedAuthorities: "\(pki)/ca.pem",
                revocationLists: nil
            )
        )
        var router = MethodRouter()
        DiagnosticsHandler(wallClock: { Int64(Date().timeIntervalSince1970 * 1_000) })
            .register(inlineIn: &router)
        var configuration = RPCServerConfiguration()
        configuration.host = "127.0.0.1"
        configuration.port = 0
        configuration.drainGrace = .zero
        configuration.reflectedSchemas = [CabinetSchema.files]
        server = RPCServer(
            router,
            tls: tls,
            configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        address = "127.0.0.1:\(try await server.start().port ?? 0)"
    }

    func stop() async {
        await server.shutdown()
    }
}
