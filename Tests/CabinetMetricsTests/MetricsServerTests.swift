import Logging
import NIOCore
import NIOPosix
import Testing

@testable import CabinetMetrics

/// The endpoint on a socket.
@Suite(.timeLimit(.minutes(2))) struct MetricsServerTests {
    private static let request = "GET /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

    private func run(
        _ limits: MetricsLimits = MetricsLimits(),
        _ body: (SocketAddress) async throws -> Void
    ) async throws {
        let registry = MetricsRegistry([MetricFamily("up", .gauge, "Whether it is up.")])
        registry.observe("up") { [.init(1)] }
        let server = MetricsServer(
            registry,
            on: try SocketAddress(ipAddress: "127.0.0.1", port: 0),
            limits: limits,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        do {
            try await body(try await server.start())
        } catch {
            await server.close()
            throw error
        }
        await server.close()
    }

    @Test("A port that was free is said, and the metrics are there")
    func serves() async throws {
        try await run { address in
            #expect(address.port != 0)
            let connection = try await TestConnection(to: address)
            try await connection.send(Self.request)
            #expect(try await connection.end().hasSuffix("\nup 1\n"))
        }
    }

    @Test(
        "On the loopback the metrics are read at an address or at localhost, and at no name that leads there",
        arguments: [
            ("Host: 127.0.0.1:9100", true), ("Host: LOCALHOST", true), ("Host: localhost:80", true),
            ("Host: [::1]:9100", true), ("X: y", true), ("Host: a", false), ("Host: ", false),
            ("Host: 127.0.0.1.evil.example", false), ("Host: localhost.evil.example:9100", false),
            ("Host: [::1", false), ("Host: evil.example:9100", false),
        ]
    )
    func host(_ header: String, _ isServed: Bool) async throws {
        try await run { address in
            let connection = try await TestConnection(to: address)
            // Without the header it is a request of HTTP/1.0, which has none.
            let version = header.hasPrefix("Host") ? "1.1" : "1.0"
            try await connection.send("GET /metrics HTTP/\(version)\r\n\(header)\r\n\r\n")
            let answer = try await connection.end()
            #expect(answer.hasPrefix(isServed ? "HTTP/1.1 200" : "HTTP/1.1 421"), "\(answer)")
            #expect(answer.contains("up 1") == isServed)
        }
    }

    @Test("What was sent beside the request does not take the answer back")
    func unread() async throws {
        try await run { address in
            for _ in 0..<20 {
                let connection = try await TestConnection(to: address)
                try await connection.send(
                    Self.request + String(repeating: "x", count: 200_000)
                )
                #expect(try await connection.end().hasSuffix("\nup 1\n"))
            }
        }
    }

    @Test("There are as many connections as there may be, and then again when one has gone")
    func connections() async throws {
        let limits = MetricsLimits()
        #expect(limits.maxConnections == 16)
        try await run(limits) { address in
            var held: [TestConnection] = []
            for _ in 0..<limits.maxConnections {
                held.append(try await TestConnection(to: address))
            }
            // It is not served, and those that are there are.
            let beyond = try await TestConnection(to: address)
            #expect(try await beyond.end() == "")
            let one = held.removeLast()
            try await one.send(Self.request)
            #expect(try await one.end().hasSuffix("\nup 1\n"))
            await one.close()
            // The server may learn of it a moment later.
            while true {
                let next = try await TestConnection(to: address)
                try? await next.send(Self.request)
                if let answer = try? await next.end(), answer.hasSuffix("\nup 1\n") { break }
            }
            for connection in held { await connection.close() }
        }
    }

    @Test("A reader who is stuck keeps nobody from reading, nor the server from stopping")
    func stuck() async throws {
        try await run { address in
            let stuck = try await TestConnection(to: address, reads: false)
            try await stuck.send(Self.request)
            let other = try await TestConnection(to: address)
            try await other.send(Self.request)
            #expect(try await other.end().hasSuffix("\nup 1\n"))
        }
    }

    @Test("An address that is in use is an error, and nothing is left")
    func inUse() async throws {
        try await run { address in
            let second = MetricsServer(
                MetricsRegistry([]),
                on: address,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
            await #expect(throws: IOError.self) { _ = try await second.start() }
            await second.close()
        }
    }
}
