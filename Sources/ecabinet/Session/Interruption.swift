import Foundation
import UnixSignals

/// Ctrl-C, being told to stop, and the end of the terminal.
enum Interruption {
    /// How long what was interrupted may take to tidy up.
    private static let patience = Duration.seconds(3)

    /// Runs something, and cancels it at the first signal. At the second, or where it does not end soon, the
    /// program ends at once; unfinished files are removed even then.
    ///
    /// Whatever came of it all the same is told: a ballot may be in the log when the signal comes.
    ///
    /// - Throws: What `body` throws, which is `CancellationError` where nothing came of it.
    static func heeding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await heeding(
            UnixSignalsSequence(trapping: signals),
            clock: ContinuousClock(),
            unfinished: .shared,
            endAtOnce: {
                TerminalRestoration.restore()
                _exit(ExitStatus.interrupted.rawValue)
            },
            body
        )
    }

    /// - Parameters:
    ///   - signals: Those that came.
    ///   - unfinished: What is removed before `endAtOnce`.
    ///   - endAtOnce: Ends the program.
    static func heeding<Signals: AsyncSequence & Sendable>(
        _ signals: Signals,
        clock: some Clock<Duration>,
        unfinished: UnfinishedFiles,
        endAtOnce: @escaping @Sendable () -> Void,
        _ body: @escaping @Sendable () async throws -> Void
    ) async throws where Signals.Element: Sendable {
        let end: @Sendable () -> Void = {
            unfinished.removeAll()
            endAtOnce()
        }
        let work = Task { try await body() }
        let watching = Task.detached {
            for try await _ in signals {
                guard !work.isCancelled else { return end() }
                work.cancel()
                Task.detached {
                    try await clock.sleep(for: patience)
                    end()
                }
            }
        }
        let result = await work.result
        watching.cancel()
        try result.get()
    }

    /// What ends the command. Under nohup(1) the end of the terminal does not.
    private static var signals: [UnixSignal] {
        var hangup = sigaction()
        sigaction(SIGHUP, nil, &hangup)
        let handler = unsafeBitCast(hangup.__sigaction_handler.sa_handler, to: Int.self)
        let isIgnored = handler == unsafeBitCast(SIG_IGN, to: Int.self)
        return [.sigint, .sigterm] + (isIgnored ? [] : [.sighup])
    }
}
