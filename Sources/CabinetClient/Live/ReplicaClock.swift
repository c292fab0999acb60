/// The clock that a replica takes the time from, and waits by. Its instants are those of
/// `ContinuousClock`, which goes on while a device sleeps, and which nobody sets.
struct ReplicaClock: Sendable {
    let now: @Sendable () -> ContinuousClock.Instant
    let sleep: @Sendable (Duration) async throws -> Void

    init<C: Clock>(_ clock: C) where C.Instant == ContinuousClock.Instant {
        now = { clock.now }
        sleep = { duration in
            try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
        }
    }
}
