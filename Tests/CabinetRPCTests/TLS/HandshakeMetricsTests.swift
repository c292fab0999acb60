import CabinetRPC
import CabinetTLS
import TLSTestSupport
import Testing

/// What a server counts of handshakes.
@Suite struct HandshakeMetricsTests {
    @Test("Each handshake is counted once, with what became of it and how long it took")
    func outcomes() async throws {
        try await WatchedServer.run { watched in
            // Clients of one program share their sessions.
            let tls = try TLSClientContext(PKI.shared.files("client"))
            for outcome in ["FULL", "RESUMED"] {
                #expect(watched.handshakes(outcome).isEmpty)
                let client = RPCClient(
                    host: "127.0.0.1",
                    port: watched.port,
                    tls: tls,
                    configuration: RPCClientConfiguration().patient,
                    logger: LogRecorder().logger
                )
                #expect(try await client.echoes())
                await client.close()
                #expect(watched.handshakes(outcome).count == 1)
            }
            let stranger = try watched.client("stranger")
            await #expect(throws: RPCError.self) { _ = try await stranger.connect() }
            await stranger.close()
            try await waitUntil { watched.handshakes("FAILED").count == 1 }
            // A connection that ends later has had its handshake.
            try await waitUntil { watched.openConnections == 0 }
            let all = ["FULL", "RESUMED", "FAILED"].flatMap { watched.handshakes($0) }
            #expect(all.count == 3)
            #expect(all.allSatisfy { $0 > 0 && $0 < 60_000_000_000 })
        }
    }
}
