import Foundation
import Testing

/// `ecabinet-load echo`, as it is run by hand.
@Suite struct EchoTests {
    private struct Report: Decodable {
        struct Latency: Decodable {
            let p50: Double
            let p90: Double
            let p99: Double
            let p999: Double
            let max: Double
        }

        let requests: Int
        let errors: Int
        let ratePerS: Double
        let latencyUs: Latency
        let connections: Int
        let inFlight: Int
        let payloadBytes: Int

        init(_ output: String) throws {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            self = try decoder.decode(Report.self, from: Data(output.utf8))
        }
    }

    @Test("With --json it prints one object with its figures", arguments: [0, 60, 16_384])
    func json(_ payloadBytes: Int) throws {
        let outcome = try EchoServer().echo(
            ["--json", "--connections", "3", "--in-flight", "4", "--payload", "\(payloadBytes)"]
        )
        #expect(outcome.status == 0)
        let report = try Report(outcome.output)
        #expect(report.requests > 0)
        #expect(report.errors == 0)
        #expect(report.ratePerS > 0)
        let latency = report.latencyUs
        #expect(0 < latency.p50)
        #expect(latency.p50 <= latency.p90 && latency.p90 <= latency.p99)
        #expect(latency.p99 <= latency.p999 && latency.p999 <= latency.max)
        #expect(report.connections == 3)
        #expect(report.inFlight == 4)
        #expect(report.payloadBytes == payloadBytes)
    }

    @Test("Without --json it prints lines for a reader")
    func text() throws {
        let outcome = try EchoServer().echo(["--connections", "1"])
        #expect(outcome.status == 0)
        #expect(outcome.output.contains(" 0 failed\nlatency in µs: p50 "))
    }

    @Test("Calls that fail are counted, the first is explained, and the exit code is 1")
    func failures() throws {
        let server = try EchoServer()
        let running = try Running(
            ["echo", "--target", server.target, "--pki", server.pki, "--json"]
                + ["--connections", "2", "--duration", "1", "--warm-up", "0"]
        )
        try running.wait { $0.errors.contains("2 connections to \(server.target)") }
        server.running.kill()
        running.waitForEnd()

        #expect(running.status == 1)
        let report = try Report(running.output)
        #expect(report.errors > 0)
        #expect(running.errors.contains("calls failed, the first of: "))
    }

    @Test("A server that cannot be reached is said to be so")
    func unreachable() throws {
        let server = try EchoServer()
        server.running.kill()
        let outcome = try server.echo([])
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("no connection to \(server.target)"))
        #expect(outcome.errors.contains("Is the server running, and is this its address?"))
    }

    @Test("A server of another authority is refused")
    func strangeServer() throws {
        let server = try EchoServer()
        let outcome = try server.echo([], certificates: certificates("client"))
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("the server's certificate"))
        #expect(outcome.errors.contains("is not signed by"))
    }

    @Test("A client of another authority is told that the server refuses it")
    func strangeClient() throws {
        let server = try EchoServer(certificates: certificates("server"))
        let outcome = try server.echo([], certificates: certificates("stranger"))
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("does not accept this client's certificate"))
    }

    @Test("More connections than the server takes from one address are explained")
    func tooManyForTheServer() throws {
        let server = try EchoServer(["--max-connections-per-address", "2"])
        let outcome = try server.echo(["--connections", "40"])
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("A server limits how many come from one address"))
    }

    @Test("More connections than file descriptors are refused at the start")
    func descriptors() throws {
        let outcome = try Load.run(
            ["echo", "--target", "127.0.0.1:1", "--connections", "200"] + certificates("client"),
            descriptors: 100
        )
        #expect(outcome.status == 71)
        #expect(outcome.errors.contains("200 connections need 264 file descriptors"))
    }
}
