import CabinetLocks
import CabinetMinutes
import Foundation

/// Files that are being written under a name of their own, and that nobody wants when the program ends.
///
/// A command writes one or two at a time, so that they are few.
final class UnfinishedFiles: Sendable {
    /// Those of this process.
    static let shared = UnfinishedFiles()

    /// The folders and tars among them.
    let minutes = UnfinishedMinutes()

    private struct State {
        var paths: Set<String> = []
        /// The program is about to end: no more are begun.
        var isClosed = false
    }

    private let state = Guarded(State())

    /// Makes a file, and has it removed where the program ends before ``forget(_:)``.
    ///
    /// - Returns: Its descriptor, for writing; less than 0, with `errno`, where there is none.
    func open(_ path: String, _ permissions: mode_t) -> Int32 {
        state.withLock { state in
            guard !state.isClosed else {
                errno = EINTR
                return -1
            }
            let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
            let descriptor = Foundation.open(path, flags, permissions)
            if descriptor >= 0 { state.paths.insert(path) }
            return descriptor
        }
    }

    /// The file is finished, or is removed.
    func forget(_ path: String) {
        state.withLock { _ = $0.paths.remove(path) }
    }

    /// Removes them all before the program ends.
    func removeAll() {
        state.withLock { state in
            state.isClosed = true
            for path in state.paths { unlink(path) }
        }
        minutes.removeAll()
    }
}
