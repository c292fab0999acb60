internal import CabinetLedger
internal import CabinetLocks
internal import CabinetRPC

/// What a replica has seen of a log, and when it compares that with the log.
final class LogWatch: Sendable {
    private struct Progress {
        /// How many entries the log is known to have had.
        var seen: UInt64 = 0
        /// With how many the log was found to go on from what was seen.
        var compared: UInt64 = 0
    }

    private let history: MeetingHistory
    private let progress = Guarded(Progress())

    init(_ history: MeetingHistory) {
        self.history = history
    }

    /// The events up to that number have come.
    func see(_ sequenceNumber: UInt64) {
        progress.withLock { $0.seen = max($0.seen, sequenceNumber) }
    }

    /// Has the server prove that the log goes on from everything that was seen of it.
    func compare() async throws(HistoryError) {
        let proven = try await history.verify(atLeast: progress.withLock { $0.seen })
        progress.withLock { $0.compared = max($0.compared, proven.checkpoint.treeSize) }
    }

    /// Compares again and again, where something has happened, until the task is cancelled.
    ///
    /// - Returns: Why the log cannot be followed any more. That the server does not answer is no such reason:
    ///   the log is compared again on the next connection.
    func run(every interval: Duration, _ clock: ReplicaClock) async -> HistoryError? {
        while true {
            do {
                // Many replicas that connected together do not ask together.
                try await clock.sleep(interval * Double.random(in: 0.5...1))
            } catch {
                return nil
            }
            guard progress.withLock({ $0.seen > $0.compared }) else { continue }
            do throws(HistoryError) {
                try await compare()
            } catch {
                if case .call = error { continue }
                return error
            }
        }
    }
}
