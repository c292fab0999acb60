import Glibc

/// The processor time of a process on this machine.
struct ProcessClock: Sendable {
    private let clock: clockid_t
    private let process: Int32

    /// - Parameter process: Its number.
    init(of process: Int32) {
        self.process = process
        // clock_getcpuclockid(3) makes it so.
        clock = clockid_t(~process << 3 | 2)
    }

    /// Of all its threads, in user and in system mode.
    ///
    /// - Throws: ``Failure`` where there is no such process.
    func now() throws(Failure) -> Duration {
        var time = timespec()
        guard clock_gettime(clock, &time) == 0 else {
            throw Failure(.unavailable, "there is no process \(process)")
        }
        return .seconds(Int64(time.tv_sec)) + .nanoseconds(Int64(time.tv_nsec))
    }
}
