import Foundation
import UnixSignals

/// Ctrl-C, and being told to stop.
enum Interruption {
    /// How long what was interrupted may take to tidy up.
    private static let patience = Duration.seconds(3)

    /// Runs something, and cancels it at the first signal. At the second, or where it does not end soon, the
    /// program ends at once.
    ///
    /// - Throws: What `body` throws; ``Failure/interrupted`` after a signal.
    static func heeding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await body()
                return true
            }
            group.addTask {
                for await _ in signals { return false }
                // Cancelled: the body has ended.
                try await Task.sleep(for: .seconds(86_400))
                return false
            }
            let isDone = try await group.next() ?? true
            group.cancelAll()
            guard !isDone else { return }
            let last = Task.detached { await endSoon(signals) }
            defer { last.cancel() }
            _ = try? await group.next()
            throw Failure.interrupted
        }
    }

    /// Ends the program at a further signal, or when its patience is over; does nothing when cancelled.
    private static func endSoon(_ signals: UnixSignalsSequence) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for await _ in signals { break } }
            group.addTask { try? await Task.sleep(for: patience) }
            await group.next()
            group.cancelAll()
        }
        guard !Task.isCancelled else { return }
        _exit(ExitStatus.interrupted.rawValue)
    }
}
