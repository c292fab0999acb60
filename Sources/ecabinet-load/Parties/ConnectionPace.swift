import CabinetLocks

/// Has connections of one address wait as long as a server lets it by its default settings: some in one go,
/// and then a number each second. It keeps a little below ecabinetd's limits, since others may connect as well.
final class ConnectionPace: Sendable {
    private static let burst = 200
    private static let perSecond = 25
    private static let interval = Duration.seconds(1) / perSecond

    /// When the address is without any connections that count against it.
    private let idleAt = Guarded<ContinuousClock.Instant?>(nil)

    /// Waits until some more connections can be made, and counts them.
    func wait(for count: Int = 1) async throws {
        let now = ContinuousClock.now
        let idle = idleAt.withLock { idleAt in
            let idle = max(idleAt ?? now, now) + Self.interval * count
            idleAt = idle
            return idle
        }
        try await ContinuousClock().sleep(until: idle - Self.interval * Self.burst)
    }

    /// How long it takes to make a number of connections, at least.
    static func time(of count: Int) -> Duration { interval * max(0, count - burst) }
}
