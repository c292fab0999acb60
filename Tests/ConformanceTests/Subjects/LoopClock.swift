import NIOCore

/// Waiting by an event loop's clock, which is a case's to move where the loop is embedded.
struct LoopClock: Sendable {
    let eventLoop: any EventLoop

    /// - Throws: Where the task is cancelled.
    func sleep(_ duration: Duration) async throws {
        let (seconds, attoseconds) = duration.components
        let scheduled = eventLoop.scheduleTask(
            in: .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        ) {}
        try await withTaskCancellationHandler {
            try await scheduled.futureResult.get()
        } onCancel: {
            scheduled.cancel()
        }
    }

    /// Waits, and goes on waiting where the task is cancelled.
    func wait(_ duration: Duration) async {
        let (seconds, attoseconds) = duration.components
        let scheduled = eventLoop.scheduleTask(
            in: .nanoseconds(seconds * 1_000_000_000 + attoseconds / 1_000_000_000)
        ) {}
        try? await scheduled.futureResult.get()
    }
}
