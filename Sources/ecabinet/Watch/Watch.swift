import CabinetBoard
import CabinetClient
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC

/// What shows a meeting to somebody.
protocol WatchView: Sendable {
    /// Whether it is to be shown anew when nothing has happened, as time goes on.
    var hasClock: Bool { get }

    /// Shows how things stand.
    func show(_ scene: BoardScene) async throws

    /// Tells of everything that is to be shown for the view's own reasons, and returns when its reader
    /// wants no more; throws where it is cancelled.
    func attend(_ redraw: @escaping @Sendable () -> Void) async throws
}

/// A meeting that is followed and shown, until its reader wants no more or it cannot be followed.
struct Watch<C: Clock>: Sendable where C.Instant == ContinuousClock.Instant {
    /// Between two pictures: more often nobody could read it, and a terminal far away would lag behind.
    private static var leastInterval: Duration { .milliseconds(50) }
    /// After which the time is shown anew.
    private static var tick: Duration { .seconds(1) }

    private let meeting: MeetingID
    /// Those to try, one after the other.
    private let audiences: [Audience]
    private let rpc: RPCClient
    private let installation: TrustedInstallation
    private let journal: any CheckpointJournal
    private let clock: C
    private let now: @Sendable () -> Moment

    init(
        of meeting: MeetingID,
        as audiences: [Audience],
        over rpc: RPCClient,
        in installation: TrustedInstallation,
        journal: any CheckpointJournal,
        clock: C,
        now: @escaping @Sendable () -> Moment
    ) {
        self.meeting = meeting
        self.audiences = audiences
        self.rpc = rpc
        self.installation = installation
        self.journal = journal
        self.clock = clock
        self.now = now
    }

    /// What is followed now.
    private struct Followed: Sendable {
        let replica: MeetingReplica
        let presence: PresenceReplica
    }

    /// - Throws: `ReplicaError` where the meeting cannot be followed; what the view throws;
    ///   `CancellationError` where it was cancelled.
    func run(_ view: some WatchView) async throws {
        let followed = Guarded<Followed?>(nil)
        let (wakes, wake) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let redraw: @Sendable () -> Void = { wake.yield() }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await view.attend(redraw) }
            group.addTask { try await followAny(followed, redraw) }
            group.addTask {
                for await _ in wakes {
                    guard let followed = followed.withLock({ $0 }) else { continue }
                    try await view.show(scene(followed))
                    try await clock.sleep(for: Self.leastInterval)
                }
            }
            if view.hasClock {
                group.addTask {
                    while true {
                        try await clock.sleep(for: Self.tick)
                        redraw()
                    }
                }
            }
            // The first that ends, ends all: the others go on as long as they are not cancelled.
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }

    /// Follows the meeting as the first audience that the server lets this device be.
    private func followAny(
        _ followed: Guarded<Followed?>,
        _ redraw: @escaping @Sendable () -> Void
    ) async throws {
        for audience in audiences {
            do {
                return try await follow(as: audience, followed, redraw)
            } catch ReplicaError.refused(let error)
                where error.failureReason == .roleRequired && audience != audiences.last
            {
                // Another may be this person's.
                continue
            }
        }
    }

    private func follow(
        as audience: Audience,
        _ followed: Guarded<Followed?>,
        _ redraw: @escaping @Sendable () -> Void
    ) async throws {
        let replica = try MeetingReplica(
            of: meeting,
            for: audience,
            over: rpc,
            in: installation,
            journal: journal,
            policy: Self.policy,
            clock: clock
        )
        let presence = PresenceReplica(of: meeting, over: rpc, policy: Self.policy, clock: clock)
        defer {
            replica.stop()
            presence.stop()
        }
        followed.withLock { $0 = Followed(replica: replica, presence: presence) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for try await _ in replica.pictures { redraw() } }
            group.addTask { try await watchPresence(presence, redraw) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// Who may not see who is connected does without. It never ends but by being cancelled.
    private func watchPresence(
        _ presence: PresenceReplica,
        _ redraw: @Sendable () -> Void
    ) async throws {
        do throws(ReplicaError) {
            for try await _ in presence.pictures { redraw() }
        } catch {
            redraw()
        }
        while true { try await clock.sleep(for: .seconds(3_600)) }
    }

    private func scene(_ followed: Followed) -> BoardScene {
        let picture = followed.replica.picture
        let connected = followed.presence.picture
        return BoardScene(
            meeting: meeting,
            state: picture.state,
            condition: picture.condition,
            // While it is not live it is what it was.
            connected: connected.condition == .live ? connected.state : nil,
            now: now(),
            instant: clock.now
        )
    }

    /// A person looks on: the board is back within seconds of the server.
    private static var policy: ReplicaPolicy {
        ReplicaPolicy(backoff: Backoff(first: .milliseconds(100), most: .seconds(3)))
    }
}
