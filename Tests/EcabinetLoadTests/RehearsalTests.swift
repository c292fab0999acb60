import Foundation
import Testing

/// `ecabinet-load meeting`, `vote`, `watch` and `storm`, as they are run by hand, on a real `ecabinetd`.
@Suite struct RehearsalTests {
    /// Of the report, what these tests look at.
    private struct Report: Decodable {
        struct Activity: Decodable {
            struct Latency: Decodable {
                let p50Ms: Double?
                let p90Ms: Double?
                let p99Ms: Double?

                enum CodingKeys: String, CodingKey {
                    case p50Ms = "p50_ms"
                    case p90Ms = "p90_ms"
                    case p99Ms = "p99_ms"
                }
            }

            let planned: Int?
            let succeeded: Int
            let failed: Int
            let resent: Int?
            let latency: Latency
        }

        let go: Bool
        let votes: Activity
        let reads: Activity
        let secretary: Activity
        let deliveries: Activity
        let returns: Activity
        let polls: [ReportedPoll]
    }

    private let folder = TemporaryFolder()

    private func report(_ name: String = "report.json") throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(folder.text(of: name).utf8))
    }

    private func scenario(_ text: String) throws -> String {
        let path = folder.path("scenario.yaml")
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    private var ownServer: [String] { ["--own-server", Load.path(of: "ecabinetd")] }

    private static let everything = """
        name: Everything that can happen
        members: 9
        absent: 2
        remote: 3
        tablets: true
        displays: 8
        agenda: {items: 2, documents: 3}
        timeline:
          - {at: 0s, poll: {arrival: poisson, over: 1s}}
          - {at: 0s, reads: {per_second: 20, for: 3s}}
          - {at: 1s, presence: {per_second: 4, for: 1s}}
          - {at: 1200ms, drop: {who: everybody, share: 0.5}}
          - {at: 2s, drop: {who: followers, away: 300ms, forget: true}}
          - {at: 2500ms, stall: {displays: 2, for: 500ms}}
          - {at: 3s, poll: {arrival: spread, over: 1s, voters: 6, ballots: 2}}
          - {at: 4s, restart: {way: kill}}
          - {at: 5s, restart: {way: stop}}
        ending: 500ms
        # Nothing of time is judged, on a machine that does other things as well.
        thresholds: {late_sends_percent: 100}
        """

    @Test("All that a scenario has takes place, and every receipt is counted, over two restarts")
    func everything() throws {
        let outcome = try Load.run(
            ["meeting", try scenario(Self.everything), "--seed", "7"] + ownServer
                + ["--json", folder.path("report.json"), "--report", folder.path("report.html")]
        )
        #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
        let report = try report()
        #expect(report.go)
        #expect(report.votes.planned == 19)
        #expect(report.votes.succeeded == 19)
        #expect(report.reads.succeeded == 60)
        // Two polls that are opened and closed, four who move, two restarts, and the last event.
        #expect(report.secretary.succeeded == 11)
        #expect(report.deliveries.succeeded > 0)
        #expect(report.returns.succeeded > 15)
        #expect(report.polls.map(\.counted.total) == [7, 6])
        #expect(report.polls.map(\.acknowledged) == report.polls.map(\.counted))
        #expect(report.polls.map(\.unsettled) == [0, 0])
        #expect(folder.text(of: "report.html").contains("</html>"))
        #expect(outcome.output.contains("\nGO"))
        // What happened, and the server's own figures.
        for text in [
            "server killed", "server stopped", "they read again", "cabinet_rpc_server_calls_total",
        ] {
            #expect(folder.text(of: "report.json").contains(text), "\(text)")
        }
    }

    @Test(
        "A server that stalls for 100 ms each second is found out, and by a closed loop it is not"
    )
    func stalls() throws {
        let server = try CabinetServer()
        let stalls = Stalls(of: server.running)
        defer { stalls.end() }
        let open = try Load.run(
            // Each member's next ballot is due before the stall is over.
            ["vote", "--target", server.target, "--pki", server.pki, "--members", "2"]
                + ["--polls", "10", "--ballots", "20", "--arrival", "spread", "--over", "0.8"]
                + ["--json", folder.path("report.json")]
        )
        // This machine may have been busy; what it measured is there all the same.
        #expect([0, 75].contains(open.status), "\(open.errors)")
        // One of ten or so falls into a stall, and waits for what is left of it.
        #expect(try #require(try report().votes.latency.p99Ms) > 50)

        let closed = try server.saturate([
            "--members", "1", "--polls", "60", "--ballots", "20", "--json",
        ])
        struct Saturation: Decodable {
            struct Latency: Decodable {
                let p99: Double
                let max: Double
            }

            let latencyUs: Latency
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let figures = try decoder.decode(Saturation.self, from: Data(closed.output.utf8))
        // It has seen a stall, and had only one ballot in it.
        #expect(figures.latencyUs.max > 50_000)
        #expect(figures.latencyUs.p99 < 50_000)
    }

    @Test("A harness that cannot keep to its plan says so, and has its exit code")
    func late() throws {
        let running = try Running(
            ["vote", "--members", "20", "--polls", "1", "--arrival", "spread", "--over", "4"]
                + ownServer
        )
        try running.wait { $0.errors.contains("are connected") }
        // It is stopped while ballots are due: from the second on in which they begin to come.
        usleep(2_500_000)
        running.send(SIGSTOP)
        usleep(1_000_000)
        running.send(SIGCONT)
        running.waitForEnd()
        #expect(running.status == 75, "\(running.output)\n\(running.errors)")
        #expect(running.output.contains("NO GO"))
        #expect(running.errors.contains("this machine could not keep to the plan"))
    }

    @Test("Watching measures a delivery for each follower and each vote")
    func watch() throws {
        let outcome = try Load.run(
            ["watch", "--followers", "10", "--members", "5", "--votes-per-second", "20"]
                + ["--duration", "1", "--json", folder.path("report.json")] + ownServer
        )
        #expect([0, 75].contains(outcome.status), "\(outcome.errors)")
        let report = try report()
        #expect(report.votes.succeeded == 20)
        // Those on whom the events of the beginning came as a snapshot have no delivery of them.
        #expect(report.deliveries.succeeded == 200)
    }

    @Test("In a storm everybody is back, and each ballot has its receipt")
    func storm() throws {
        let outcome = try Load.run(
            ["storm", "--followers", "20", "--members", "5", "--rounds", "1"]
                + ["--json", folder.path("report.json")] + ownServer
        )
        #expect([0, 75].contains(outcome.status), "\(outcome.output)\n\(outcome.errors)")
        let report = try report()
        #expect(report.votes.succeeded == 5)
        #expect(report.returns.succeeded == 20)
        #expect(outcome.output.contains("25 connections are lost"))
        #expect(outcome.output.contains("connections of followers that the server ended  0"))
    }

    @Test("A follower whose connection the server ends, though nobody planned it, is no go")
    func unwantedLosses() throws {
        let server = try CabinetServer()
        let running = try Running(
            ["watch", "--target", server.target, "--pki", server.pki, "--followers", "3"]
                + ["--members", "2", "--votes-per-second", "4", "--duration", "3"]
                + ["--json", folder.path("report.json")]
        )
        try running.wait { $0.errors.contains("are connected") }
        usleep(1_500_000)
        let other = try server.restarted()
        running.waitForEnd()
        other.running.kill()
        #expect([1, 75].contains(running.status), "\(running.output)\n\(running.errors)")
        #expect(running.output.contains("connections of followers that the server ended: 3"))
    }

    @Test("Each poll has choices of its own")
    func polls() throws {
        // Of polls whose choices come of the same randomness the later ones have ballots of the earlier.
        let outcome = try Load.run(["vote", "--members", "5", "--polls", "6"] + ownServer)
        #expect([0, 75].contains(outcome.status), "\(outcome.output)\n\(outcome.errors)")
        #expect(outcome.output.contains("all 6 polls agree"), "\(outcome.output)")
    }

    @Test(
        "No server is left of a rehearsal that is killed, or told to end",
        arguments: [
            SIGKILL, SIGTERM, SIGINT,
        ]
    )
    func signals(_ signal: Int32) throws {
        let temporary = folder.path("temporary-\(signal)")
        try FileManager.default.createDirectory(
            atPath: temporary,
            withIntermediateDirectories: false
        )
        let running = try Running(
            ["-c", "TMPDIR=$0 exec \"$@\"", temporary, Load.path(of: Load.program), "vote"]
                + ["--members", "2", "--polls", "100"] + ownServer,
            program: "/bin/sh"
        )
        try running.wait { $0.errors.contains("are connected") }
        let servers = try processes(in: temporary)
        #expect(servers.count == 1)
        running.send(signal)
        running.waitForEnd()
        for _ in 0..<1_000 {
            if try processes(in: temporary).isEmpty { break }
            usleep(10_000)
        }
        #expect(try processes(in: temporary).isEmpty)
    }

    /// The servers whose data are in a folder.
    private func processes(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: "/proc").filter { name in
            guard Int(name) != nil,
                let command = try? String(contentsOfFile: "/proc/\(name)/cmdline", encoding: .utf8)
            else { return false }
            return command.contains("ecabinetd\0--name") && command.contains(folder)
        }
    }

    @Test("What is not good enough is no go, and has its exit code")
    func noGo() throws {
        let outcome = try Load.run(
            ["vote", "--members", "2", "--polls", "1", "--p99", "0.001"] + ownServer
        )
        #expect(outcome.status == 1, "\(outcome.errors)")
        #expect(outcome.output.contains("NO GO"))
        #expect(outcome.output.contains("vote p99"))
    }

    // MARK: - Mistakes

    @Test(
        "A mistake in a scenario is named with its line and field",
        arguments: [
            ("name: x\nmembers: 601\ntimeline: []\n", "line 2: «members»: it is «601»"),
            (
                "name: x\nmembrs: 5\ntimeline:\n  - {at: 0s, poll: {}}\n",
                "line 2: «membrs»: there is no such field"
            ),
            (
                "name: x\ntimeline:\n  - at: 0s\n    poll: {arrival: soon}\n",
                "line 4: «timeline[0].poll.arrival»"
            ),
            ("name: [x\n", "it is no YAML"),
            ("\u{0}", "it is no YAML"),
        ]
    )
    func mistake(_ text: String, _ explanation: String) throws {
        let outcome = try Load.run(["meeting", try scenario(text)] + ownServer)
        #expect(outcome.status == 66)
        #expect(outcome.errors.contains(explanation), "\(outcome.errors)")
    }

    @Test("What cannot be done is said before anything is done")
    func refusals() throws {
        let restart = try scenario(
            "name: x\ntimeline:\n  - {at: 0s, poll: {}}\n  - {at: 1s, restart: {}}\n"
        )
        let server = ["--target", "127.0.0.1:1", "--pki", folder.path("pki")]
        let noRestart = try Load.run(["meeting", restart] + server)
        #expect(noRestart.status == 66)
        #expect(noRestart.errors.contains("--restart-command"))

        let missing = try Load.run(["meeting", folder.path("none.yaml")] + ownServer)
        #expect(missing.status == 66)
        #expect(missing.errors.contains("none.yaml cannot be read"))

        let over = try Load.run(["vote", "--over", "60"] + ownServer)
        #expect(over.status == 64)
        #expect(over.errors.contains("--over goes with"))

        let noServer = try Load.run(["vote", "--own-server", folder.path("nothing")])
        #expect(noServer.status == 66)
        #expect(noServer.errors.contains("is no program that can be run"))

        let both = try Load.run(["vote"] + server + ownServer)
        #expect(both.status == 64)
        #expect(both.errors.contains("--own-server stands in place of"))

        let noFolder = try Load.run(["vote", "--json", folder.path("no/report.json")] + ownServer)
        #expect(noFolder.status == 66)
        #expect(noFolder.errors.contains("cannot be written"))

        let isFolder = try Load.run(["vote", "--json", folder.path("")] + ownServer)
        #expect(isFolder.status == 66)
        #expect(isFolder.errors.contains("it is a folder"), "\(isFolder.errors)")

        let same = ["--json", folder.path("report"), "--report", folder.path("./report")]
        let equal = try Load.run(["vote"] + same + ownServer)
        #expect(equal.status == 66)
        #expect(equal.errors.contains("are the same file"))
    }

    @Test("A server that is not there, or of another authority, or too many connections")
    func connections() throws {
        let server = try CabinetServer()
        let few = try Load.run(
            ["watch", "--target", server.target, "--pki", server.pki, "--followers", "500"],
            descriptors: 256
        )
        #expect(few.status == 71)
        #expect(few.errors.contains("ulimit -n"))

        let other = try Load.run(
            ["vote", "--target", server.target, "--pki", folder.path("other"), "--members", "1"]
        )
        #expect(other.status == 77, "\(other.errors)")

        server.running.kill()
        let gone = try Load.run(
            ["vote", "--target", server.target, "--pki", server.pki, "--members", "1"]
        )
        #expect(gone.status == 69)
        #expect(gone.errors.contains("no connection to \(server.target)"))
    }

    @Test("The scenarios that come with the harness can be read", arguments: scenarios)
    func shipped(_ file: String) throws {
        // Without a server it says so, after it has read the file.
        let outcome = try Load.run(
            ["meeting", "\(Self.scenarioFolder)/\(file)", "--own-server", folder.path("nothing")]
        )
        #expect(outcome.errors.contains("is no program that can be run"), "\(outcome.errors)")
    }

    private static let scenarioFolder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Sources/ecabinet-load/Scenarios").path

    private static let scenarios: [String] = {
        let files = (try? FileManager.default.contentsOfDirectory(atPath: scenarioFolder)) ?? []
        return files.filter { $0.hasSuffix(".yaml") }.sorted()
    }()

    @Test("There are scenarios")
    func thereAreScenarios() {
        #expect(Self.scenarios.count >= 5)
    }
}

/// Stops a process for 100 ms in each second.
private final class Stalls {
    private let thread: Thread

    init(of running: Running) {
        let number = running.processNumber
        thread = Thread {
            while !Thread.current.isCancelled {
                kill(number, SIGSTOP)
                usleep(100_000)
                kill(number, SIGCONT)
                usleep(900_000)
            }
        }
        thread.start()
    }

    /// The process runs again after it.
    func end() { thread.cancel() }
}
