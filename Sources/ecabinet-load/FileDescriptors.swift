import Glibc

/// The file descriptors that the system lets this process have.
enum FileDescriptors {
    /// For everything but connections: files, event loops, standard streams.
    private static let reserve = 64

    /// Raises the soft limit, if it has to be, so that there can be that many connections.
    static func allow(connections count: Int) throws(Failure) {
        let needed = rlim_t(clamping: count + reserve)
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
        if limit.rlim_cur >= needed { return }
        let allowed = limit.rlim_max
        limit.rlim_cur = needed
        guard needed <= allowed, setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
        else {
            throw Failure(
                .tooFewDescriptors,
                "\(count) connections need \(needed) file descriptors, and the system allows "
                    + "\(allowed): take fewer connections, or raise the limit with ulimit -n"
            )
        }
    }
}
