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
    func sleep(until time: Duration) async {
        guard time > now else { return }
        let deadline = begin + TimeAmount.nanoseconds(Int64(time / .nanoseconds(1)))
        await withCheckedContinuation { continuation in
            _ = eventLoop.scheduleTask(deadline: deadline) { continuation.resume() }
        }
    }
}
