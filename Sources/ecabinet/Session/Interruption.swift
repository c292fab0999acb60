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
        let work = Task { try await body() }
        let watching = Task.detached { await watch(signals, over: work) }
        let result = await work.result
        watching.cancel()
        guard !work.isCancelled else { throw Failure.interrupted }
        try result.get()
    }

    private static func watch(
        _ signals: UnixSignalsSequence,
        over work: Task<Void, any Error>
    ) async {
        for await _ in signals {
            guard !work.isCancelled else { endAtOnce() }
            work.cancel()
            Task.detached {
                try? await Task.sleep(for: patience)
                endAtOnce()
            }
        }
    }

    /// Ends the program without waiting for anything.
    private static func endAtOnce() -> Never {
        TerminalRestoration.restore()
        _exit(ExitStatus.interrupted.rawValue)
    }
}
