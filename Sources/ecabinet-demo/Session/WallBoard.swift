import CabinetBoard
import CabinetClient
import CabinetModel
import CabinetRPC
import CommandSupport

/// The board in the meeting room: it follows the meeting over a connection of its own, and is shown.
final class WallBoard: Sendable {
    /// What it waits for is there in far less.
    private static let limit = Duration.seconds(30)

    private let meeting: MeetingID
    private let replica: MeetingReplica
    /// Over the secretary's connection: displays do not see who is connected.
    private let presence: PresenceReplica

    /// - Parameters:
    ///   - rpc: Of the board.
    ///   - secretary: The connection of the secretary's device.
    init(
        of meeting: MeetingID,
        over rpc: RPCClient,
        in installation: TrustedInstallation,
        secretary: RPCClient
    ) throws {
        self.meeting = meeting
        replica = try MeetingReplica(
            of: meeting,
            for: .display,
            over: rpc,
            in: installation,
            // The board has nothing to remember from one meeting to the next.
            journal: MemoryBallotJournal()
        )
        presence = PresenceReplica(of: meeting, over: secretary)
    }

    /// Shows how things stand, whenever something has changed, until it is stopped.
    ///
    /// - Throws: `ReplicaError` where it cannot follow.
    func run(on show: Show) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [self] in
                for try await _ in replica.pictures { showScene(on: show) }
            }
            group.addTask { [self] in try await followPresence(on: show) }
            // The time is shown as well.
            group.addTask { [self] in
                while !Task.isCancelled, replica.picture.condition != .ended {
                    try await Task.sleep(for: .milliseconds(200))
                    showScene(on: show)
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// When the meeting is over nobody is told any more who is connected; the board goes on without. It ends
    /// when it is cancelled.
    private func followPresence(on show: Show) async throws {
        do throws(ReplicaError) {
            for try await _ in presence.pictures { showScene(on: show) }
        } catch {
            showScene(on: show)
        }
        while true { try await Task.sleep(for: .seconds(3_600)) }
    }

    private func showScene(on show: Show) {
        // A clock before 1970 shows nothing.
        guard let now = try? Moment(unixMilliseconds: WallClock.milliseconds()) else { return }
        let picture = replica.picture
        let connected = presence.picture
        show.board(
            BoardScene(
                meeting: meeting,
                state: picture.state,
                condition: picture.condition,
                connected: connected.condition == .live ? connected.state : nil,
                now: now,
                instant: ContinuousClock.now
            )
        )
    }

    /// Waits until the board shows something.
    ///
    /// - Parameter what: For who is told that it does not.
    func wait(
        for what: Phrase,
        _ isShown: @escaping @Sendable (ReplicaState) -> Bool
    ) async throws {
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask { [replica] in
                for try await picture in replica.pictures {
                    if picture.condition == .live, let state = picture.state, isShown(state) {
                        return true
                    }
                }
                return false
            }
            group.addTask {
                try await Task.sleep(for: Self.limit)
                return false
            }
            defer { group.cancelAll() }
            guard try await group.next() == true else {
                try Task.checkCancellation()
                throw DemoFailure(
                    vi: "màn hình không hiện \(what.vietnamese)",
                    en: "the wall board does not show \(what.english)"
                )
            }
        }
    }

    /// How far it has followed the log.
    var sequenceNumber: UInt64 { replica.picture.state?.sequenceNumber ?? 0 }

    func stop() {
        presence.stop()
        replica.stop()
    }
}
