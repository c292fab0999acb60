import UnixSignals

/// Ctrl-C, Ctrl-\, a terminal that is closed, and being told to stop.
enum Interruption {
    /// Runs something, and cancels it at the first signal; what has been started is ended then. A further one
    /// changes nothing: there is a server to be ended first.
    ///
    /// - Throws: What `body` throws; ``DemoFailure/interrupted`` after a signal.
    static func heeding(_ body: @escaping @Sendable () async throws -> Void) async throws {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigquit, .sigterm, .sighup)
        let work = Task { try await body() }
        let watching = Task.detached {
            for await _ in signals { work.cancel() }
        }
        let result = await work.result
        watching.cancel()
        guard !work.isCancelled else { throw DemoFailure.interrupted }
        try result.get()
    }
}
