import Foundation
import Testing

/// Rehearsals whose load several processes make, as they are started by hand, on a real `ecabinetd`.
@Suite struct AgentTests {
    /// Of the report, what these tests look at.
    private struct Report: Decodable {
        struct Activity: Decodable {
            let planned: Int?
            let succeeded: Int
        }

        let processes: Int
        let votes: Activity
        let reads: Activity
        let secretary: Activity
        let deliveries: Activity
        let returns: Activity
        let polls: [ReportedPoll]
    }

    private let folder = TemporaryFolder()

    private func report() throws -> Report {
        try JSONDecoder().decode(Report.self, from: Data(folder.text(of: "report.json").utf8))
    }

    private func scenario(_ text: String) throws -> String {
        let path = folder.path("scenario.yaml")
        try text.write(toFile: path, atomically: false, encoding: .utf8)
        return path
    }

    /// A meeting that goes on for long enough for something to happen to it.
    private var long: String {
        get throws {
            try scenario(
                """
                name: A slow poll
                members: 6
                displays: 3
                timeline:
                  - {at: 0s, poll: {arrival: spread, over: 60s}}
                  - {at: 0s, reads: {per_second: 20, for: 60s}}
                """
            )
        }
    }

    private func meeting(
        _ scenario: String,
        _ server: CabinetServer,
        _ agents: [Agent],
        pki: String? = nil
    ) -> [String] {
        ["meeting", scenario, "--target", server.target, "--pki", pki ?? server.pki]
            + ["--agents", agents.map(\.target).joined(separator: ",")]
    }

    // MARK: - Results

    @Test("A meeting whose load three processes make counts every receipt, and what each measured")
    func meeting() throws {
        let server = try CabinetServer()
        let agents = [try Agent(server.pki), try Agent(server.pki)]
        let scenario = try scenario(
            """
            name: Twelve members and six boards
            members: 12
            tablets: true
            displays: 6
            timeline:
              - {at: 0s, poll: {arrival: spread, over: 1s}}
              - {at: 500ms, reads: {per_second: 30, for: 1s}}
              - {at: 500ms, presence: {per_second: 4, for: 1s}}
              - {at: 1500ms, drop: {who: everybody, share: 0.5, forget: true}}
              - {at: 2s, stall: {displays: 3, for: 300ms}}
              - {at: 2500ms, poll: {arrival: poisson, over: 500ms, voters: 7, ballots: 2}}
            thresholds: {late_sends_percent: 100}
            """
        )
        let outcome = try Load.run(
            meeting(scenario, server, agents) + ["--json", folder.path("report.json")]
        )
        #expect(outcome.status == 0, "\(outcome.output)\n\(outcome.errors)")
        #expect(outcome.output.contains("3 processes"))
        #expect(outcome.errors.contains("12 members and 18 followers are connected"))
        let report = try report()
        #expect(report.processes == 3)
        #expect(report.votes.planned == 26)
        #expect(report.votes.succeeded == 26)
        #expect(report.reads.planned == 30)
        #expect(report.reads.succeeded == 30)
        #expect(report.secretary.succeeded == 9)
        #expect(report.polls.map(\.counted.total) == [12, 7])
        #expect(report.polls.map(\.acknowledged) == report.polls.map(\.counted))
        #expect(report.polls.map(\.unsettled) == [0, 0])
        #expect(report.returns.succeeded == 9)
        // Of what comes while all are there: four who move at the process that moves them.
        #expect(report.deliveries.succeeded > 20)
        for agent in agents { try agent.running.wait { $0.errors.contains("is over") } }
    }

