import Foundation
import Testing

/// `ecabinet-load saturate`, as it is run by hand, on a real `ecabinetd`.
@Suite struct SaturateTests {
    private struct Report: Decodable {
        let members: Int
        let votes: Int
        let errors: Int
        let ratePerS: Double
        let serverCpuUs: Double?
    }

    private func reports(_ output: String) throws -> [Report] {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try output.split(separator: "\n").map {
            try decoder.decode(Report.self, from: Data($0.utf8))
        }
    }

    @Test("Every member casts every ballot, and each round is one object")
    func rounds() throws {
        let outcome = try CabinetServer().saturate([
            "--members", "3", "--polls", "2", "--ballots", "4", "--rounds", "2", "--json",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        let reports = try reports(outcome.output)
        #expect(reports.count == 2)
        for report in reports {
            #expect(report.members == 3)
            #expect(report.votes == 24)
            #expect(report.errors == 0)
            #expect(report.ratePerS > 0)
            #expect(report.serverCpuUs == nil)
        }
    }

    @Test("The processor time of a process is measured where it is asked for")
    func processorTime() throws {
        let server = try CabinetServer()
        let outcome = try server.saturate([
            "--members", "1", "--polls", "1", "--json",
            "--server-process", "\(server.running.processNumber)",
        ])
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(try #require(try reports(outcome.output).first?.serverCpuUs) > 0)
    }

    @Test("A seed can be used once on a server")
    func usedSeed() throws {
        let server = try CabinetServer()
        let arguments = ["--members", "1", "--polls", "1", "--ballots", "1", "--seed", "7"]
        #expect(try server.saturate(arguments).status == 0)
        let again = try server.saturate(arguments)
        #expect(again.status == 1)
        #expect(again.errors.contains("the server refuses"))
    }

    @Test("A server that cannot be reached is said to be so")
    func unreachable() throws {
        let server = try CabinetServer()
        server.running.kill()
        let outcome = try server.saturate([])
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("no connection to \(server.target)"))
    }
}
