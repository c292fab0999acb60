import CabinetAPI
import CabinetLoad
import CabinetLocks
import CabinetModel
import CabinetRPC
import CommandSupport
import NIOCore

/// A scenario that is played on a server: all that is on its timeline happens when it is planned,
/// whatever the server does.
final class Rehearsal: Sendable {
    let scenario: Scenario
    let scene: LiveScene
    let recorder: RunRecorder
    let server: ServerUnderTest
    let time: LoopTime
    let seed: UInt64
    private let deliveries: Guarded<DeliveryTimes>

    /// - Parameters:
    ///   - scene: In which everybody is connected and follows.
    ///   - time: Begins a moment from now.
    init(
        _ scene: LiveScene,
        on server: ServerUnderTest,
        recorder: RunRecorder,
        time: LoopTime,
        seed: UInt64
    ) {
        scenario = scene.scenario
        self.scene = scene
        self.server = server
        self.recorder = recorder
        self.time = time
        self.seed = seed
        deliveries = Guarded(DeliveryTimes(for: scene.scenario.plannedDuration))
    }

    /// Plays it, and waits for all that it has begun.
    func play() async throws {
        try await scene.group.resetFigures()
        try await scene.group.observeArrivals { [deliveries, time] sequences, now in
            let now = time.since(now)
            deliveries.withLock { deliveries in
                for sequence in sequences { deliveries.arrived(sequence, at: now) }
            }
        }
        await withDiscardingTaskGroup { group in
            group.addTask { await self.playPolls() }
            for (number, step) in scenario.timeline.enumerated() {
                group.addTask {
                    await self.time.sleep(until: step.at)
                    await self.play(step, number)
                }
            }
            group.addTask { await self.time.sleep(until: self.scenario.plannedDuration) }
        }
        try await finish()
    }

    private func play(_ step: Scenario.Step, _ number: Int) async {
        switch step.action {
        case .poll: break
        case .reads(let reads): await play(reads, at: step.at, number)
        case .presence(let presence): await play(presence, at: step.at)
        case .drop(let drop): await play(drop, at: step.at, number)
        case .stall(let stall): await play(stall)
        case .restart(let restart): await play(restart)
        }
    }

    /// Polls follow one another, since a meeting votes on one thing at a time.
    private func playPolls() async {
        var count = 0
        for (number, step) in scenario.timeline.enumerated() {
            guard case .poll(let poll) = step.action else { continue }
            count += 1
            await time.sleep(until: step.at)
            await PollRun(self, poll, called: "poll-\(count)", step: number, at: step.at).play()
        }
    }

    /// Choices of a step, the same for the same seed.
    func generator(of step: Int) -> SeededGenerator {
        SeededGenerator(seed: seed &+ UInt64(step) &* 0x9e37_79b9_7f4a_7c15)
    }

    /// The answer to the command of an entry is here.
    func answered(_ index: UInt64) {
        let now = time.now
        deliveries.withLock { $0.answered(index &+ 1, at: now) }
    }

    // MARK: - The end

    /// Puts down what the followers saw.
    private func finish() async throws {
        let duration = time.now
        // What is under way arrives, and who is on the way back returns.
        try await settle()
        let figures = try await scene.group.currentFigures()
        let broken = await scene.brokenWord()
        let deliveries = deliveries.withLock { $0.series }
        recorder.update { record in
            record.duration = duration
            record.followers.deliveries = deliveries
            record.followers.connections = figures.connections
            record.followers.resumedSessions = figures.resumed
            record.followers.losses = figures.losses
            record.followers.snapshots = figures.snapshots
            for comeBack in figures.returns {
                record.followers.returns.record(
                    .nanoseconds(comeBack.after.nanoseconds),
                    at: time.since(comeBack.at)
                )
            }
            record.broken = record.broken ?? broken
        }
    }

    /// Waits until everybody is live again and has the newest event.
    private func settle() async throws {
        let all = 0..<scenario.followers
        guard !all.isEmpty else { return }
        do {
            try await scene.group.waitUntilLive(all)
            try await scene.publishSmall()
            try await Task.sleep(for: Self.lastDelivery)
        } catch let broken as FollowerGroup.Broken {
            recorder.update { $0.broken = $0.broken ?? broken.description }
        } catch let error as RPCError {
            recorder.failed(.commands, planned: time.now, error)
        }
    }

    /// For events that are on their way at the end.
    private static let lastDelivery = Duration.milliseconds(500)
}