    @Test(
        "An agent serves one rehearsal after the other, until it is told to end",
        arguments: [15, 2]
    )
    func another(_ signal: Int32) throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        for _ in 0..<2 {
            let outcome = try Load.run(
                ["vote", "--target", server.target, "--pki", server.pki, "--agents", agent.target]
                    + ["--members", "3", "--polls", "2"]
                    + ["--json", folder.path("report.json")]
            )
            // The machine may have been busy; what it measured is there all the same.
            #expect([0, 75].contains(outcome.status), "\(outcome.errors)")
            #expect(try report().votes.succeeded == 6)
            #expect(try report().processes == 2)
        }
        agent.running.send(signal)
        agent.running.waitForEnd()
        #expect(agent.running.status == 0, "\(agent.running.errors)")
    }

    // MARK: - What goes wrong

    @Test("An agent that is killed makes the rehearsal fail at once, and the others give it up")
    func killedAgent() throws {
        let server = try CabinetServer()
        let agents = [try Agent(server.pki), try Agent(server.pki)]
        let coordinator = try Running(meeting(try long, server, agents))
        try coordinator.wait { $0.errors.contains("are connected") }
        agents[1].running.kill()
        let begin = ContinuousClock.now
        coordinator.waitForEnd()
        #expect(ContinuousClock.now - begin < .seconds(30))
        #expect(coordinator.status == 69)
        #expect(coordinator.errors.contains("the agent \(agents[1].target) was lost"))
        #expect(coordinator.output.isEmpty)
        try agents[0].running.wait { $0.errors.contains("given up") }
    }

    @Test("An agent whose coordinator is gone is ready for another one")
    func killedCoordinator() throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        let coordinator = try Running(meeting(try long, server, [agent]))
        try coordinator.wait { $0.errors.contains("are connected") }
        coordinator.kill()
        try agent.running.wait { $0.errors.contains("given up") }
        let outcome = try Load.run(
            ["vote", "--target", server.target, "--pki", server.pki, "--agents", agent.target]
                + ["--members", "2", "--polls", "1"]
        )
        #expect([0, 75].contains(outcome.status), "\(outcome.errors)")
    }

    @Test("An agent that has a coordinator tells another one so, and goes on")
    func busy() throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        let first = try Running(meeting(try long, server, [agent]))
        try first.wait { $0.errors.contains("are connected") }
        let second = try Load.run(meeting(try long, server, [agent]))
        #expect(second.status == 69)
        #expect(
            second.errors.contains("the agent \(agent.target) is busy with another rehearsal")
        )
        #expect(!agent.running.errors.contains("given up"))
        // Told to end, it does not wait for the end of the meeting.
        agent.running.send(SIGTERM)
        agent.running.waitForEnd()
        #expect(agent.running.status == 0)
        first.waitForEnd()
        #expect(first.status == 69, "\(first.errors)")
    }

    @Test("An agent with another authority is refused")
    func anotherAuthority() throws {
        let server = try CabinetServer()
        let other = try CabinetServer()
        let agent = try Agent(other.pki)
        let outcome = try Load.run(meeting(try long, server, [agent]))
        #expect(outcome.status == 77)
        #expect(outcome.errors.contains("the agent \(agent.target): "))
    }

    @Test("An agent takes no orders from other certificates of its authority")
    func anotherCertificate() throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        let pki = folder.path("pki")
        try FileManager.default.copyItem(atPath: server.pki, toPath: pki)
        try shell(
            "cd '\(pki)' && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes"
                + " -subj /CN=somebody -addext basicConstraints=critical,CA:FALSE"
                + " -addext extendedKeyUsage=clientAuth -CA ca.pem -CAkey ca.key"
                + " -keyout client.key -out client.pem"
        )
        let outcome = try Load.run(meeting(try long, server, [agent], pki: pki))
        #expect(outcome.status == 77, "\(outcome.errors)")
        #expect(outcome.errors.contains("the holder of the trial's client.pem alone"))
        #expect(!agent.running.errors.contains("a rehearsal begins"))
    }

    @Test("Where no agent listens, nothing begins")
    func nobody() throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        agent.running.kill()
        let outcome = try Load.run(meeting(try long, server, [agent]))
        #expect(outcome.status == 69)
        #expect(outcome.errors.contains("the agent \(agent.target): no connection to"))
    }

    @Test("A server that the agents cannot use is no agent's fault, and told from one")
    func unreachableServer() throws {
        let server = try CabinetServer()
        let agent = try Agent(server.pki)
        server.running.kill()
        let outcome = try Load.run(meeting(try long, server, [agent]))
        #expect([1, 69].contains(outcome.status))
        #expect(outcome.errors.contains(server.target))
        try agent.running.wait { $0.errors.contains("given up") }
    }

    @Test("An agent that cannot begin says why")
    func beginning() throws {
        let nowhere = try Load.run(
            ["agent", "--listen", "127.0.0.1:0", "--pki", folder.path("nowhere")]
        )
        #expect(nowhere.status == 66)
        #expect(nowhere.errors.contains("copy the folder of the trial"))
        let server = try CabinetServer()
        let taken = try Load.run(["agent", "--listen", server.target, "--pki", server.pki])
        #expect(taken.status == 69)
        #expect(taken.errors.contains("cannot listen on \(server.target)"))
    }

    @Test(
        "A wrong list of agents is explained",
        arguments: [
            (["--agents", "a"], "'a' is invalid"),
            (["--agents", "a:1,,b:2"], "'a:1,,b:2' is invalid"),
            (["--agents", "a:1,a:1"], "'a:1,a:1' is invalid"),
            (["--agents", "a:1", "--own-server", "x"], "--agents cannot reach --own-server"),
        ]
    )
    func mistakes(_ arguments: [String], _ explanation: String) throws {
        let target =
            arguments.contains("--own-server")
            ? [] : ["--target", "127.0.0.1:1", "--pki", folder.path("pki")]
        let outcome = try Load.run(["vote"] + target + arguments)
        #expect(outcome.status == 64)
        #expect(outcome.errors.contains(explanation), "\(outcome.errors)")
    }

    private func shell(_ command: String) throws {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/bash")
        process.arguments = ["-c", command]
        process.standardInput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
    }
}

/// An `ecabinet-load agent`.
private struct Agent {
    let running: Running
    let target: String

    init(_ pki: String) throws {
        running = try Running(["agent", "--listen", "127.0.0.1:0", "--pki", pki])
        try running.wait { $0.output.contains("\n") }
        target = String(running.output.dropFirst("listening on ".count).dropLast())
    }
}
