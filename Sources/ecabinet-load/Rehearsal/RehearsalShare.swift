import CabinetAPI
import CabinetLoad
import CabinetLocks
import CabinetModel
import CabinetRPC
import NIOCore

/// What one process plays of a rehearsal: what its members and followers do, when it is planned, whatever
/// the server does.
///
/// Each process makes the whole plan, which depends on the seed alone, and does what falls to its share.
final class RehearsalShare: Sendable {
    /// The processes of a rehearsal begin at nearly the same time.
    private static let beforeRestart = Duration.seconds(1)
    /// A restart begins after what the secretary has to do before it, and a server that stops takes its time.
    private static let afterRestart = Duration.seconds(120)

    let scenario: Scenario
    let crowd: Crowd
    let meeting: MeetingID
    let recorder: RunRecorder
    let time: LoopTime
    private let seed: UInt64
    private let deliveries: Guarded<DeliveryTimes>

    /// - Parameters:
    ///   - crowd: Everybody in it is connected and follows.
    ///   - time: Begins a moment from now.
    init(
        of crowd: Crowd,
        in meeting: MeetingID,
        recorder: RunRecorder,
        time: LoopTime,
        seed: UInt64
    ) {
        scenario = crowd.scenario
        self.crowd = crowd
        self.meeting = meeting
        self.recorder = recorder
        self.time = time
        self.seed = seed
        deliveries = Guarded(DeliveryTimes(for: crowd.scenario.plannedDuration))
    }

    /// Choices of a step, the same for the same seed.
    func generator(of step: Int) -> SeededGenerator {
        SeededGenerator(seed: seed, stream: step)
    }

    /// The answer to the command of an entry is here.
    func answered(_ index: UInt64) {
        let now = time.now
        deliveries.withLock { $0.answered(index &+ 1, at: now) }
    }

    // MARK: - From the beginning to the end

    /// To be called before the time begins.
    func begin() async throws {
        try await crowd.group.resetFigures()
        if !crowd.followers.isEmpty { try await crowd.group.watchLag() }
        try await crowd.group.observeArrivals { [deliveries, time] sequences, now in
            let now = time.since(now)
            deliveries.withLock { deliveries in
                for sequence in sequences { deliveries.arrived(sequence, at: now) }
            }
        }
    }

    /// Plays all that is planned but polls, and waits for what it has begun.
    func play() async {
        await withDiscardingTaskGroup { group in
            for (number, step) in scenario.timeline.enumerated() {
                group.addTask {
                    guard await self.time.sleep(until: step.at) else { return }
                    await self.play(step, number)
                }
            }
            group.addTask { await self.time.sleep(until: self.scenario.plannedDuration) }
        }
    }

    private func play(_ step: Scenario.Step, _ number: Int) async {
        switch step.action {
        case .reads(let reads): await play(reads, at: step.at, number)
        case .drop(let drop): await play(drop, at: step.at, number)
        case .stall(let stall): await play(stall)
        // They are for who coordinates it.
        case .poll, .presence, .restart: break
        }
    }

    /// Whether the plan ends connections at some time: the server is restarted then, or about then.
    private func isWanted(_ loss: Duration) -> Bool {
        scenario.timeline.contains { step in
            guard case .restart = step.action else { return false }
            return loss >= step.at - Self.beforeRestart && loss <= step.at + Self.afterRestart
        }
    }

    /// Waits until everybody is live again, at the end.
    ///
    /// - Returns: Whether they are.
    func settle() async throws -> Bool {
        let duration = time.now
        recorder.update { $0.duration = duration }
        do {
            try await crowd.group.waitUntilLive(crowd.followers)
            return true
        } catch let broken as FollowerGroup.Broken {
            recorder.update { $0.broken = $0.broken ?? broken.description }
            return false
        }
    }

    /// Waits until all followers have the event of an entry.
    func waitForEvent(of index: UInt64) async {
        do {
            try await crowd.group.wait(crowd.followers, for: index &+ 1)
        } catch {
            recorder.update { $0.broken = $0.broken ?? "\(error)" }
        }
    }

    /// Puts down what the followers saw.
    func finish() async throws {
        let figures = try await crowd.group.currentFigures()
        let broken = await crowd.brokenWord()
        let deliveries = deliveries.withLock { $0.series }
        recorder.update { record in
            record.followers.deliveries = deliveries
            record.followers.connections = figures.connections
            record.followers.resumedSessions = figures.resumed
            record.followers.losses = figures.losses
            record.followers.snapshots = figures.snapshots
            record.followers.unwantedLosses = figures.liveLosses.count { !isWanted(time.since($0)) }
            record.followers.madeUp = figures.madeUp
            record.followers.passedOver = figures.passedOver
            record.readLateness = figures.readLateness
            for comeBack in figures.returns {
                record.followers.returns.record(
                    .nanoseconds(comeBack.after.nanoseconds),
                    at: time.since(comeBack.at)
                )
            }
            record.broken = record.broken ?? broken
        }
    }
}
