import Foundation

/// Whoever reads standard output, as the next program of a pipe does.
enum OutputReader {
    private enum End {
        case isDone
        case readerHasGone
        case isCancelled
    }

    /// Runs something that goes on printing, for as long as there is somebody to read it.
    ///
    /// What has nothing to print just then would not learn that its reader has gone.
    ///
    /// - Throws: ``OutputClosed`` as soon as the reader has gone; else what `body` throws.
    static func whileThere(_ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: End.self) { group in
            group.addTask {
                try await body()
                return .isDone
            }
            group.addTask { await leaves() ? .readerHasGone : .isCancelled }
            defer { group.cancelAll() }
            while let end = try await group.next() {
                switch end {
                case .isDone: return
                case .readerHasGone: throw OutputClosed()
                // What came of the body all the same is told.
                case .isCancelled: continue
                }
            }
        }
    }

    /// Waits until the reader has gone.
    ///
    /// - Returns: Whether it has; otherwise the task was cancelled.
    private static func leaves() async -> Bool {
        let wake = Pipe()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                // poll(2) keeps a thread, and none of those that tasks run on.
                Thread.detachNewThread { continuation.resume(returning: hasGone(before: wake)) }
            }
        } onCancel: {
            try? wake.fileHandleForWriting.close()
        }
    }

    /// - Parameter wake: Ends the waiting where it is closed.
    private static func hasGone(before wake: Pipe) -> Bool {
        // Those that poll(2) always looks for are all that is asked of the output: an error where the last
        // reader of a pipe has closed it, and the end of a socket or a terminal.
        var output = [
            pollfd(fd: STDOUT_FILENO, events: 0, revents: 0),
            pollfd(fd: wake.fileHandleForReading.fileDescriptor, events: 0, revents: 0),
        ]
        while poll(&output, nfds_t(output.count), -1) < 0 {
            guard errno == EINTR else { return false }
        }
        return Int32(output[0].revents) & (POLLERR | POLLHUP) != 0
    }
}
