import CabinetAPI
import CabinetLoad
import CabinetModel
import CabinetRPC
import CommandSupport
import NIOCore

/// A scenario that is played on a server: all that is on its timeline happens when it is planned,
/// whatever the server does.
///
/// It plays its own share, what the secretary does, and the server's restarts, and has the agents play
/// theirs.
final class Rehearsal: Sendable {
    /// For events that are on their way at the end.
    private static let lastDelivery = Duration.milliseconds(500)

    let scene: LiveScene
    let own: RehearsalShare
    let agents: Agents
    let server: ServerUnderTest

    /// - Parameters:
    ///   - scene: In which everybody is connected and follows.
    ///   - own: This process's share of it.
    init(
        _ scene: LiveScene,
        _ own: RehearsalShare,
        with agents: Agents = .none,
        on server: ServerUnderTest
    ) {
        self.scene = scene
        self.own = own
        self.agents = agents
        self.server = server
    }

    var scenario: Scenario { own.scenario }
    var recorder: RunRecorder { own.recorder }
    var time: LoopTime { own.time }

    /// Plays it, and waits for all that it has begun.
    func play() async throws {
        try await own.begin()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.playPolls() }
            group.addTask { await self.own.play() }
            for step in scenario.timeline {
                group.addTask {
                    guard await self.time.sleep(until: step.at) else { return }
                    switch step.action {
                    case .presence(let presence): await self.play(presence, at: step.at)
                    case .restart(let restart): await self.play(restart)
                    case .poll, .reads, .drop, .stall: break
                    }
                }
            }
        }
        try Task.checkCancellation()
        try await finish()
    }

    /// Polls follow one another, since a meeting votes on one thing at a time.
    private func playPolls() async throws {
        var count = 0
        for (number, step) in scenario.timeline.enumerated() {
            guard case .poll(let poll) = step.action else { continue }
            count += 1
            guard await time.sleep(until: step.at) else { return }
            let votes = PollVotes(own, poll, step: number, at: step.at)
            try await PollRun(self, votes, called: "poll-\(count)").play()
        }
    }

    /// What is under way arrives, and who is on the way back returns.
    private func finish() async throws {
        async let others: Void = agents.settle()
        let isSettled = try await own.settle()
        var last: UInt64?
        try await others
        if isSettled, scenario.followers > 0 {
            recorder.plan(.commands, 1)
            let begin = time.now
            do throws(RPCError) {
                let index = try await scene.publishSmall()
                recorder.succeeded(.commands, planned: begin, end: time.now)
                last = index
                // Whoever is live and gets nothing more would not be noticed otherwise.
                await own.waitForEvent(of: index)
            } catch {
                recorder.failed(.commands, planned: begin, error)
            }
            try await Task.sleep(for: Self.lastDelivery)
        }
        try await own.finish()
        for record in try await agents.collect(for: scenario, after: last) {
            recorder.update { $0.add(record) }
        }
    }
}
