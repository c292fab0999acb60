import CabinetLocks
import CabinetModel
import CabinetRPC

/// Followers who lose their connections all at once and return, while members vote.
final class ComebackTest {
    /// What was measured of a storm.
    struct Storm: Sendable {
        var group: FollowerGroup.Figures
        /// Until everybody was live.
        var duration: Duration
        /// Of ballots that were cast meanwhile.
        var votes: [Duration]
        /// The server's memory in KiB.
        var memoryBefore: Int
        var memoryPeak: Int
        var memoryAfter: Int
    }

    /// Before the storm, so that votes are on their way.
    private static let lead = Duration.milliseconds(500)
    /// Before memory counts as that after the storm.
    private static let calm = Duration.seconds(2)

    private let scene: LiveScene
    private let followers: Range<Int>
    private let interval: Duration
    /// Ballots of a member in a poll.
    private let ballots: Int
    private let memory: ProcessMemory
    private var generator: SeededGenerator
    private var pollCount = 0

    /// - Parameters:
    ///   - votesPerSecond: Of all members together, all the time.
    ///   - pollDuration: How long they vote, as far as they may.
    ///   - memory: The server's.
    init(
        _ scene: LiveScene,
        followers: Int,
        votesPerSecond: Int,
        pollDuration: Duration,
        _ memory: ProcessMemory,
        _ generator: SeededGenerator
    ) {
        self.scene = scene
        self.followers = 0..<followers
        interval = .seconds(1) / votesPerSecond
        let members = scene.crowd.voters.count
        ballots = min(
            Assembly.maximumBallots,
            max(1, Int(pollDuration / interval) / members)
        )
        self.memory = memory
        self.generator = generator
    }

    private var group: FollowerGroup { scene.group }

    /// Makes the followers, and has them connect.
    func prepare() async throws {
        // Otherwise they would slow the voters down, with whom they share a processor here alone.
        try await group.yieldToOthers()
        try await scene.addFollowers(followers.count, generator: &generator)
        try await group.follow(followers)
    }

    /// Measures votes while nothing else happens.
    func quiet() async throws -> [Duration] {
        let votes = try await nextVotes()
        return try await votes.cast(in: scene.assembly).map(\.latency)
    }

    /// - Parameter hasForgotten: Whether the followers begin anew, as programs that were started again.
    func storm(hasForgotten: Bool) async throws -> Storm {
        let before = try memory.residentKiB()
        let votes = try await nextVotes()
        let casting = Task { [assembly = scene.assembly] in try await votes.cast(in: assembly) }
        try await Task.sleep(for: Self.lead)
        let peak = Task { [memory] in try await memory.peakKiB() }
        try await group.resetFigures()
        let begin = ContinuousClock.now
        try await group.drop(followers, andReturn: true, hasForgotten: hasForgotten)
        try await group.waitUntilLive(followers)
        let end = ContinuousClock.now
        let casts = try await casting.value
        peak.cancel()
        try await Task.sleep(for: Self.calm)
        return Storm(
            group: try await group.currentFigures(),
            duration: end - begin,
            votes: casts.filter { $0.begin >= begin && $0.begin <= end }.map(\.latency),
            memoryBefore: before,
            memoryPeak: try await peak.value,
            memoryAfter: try memory.residentKiB()
        )
    }

    private func nextVotes() async throws -> PacedVotes {
        pollCount += 1
        return PacedVotes(
            poll: try await scene.assembly.openPoll(try PollID("poll-\(pollCount)")),
            plans: try scene.crowd.voters.map { voter in
                let plan = try (1...ballots).map {
                    try PlannedBallot(revision: $0, &generator)
                }
                return (voter, plan)
            },
            interval: interval,
            executor: scene.crowd.executor
        )
    }
}

/// Members who vote in a poll at a steady pace, whatever the server does.
private struct PacedVotes: Sendable {
    struct Cast: Sendable {
        let begin: ContinuousClock.Instant
        let latency: Duration
    }

    let poll: OpenPoll
    let plans: [(Voter, [PlannedBallot])]
    /// From one ballot to the next, whoever casts it.
    let interval: Duration
    let executor: LoopTaskExecutor

    /// Has everybody vote, and closes the poll.
    func cast(in assembly: Assembly) async throws -> [Cast] {
        let casts = Guarded<[Cast]>([])
        let start = ContinuousClock.now
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, (voter, plan)) in plans.enumerated() {
                group.addTask(executorPreference: executor) {
                    for (number, ballot) in plan.enumerated() {
                        // A member who had to wait is late for the next one, and that counts.
                        let begin = start + interval * (number * plans.count + index)
                        try await ContinuousClock().sleep(until: begin)
                        try await ballot.cast(voter, poll)
                        let cast = Cast(begin: begin, latency: ContinuousClock.now - begin)
                        casts.withLock { $0.append(cast) }
                    }
                }
            }
            try await group.waitForAll()
        }
        _ = try await assembly.closePoll(poll.poll)
        return casts.withLock { $0 }
    }
}
