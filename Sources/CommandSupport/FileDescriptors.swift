internal import Glibc

/// The file descriptors that the system lets this process have.
public enum FileDescriptors {
    /// For everything but connections: files, event loops, standard streams.
    private static let reserve = 64

    /// Raises the soft limit, if it has to be, so that there can be that many connections.
    ///
    /// - Throws: ``TooFewDescriptors`` where the system does not allow so many.
    public static func allow(connections count: Int) throws(TooFewDescriptors) {
        let needed = rlim_t(clamping: count + reserve)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur >= needed { return }
        let allowed = limit.rlim_max
        limit.rlim_cur = needed
        guard needed <= allowed, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        else {
            throw TooFewDescriptors(
                description: "\(count) connections need \(needed) file descriptors, and the system "
                    + "allows \(allowed): take fewer connections, or raise the limit with ulimit -n"
            )
        }
    }
}

/// The system does not allow as many file descriptors as connections would need.
public struct TooFewDescriptors: Error, CustomStringConvertible {
    /// What to do about it.
    public let description: String
}
