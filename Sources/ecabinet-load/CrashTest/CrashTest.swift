import CabinetClient
import CabinetModel
import CabinetRPC
import CabinetTLS
import CommandSupport
import Foundation
import NIOPosix

/// A server, its members, and what happens to them.
final class CrashTest {
    /// Ballots that a member casts in a poll at most.
    private static let ballots = 6
    /// Polls of a meeting, so that the audits do not grow with the test.
    private static let polls = 20
    /// A server that is to end by itself does so in less.
    private static let endLimit = Duration.seconds(60)

    private let folder: URL
    private let pki: ThrowawayPKI
    private let process: ServerProcess
    private let fault: StoreFault?
    private var generator: SeededGenerator
    private let group = MultiThreadedEventLoopGroup.singleton

    private var scene: Scene?
    private var assembly: Assembly?
    private var pollCount = 0
    private var meetingCount = 0
    private var kills = 0
    private var proven = 0
    /// Ends of the server while ballots were on their way, and those ballots.
    private var killsInFlight = 0
    private var inFlight = 0
    /// What the server was doing when its disk failed, and how often.
    private var faults: [FaultStage: Int] = [:]

    private enum FaultStage: String, CaseIterable {
        case start = "while it started"
        case opening = "while a poll was opened"
        case voting = "while members voted"
        case none = "after they had voted"
    }

    /// Who is there, once the first server runs.
    private struct Scene {
        let installation: TrustedInstallation
        let population: Population
        let secretary: RPCClient
        let auditor: RPCClient
        let voters: [CrashVoter]
    }

    init(
        program: String,
        folder: URL,
        fault: StoreFault?,
        generator: SeededGenerator
    ) throws {
        self.folder = folder
        self.fault = fault
        self.generator = generator
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        pki = try ThrowawayPKI(folder: folder.appending(path: "pki").path)
        process = ServerProcess(
            program: program,
            name: "crash.example",
            pki: pki,
            folder: folder
        )
    }

    // MARK: - Preparation

    /// Starts the server for the first time, and fills its directory.
    func prepare(members: Int) async throws {
        try await process.start()
        let population = try Population(
            memberCount: members,
            tag: "crash",
            knownTo: TrialAuthority(pki)
        )
        let administrator = client(try TLSClientContext(pki.files(of: "client")))
        try await population.enter(by: administrator)
        await administrator.close()
        let installation = try TrustedInstallation(parsing: process.verifierKey)
        scene = Scene(
            installation: installation,
            population: population,
            secretary: client(population.secretary.tls),
            auditor: client(population.auditor.tls),
            voters: try population.members.map { person in
                try CrashVoter(
                    person,
                    client(person.tls),
                    installation,
                    folder: folder.appending(path: person.id)
                )
            }
        )
    }

    /// A client that comes back soon after the server does.
    private func client(_ tls: TLSClientContext) -> RPCClient {
        Server(
            address: HostAndPort(host: "127.0.0.1", port: process.port),
            group: group,
            agent: "ecabinet-load crash-test",
            reconnect: Backoff(first: .milliseconds(5), most: .milliseconds(50))
        ).client(tls)
    }

    /// Ends everything.
    func end() async {
        process.kill()
    }

    /// What it came to.
    var summary: String {
        let stages = FaultStage.allCases.compactMap { stage in
            faults[stage].map { "\($0) \(stage.rawValue)" }
        }
        return
            "\(kills) times the server ended, \(killsInFlight) of them with ballots on their way "
            + "(\(inFlight)); \(proven) ballots were acknowledged, and each is in the log once"
            + (stages.isEmpty ? "" : "; the disk failed " + stages.joined(separator: ", "))
    }

    // MARK: - A cycle

