import Foundation

/// Keeps other processes from what a file stands for, for as long as this exists.
final class FileLock: Sendable {
    private let descriptor: Int32

    /// Waits until no other process has the lock.
    init(_ path: String) throws(Failure) {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Failure(cannotWrite: path, POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO))
        }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else {
                let error = POSIXError(POSIXErrorCode(rawValue: errno) ?? .EIO)
                close(descriptor)
                throw Failure(cannotWrite: path, error)
            }
        }
    }

    deinit { close(descriptor) }
}
