import Histogram

/// Followers who stop reading, beside others whom that must not slow down.
final class StalledTest {
    /// What was measured in a round.
    struct Round: Sendable {
        /// Nanoseconds from the call that publishes until each of those who read has the event.
        var without: Histogram<UInt64>
        var with: Histogram<UInt64>
        /// Until those who had stopped had everything, when they read again.
        var caughtUp: Duration
        /// Connections of theirs that the server had ended.
        var ended: Int
        /// Snapshots that they got in place of events.
        var snapshots: Int
    }

    /// The server's memory in KiB: with those who read alone, with the others beside them, and when these
    /// have stopped and no more can be sent to them.
    struct Memory: Sendable {
        var before: Int
        var joined: Int
        var stalled: Int
    }

    /// Large events, more than fits into the buffers between the server and one who does not read.
    private static let fillingEvents = 60
    /// The server ends a connection to which it could not write for 10 seconds.
    private static let longStall = Duration.seconds(15)
    private static let pause = Duration.milliseconds(20)

    private let scene: LiveScene
    private let readers: Range<Int>
    private let stalled: Range<Int>
    private let events: Int
    private let memory: ProcessMemory

    /// - Parameters:
    ///   - events: Of which the delivery is measured, in each half of a round.
    ///   - memory: The server's.
    init(_ scene: LiveScene, readers: Int, stalled: Int, events: Int, _ memory: ProcessMemory) {
        self.scene = scene
        self.readers = 0..<readers
        self.stalled = readers..<readers + stalled
        self.events = events
        self.memory = memory
    }

    private var group: FollowerGroup { scene.group }

    /// Makes the followers, and has those connect who read all the time.
    func prepare(_ generator: inout SeededGenerator) async throws {
        try await scene.addFollowers(readers.count, generator: &generator)
        try await scene.addFollowers(
            stalled.count,
            haveSmallBuffers: true,
            generator: &generator
        )
        try await group.follow(readers)
    }

    /// Measures without the others, and with them.
    ///
    /// - Parameter isLong: Whether they stop for so long that the server ends their connections.
    func round(isLong: Bool = false) async throws -> (Round, Memory) {
        _ = try await scene.publishLarge(Self.fillingEvents)
        let without = try await measure()
        let before = try memory.residentKiB()

        try await group.follow(stalled)
        let joined = try memory.residentKiB()
        try await group.resetFigures()
        try await group.setReading(stalled, false)
        let last = try await scene.publishLarge(Self.fillingEvents)
        try await group.wait(readers, for: last)
        let with = try await measure()
        let full = try memory.residentKiB()
        if isLong { try await Task.sleep(for: Self.longStall) }

        let begin = ContinuousClock.now
        try await group.setReading(stalled, true)
        try await scene.publishSmall()
        try await group.wait(stalled, for: last + UInt64(events) + 1)
        let caughtUp = ContinuousClock.now - begin
        let figures = try await group.currentFigures()
        try await group.drop(stalled, andReturn: false)
        return (
            Round(
                without: without,
                with: with,
                caughtUp: caughtUp,
                ended: figures.losses,
                snapshots: figures.snapshots
            ),
            Memory(before: before, joined: joined, stalled: full)
        )
    }

    private func measure() async throws -> Histogram<UInt64> {
        _ = try await group.takeDeliveries()
        for _ in 0..<events {
            try await group.measure { try await scene.publishSmall() }
            try await Task.sleep(for: Self.pause)
        }
        return try await group.takeDeliveries()
    }
}