    /// Opens a poll, has everybody vote while the server ends and comes back, closes the poll and audits
    /// the ledger.
    ///
    /// - Returns: What happened, in a line.
    /// - Throws: ``CrashAudit/Finding`` where the server has not kept its word.
    func cycle(_ number: Int) async throws -> String {
        guard let scene else { preconditionFailure("it was prepared") }
        let kills = kills
        if fault != nil { try await restartWithFault() }
        let opened: (Assembly, PollID)
        do {
            opened = try await openPoll(scene)
        } catch  where fault != nil {
            // The disk failed that early.
            try await recoverFromFault([])
            opened = try await openPoll(scene)
        }
        let (assembly, poll) = opened
        let before = scene.voters.map(\.acknowledged.count)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            for voter in scene.voters {
                let lives = lives()
                tasks.addTask {
                    try await voter.vote(in: poll, of: assembly.meeting, lives)
                }
            }
            try await endServer(scene)
            try await tasks.waitForAll()
        }
        _ = try await assembly.closePoll(poll)
        let acknowledged = scene.voters.flatMap(\.acknowledged).map(\.ballot)
        try await audit(scene, assembly.meeting, poll, acknowledged)
        let count = zip(scene.voters, before).reduce(0) { $0 + $1.0.acknowledged.count - $1.1 }
        proven += count
        return "cycle \(number): \(count) ballots, the server ended \(self.kills - kills) times"
    }

    private func openPoll(_ scene: Scene) async throws -> (Assembly, PollID) {
        if assembly == nil || pollCount.isMultiple(of: Self.polls) {
            meetingCount += 1
            assembly = try await Assembly(
                of: scene.population.participants,
                MeetingID("crash-\(meetingCount)"),
                secretary: scene.secretary,
                auditor: scene.auditor
            )
        }
        guard let assembly else { preconditionFailure("it was made") }
        pollCount += 1
        let poll = try PollID("poll-\(pollCount)")
        _ = try await assembly.openPoll(poll)
        return (assembly, poll)
    }

    /// What a member does: programs that are killed, each with some ballots.
    private func lives() -> [[Choice]] {
        var lives: [[Choice]] = []
        var left = Int.random(in: 1...Self.ballots, using: &generator)
        while left > 0 {
            let count = Int.random(in: 1...left, using: &generator)
            lives.append(
                (0..<count).map { _ in Choice.allCases.randomElement(using: &generator) ?? .yes }
            )
            left -= count
        }
        return lives
    }

    private func audit(
        _ scene: Scene,
        _ meeting: MeetingID,
        _ poll: PollID,
        _ acknowledged: [ProvenBallot]
    ) async throws {
        let ofMeeting = acknowledged.filter { $0.statement.meeting == meeting }
        let audit = try await CrashAudit(of: meeting, scene.auditor, scene.installation)
        try audit.check(ofMeeting)
        try audit.checkTally(of: poll, ofMeeting)
    }

    // MARK: - The server's ends

    private func endServer(_ scene: Scene) async throws {
        guard fault == nil else {
            return try await recoverFromFault(scene.voters)
        }
        try await Task.sleep(for: .milliseconds(Int.random(in: 0...150, using: &generator)))
        try await waitForBallots(scene.voters)
        process.kill()
        noteKill(scene.voters)
        // Once in four times it is killed while it starts.
        while Int.random(in: 0..<4, using: &generator) == 0 {
            try process.launch()
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...200, using: &generator)))
            process.kill()
            kills += 1
        }
        try await process.start()
    }

    /// Waits until somebody has a ballot on its way, or all are done.
    private func waitForBallots(_ voters: [CrashVoter]) async throws {
        let limit = ContinuousClock.now + .milliseconds(100)
        while ContinuousClock.now < limit, !voters.contains(where: \.isCasting) {
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func noteKill(_ voters: [CrashVoter]) {
        let casting = voters.count(where: \.isCasting)
        kills += 1
        killsInFlight += casting > 0 ? 1 : 0
        inFlight += casting
    }

    private var faultLog: String { folder.appending(path: "strace").path }

    /// Starts the server anew, with a disk that will fail.
    private func restartWithFault() async throws {
        guard let fault else { return }
        process.kill()
        try? FileManager.default.removeItem(atPath: faultLog)
        let call = Int.random(in: 1...fault.calls, using: &generator)
        try process.launch(fault.command(from: call, log: faultLog))
        if try await process.waitUntilListening() { return }
        // It has failed while it started.
        try checkEnd(try await process.waitForEnd(atMost: Self.endLimit))
        kills += 1
        faults[.start, default: 0] += 1
        try FileManager.default.removeItem(atPath: faultLog)
        try await process.start()
    }

    /// Waits until the disk has failed and the server has stopped, and starts it again with a disk that
    /// works.
    private func recoverFromFault(_ voters: [CrashVoter]) async throws {
        guard FileManager.default.fileExists(atPath: faultLog) else { return }
        let before = voters.map(\.acknowledged.count)
        if fault == .power {
            try await Task.sleep(for: .milliseconds(Int.random(in: 0...400, using: &generator)))
            try await waitForBallots(voters)
            process.kill()
            faults[.voting, default: 0] += 1
        } else {
            try await awaitFailure(voters, before)
        }
        noteKill(voters)
        let trace = DiskTrace(faultLog)
        guard trace.hasSynced || voters.isEmpty else {
            throw CrashAudit.Finding("the server has synced nothing")
        }
        // Also where the disk failed: what the server could not sync it must not have acknowledged.
        try trace.losePower(process.database)
        try FileManager.default.removeItem(atPath: faultLog)
        try await process.start()
    }

    private func awaitFailure(_ voters: [CrashVoter], _ before: [Int]) async throws {
        var code = try await process.waitForEnd(atMost: .seconds(5))
        guard let failure = DiskTrace(faultLog).failure else {
            // The members were done before it could fail.
            process.kill()
            faults[.none, default: 0] += 1
            return
        }
        faults[voters.isEmpty ? .opening : .voting, default: 0] += 1
        if code == nil { code = try await process.waitForEnd(atMost: Self.endLimit) }
        try checkEnd(code)
        try checkSilence(voters, before, since: failure)
    }

    private func checkEnd(_ code: Int32?) throws {
        guard let code else {
            throw CrashAudit.Finding("the server goes on though its disk fails")
        }
        guard code == 74, process.errors.contains("ecabinetd: ") else {
            throw CrashAudit.Finding(
                "the server ended with \(code) though its disk failed: \(process.errors)"
            )
        }
    }

    /// Nothing was acknowledged that was sent after the disk had failed.
    private func checkSilence(
        _ voters: [CrashVoter],
        _ before: [Int],
        since moment: Double
    ) throws {
        for (voter, count) in zip(voters, before) {
            let late = voter.acknowledged.dropFirst(count).first { $0.sent > moment }
            guard let late else { continue }
            throw CrashAudit.Finding(
                "the ballot \(late.ballot.statement.ballot) was acknowledged after the disk had failed"
            )
        }
    }
}
