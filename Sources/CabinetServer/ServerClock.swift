internal import CabinetLocks
public import CabinetModel

/// The server's clock: the wall clock as it was at start, and the time that has passed since.
///
/// The times of entries, the timers of polls and the validity of certificates go by it. Whoever sets the
/// system's clock while a poll is open so closes no poll early, keeps none open, and puts no time into a
/// log that is not before the next ones.
///
/// - It never goes back.
/// - Where the wall clock differs by ``maximumDriftMilliseconds`` at most, it is followed: slowly, by one
///   part in 200. So it is kept with the world by whatever keeps the system's clock.
/// - A larger difference is that of a clock that was set. It is not followed, and reported once: a server
///   that starts again takes the new time.
public final class ServerClock: Sendable {
    /// What is taken for drift. A clock that is kept by NTP has milliseconds.
    public static let maximumDriftMilliseconds: Int64 = 10_000
    /// How far an entry of a log may be ahead of the wall clock at start, for the server's clock to begin
    /// there: a day. ``startNotBefore(_:)``.
    public static let maximumLeadMilliseconds: Int64 = 86_400_000
    /// The clock is corrected by one millisecond in so many.
    fileprivate static let slewDivisor: Int64 = 200
    /// How often the wall clock is looked at.
    fileprivate static let interval: Int64 = 1_000

    fileprivate struct State {
        /// The time, and what had passed then.
        var anchor: Int64
        var elapsed: Int64
        /// The latest time that was given out.
        var latest: Int64
        var isApart = false
    }

    private let wall: @Sendable () -> Int64
    private let elapsed: @Sendable () -> Int64
    private let report: @Sendable (Int64) -> Void
    private let state: Guarded<State>

    /// - Parameters:
    ///   - wall: Milliseconds since 1970-01-01T00:00:00Z.
    ///   - elapsed: Milliseconds since some moment, by a clock that nobody sets. It counts while the
    ///     machine sleeps.
    ///   - report: Is told by how many milliseconds the wall clock was set ahead of this one, or behind it
    ///     where it is negative.
    /// - Throws: `InvalidValue` where the wall clock is before 1970.
    public init(
        wall: @escaping @Sendable () -> Int64,
        elapsed: @escaping @Sendable () -> Int64,
        report: @escaping @Sendable (Int64) -> Void
    ) throws(InvalidValue) {
        let start = try Moment(unixMilliseconds: wall()).unixMilliseconds
        self.wall = wall
        self.elapsed = elapsed
        self.report = report
        state = Guarded(State(anchor: start, elapsed: elapsed(), latest: start))
    }

    /// The time.
    @Sendable public func now() -> Moment {
        let passed = elapsed()
        let (time, step) = state.withLock { state -> (Int64, Int64?) in
            let step = state.advance(to: passed, wall: wall)
            return (state.latest, step)
        }
        if let step { report(step) }
        do {
            return try Moment(unixMilliseconds: time)
        } catch {
            preconditionFailure("a clock that never goes back is before its start")
        }
    }

    /// Goes on from a time, if that is later: that of the newest entry of a log. The wall clock may have
    /// been set back before the server started, and a meeting that is in session must go on.
    func startNotBefore(_ moment: Moment) {
        let passed = elapsed()
        state.withLock { state in
            guard state.latest < moment.unixMilliseconds else { return }
            state.anchor = moment.unixMilliseconds
            state.elapsed = passed
            state.latest = moment.unixMilliseconds
        }
    }
}

extension ServerClock.State {
    /// - Returns: By how much the wall clock was set, where it has just been found out.
    fileprivate mutating func advance(to now: Int64, wall: () -> Int64) -> Int64? {
        let passed = max(0, now - elapsed)
        let time = anchor + passed
        latest = max(latest, time)
        guard passed >= ServerClock.interval else { return nil }
        let difference = wall() - time
        anchor = time
        elapsed = now
        guard difference.magnitude <= ServerClock.maximumDriftMilliseconds.magnitude else {
            defer { isApart = true }
            return isApart ? nil : difference
        }
        isApart = false
        let limit = passed / ServerClock.slewDivisor
        anchor += min(max(difference, -limit), limit)
        return nil
    }
}
