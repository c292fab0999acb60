#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Keeps a folder for one process: an advisory lock on a file in it, which the system takes back when
/// the process ends in whatever way.
package final class StoreLock {
    private let descriptor: Int32

    /// - Throws: ``StoreError/Kind/locked`` where another process has the folder.
    package init(folder: String) throws(StoreError) {
        let path = "\(folder)/lock"
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(
                .cannotOpen,
                "\(path) cannot be opened: \(String(cString: strerror(errno)))"
            )
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let isTaken = errno == EWOULDBLOCK
            let explanation = String(cString: strerror(errno))
            close(descriptor)
            throw isTaken
                ? StoreError(.locked, "another process has the data folder \(folder)")
                : StoreError(.cannotOpen, "\(path) cannot be locked: \(explanation)")
        }
    }

    deinit {
        // A child that is just being started has the descriptor as well, until it runs its program: closing
        // this one alone would leave the folder locked.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
