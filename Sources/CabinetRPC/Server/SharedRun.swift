internal import CabinetLocks

/// Runs something once at a time: whoever asks while it runs shares the next run with all others who do.
///
/// So each run begins after it was asked for, and no more than one waits, however many ask.
final class SharedRun: Sendable {
    private struct State {
        var last: Task<Void, Never>?
        var hasBegun = true
    }

    private let state = Guarded(State())

    /// Returns when a run has ended that began after this was called.
    func run(_ body: @escaping @Sendable () async -> Void) async {
        let task = state.withLock { state in
            if let last = state.last, !state.hasBegun { return last }
            let previous = state.last
            let task = Task {
                await previous?.value
                self.state.withLock { $0.hasBegun = true }
                await body()
            }
            state.last = task
            state.hasBegun = false
            return task
        }
        await task.value
    }
}
