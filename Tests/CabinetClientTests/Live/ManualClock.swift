import CabinetLocks

/// A clock that a test moves.
final class ManualClock: Clock {
    typealias Instant = ContinuousClock.Instant

    private struct Sleeper {
        let end: Instant
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = ContinuousClock.now
        var sleepers: [Int: Sleeper] = [:]
        var count = 0
    }

    private let state = Guarded(State())
    /// How long each wants to sleep who does, in the order in which they began.
    let sleeps = Mailbox<Duration>()

    var now: Instant { state.withLock { $0.now } }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) async throws {
        let (number, now) = state.withLock { state in
            state.count += 1
            return (state.count, state.now)
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sleeps = state.withLock { state in
                    guard state.now < deadline, !Task.isCancelled else { return false }
                    state.sleepers[number] = Sleeper(end: deadline, continuation: continuation)
                    return true
                }
                if !sleeps { continuation.resume() }
                self.sleeps.put(now.duration(to: deadline))
            }
        } onCancel: {
            state.withLock { $0.sleepers.removeValue(forKey: number) }?.continuation.resume()
        }
        try Task.checkCancellation()
    }

    /// Lets time pass, and wakes those who have slept long enough.
    func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let woken = state.sleepers.filter { $0.value.end <= state.now }
            for number in woken.keys { state.sleepers[number] = nil }
            return Array(woken.values)
        }
        for sleeper in woken { sleeper.continuation.resume() }
    }

    /// Waits until somebody sleeps, and lets just that time pass.
    @discardableResult
    func passSleep() async -> Duration {
        let pause = await sleeps.take() ?? .zero
        advance(by: pause)
        return pause
    }
}
