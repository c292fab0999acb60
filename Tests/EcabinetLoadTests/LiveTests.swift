import Foundation
import Testing

/// `ecabinet-load stalled`, `comeback` and `stage`, on a real `ecabinetd`, with few followers.
@Suite struct LiveTests {
    @Test("Followers who stop reading get everything when they read again")
    func stalled() throws {
        struct Report: Decodable {
            struct Latency: Decodable {
                let p99: Double
            }

            let rounds: Int
            let deliveryUsWith: Latency
            let deliveryUsWithout: Latency
            let p99Ratio: Double
            let p99Ratios: [Double]
            let caughtUpMs: [Double]
        }
        let server = try CabinetServer()
        let outcome = try server.follow(
            "stalled",
            ["--readers", "5", "--stalled", "20", "--rounds", "2", "--long-rounds", "0"]
                + ["--events", "5"]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try decode(Report.self, outcome.output)
        #expect(report.rounds == 2)
        #expect(report.p99Ratios.count == 2)
        #expect(report.p99Ratios.contains(report.p99Ratio))
        #expect(report.caughtUpMs.count == 2)
        #expect(report.deliveryUsWith.p99 > 0)
        #expect(report.deliveryUsWithout.p99 > 0)
    }

    @Test("Followers whose connections are lost all at once are all live again")
    func comeback() throws {
        struct Report: Decodable {
            struct Kind: Decodable {
                let connections: Int
                let resumed: Int
                let snapshots: Int
            }

            let resuming: Kind
            let anew: Kind
        }
        let server = try CabinetServer()
        let outcome = try server.follow(
            "comeback",
            ["--followers", "20", "--rounds", "1", "--poll-seconds", "2", "--members", "3"]
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        let report = try decode(Report.self, outcome.output)
        #expect(report.resuming.connections >= 20)
        #expect(report.resuming.resumed > 0)
        // Who knows where it was wants no snapshot.
        #expect(report.resuming.snapshots == 0)
        #expect(report.anew.snapshots >= 20)
    }

    @Test("A stage has devices, what they ask for, and ballots for each poll")
    func stage() throws {
        let server = try CabinetServer()
        let folder = server.folder.path("stage")
        let outcome = try Load.run(
            ["stage", "--target", server.target, "--pki", server.pki, "--folder", folder]
                + ["--members", "2", "--displays", "3"],
            input: "\n\n"
        )
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output == "{\"ballots\": 40}\n{\"ballots\": 40}\n")
        for name in ["subscriber-2.pem", "subscriber-2.key", "carrier.pem", "ca.pem", "follow"] {
            #expect(FileManager.default.fileExists(atPath: "\(folder)/\(name)"), "\(name)")
        }
        let ballots = try Data(contentsOf: URL(fileURLWithPath: "\(folder)/ballots"))
        var offset = 0
        var keys: Set<Data> = []
        while offset < ballots.count {
            keys.insert(ballots[offset..<offset + 16])
            let length = ballots[offset + 16..<offset + 20].reduce(0) { $0 << 8 | Int($1) }
            offset += 20 + length
        }
        #expect(offset == ballots.count)
        #expect(keys.count == 40)
    }

    private func decode<Value: Decodable>(_ type: Value.Type, _ output: String) throws -> Value {
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(type, from: Data(output.utf8))
    }
}

extension CabinetServer {
    fileprivate func follow(_ command: String, _ arguments: [String]) throws -> Load.Outcome {
        try Load.run(
            [command, "--target", target, "--pki", pki, "--json"]
                + ["--server-process", "\(running.processNumber)"] + arguments
        )
    }
}
