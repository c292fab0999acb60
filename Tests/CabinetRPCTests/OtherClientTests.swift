import CabinetRPC
import CabinetWire
import FixtureAPI
import Foundation
import TLSTestSupport
import Testing

/// A client that was written in another language, from the protocol's document and the schema alone:
/// Tests/Interop/cwp_client.py. It holds the server to the rules, and names the one that is broken.
@Suite struct OtherClientTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Interop/cwp_client.py").path

    @Test(
        "The server does what the document says, for a client that knows nothing else",
        arguments: [false, true]
    )
    func conforms(_ hasRaisedLimits: Bool) async throws {
        var configuration = RPCServerConfiguration()
        if hasRaisedLimits {
            configuration.limits = try ConnectionLimits(
                statedCalls: 100,
                statedFrameBytes: 200_000,
                statedCreditBytes: 300_000
            )
        }
        let counter = try Counting([5, 6, 7, 8], kept: 3)
        var router = MethodRouter.diagnostics
        router.register(EverythingService.Methods.follow) { _, _ in
            ChannelSubscription(try counter.channel())
        }
        try await Connected.run(router, server: configuration) { connected in
            let outcome = try await Self.runClient(port: connected.port)
            #expect(outcome.status == 0)
            let checks = outcome.output.split(separator: "\n").filter { $0.hasPrefix("ok ") }
            #expect(checks.count == 13, "\(outcome.output)")
        }
    }

    @Test("The client finds a server that it does not trust")
    func refuses() async throws {
        try await Connected.run(.diagnostics) { connected in
            let outcome = try await Self.runClient(port: connected.port, ca: "other.pem")
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("not ok connect"), "\(outcome.output)")
        }
    }

    @Test("The client finds what a server lacks")
    func lacks() async throws {
        try await Connected.run(MethodRouter()) { connected in
            let outcome = try await Self.runClient(port: connected.port)
            #expect(outcome.status == 1)
            #expect(outcome.output.contains("not ok first_flight: rule 3.4"), "\(outcome.output)")
        }
    }

    private static func runClient(
        port: Int,
        ca: String = "ca.pem"
    ) async throws -> (status: Int32, output: String) {
        let pki = PKI.shared
        return try await runAside(
            "/usr/bin/env",
            [
                "python3", "-B", script, "--port", "\(port)", "--channel", "--ca", pki.path(ca),
                "--certificate", pki.path("client.pem"), "--key", pki.path("client.key"),
                // Other tests may take the processors for minutes; this one is about no time limit.
                "--patience", "300",
            ]
        )
    }
}
