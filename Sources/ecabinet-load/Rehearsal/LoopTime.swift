import NIOCore

/// The time of a rehearsal, and waiting for it. An event loop wakes to the microsecond, where a task that
/// sleeps is some milliseconds late.
struct LoopTime: Sendable {
    let eventLoop: any EventLoop
    let begin: NIODeadline

    /// Since the beginning; less than nothing before.
    var now: Duration { since(.now()) }

    func since(_ time: NIODeadline) -> Duration { .nanoseconds((time - begin).nanoseconds) }

    /// Waits until a time, or not at all where it is over.
    ///
    /// - Returns: `false` where the task was cancelled: what is planned for then is not to be done.
    @discardableResult
    func sleep(until time: Duration) async -> Bool {
        guard time > now, !Task.isCancelled else { return !Task.isCancelled }
        let deadline = begin + TimeAmount.nanoseconds(Int64(time / .nanoseconds(1)))
        let wait = eventLoop.scheduleTask(deadline: deadline) {}
        await withTaskCancellationHandler {
            // It fails where it is cancelled.
            try? await wait.futureResult.get()
        } onCancel: {
            wait.cancel()
        }
        return !Task.isCancelled
    }
}
