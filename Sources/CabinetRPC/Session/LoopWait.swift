internal import NIOCore

/// A task's wait for something that happens on an event loop. Its cancellation ends the wait.
///
/// `@unchecked Sendable`: everything in it is used on the event loop alone.
final class LoopWait<Value: Sendable>: @unchecked Sendable {
    private var continuation: CheckedContinuation<Value?, Never>?
    /// Whether the task has been resumed, or will be at once: by a value, or by its cancellation.
    private(set) var isOver = false

    /// Waits until ``resume(_:)``.
    ///
    /// - Parameter begin: Called on the event loop, unless the task is cancelled before.
    /// - Returns: `nil` where the task was cancelled.
    static func on(
        _ eventLoop: any EventLoop,
        _ begin: @escaping @Sendable (LoopWait) -> Void
    ) async -> Value? {
        let wait = LoopWait()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                eventLoop.runHere {
                    wait.start(continuation)
                    if !wait.isOver { begin(wait) }
                }
            }
        } onCancel: {
            eventLoop.runHere { wait.end(nil) }
        }
    }

    func resume(_ value: Value) {
        end(value)
    }

    private func start(_ continuation: CheckedContinuation<Value?, Never>) {
        if isOver {
            continuation.resume(returning: nil)
        } else {
            self.continuation = continuation
        }
    }

    private func end(_ value: Value?) {
        isOver = true
        continuation?.resume(returning: value)
        continuation = nil
    }
}

extension EventLoop {
    /// Runs something on this event loop: at once where this is its thread.
    func runHere(_ body: @escaping @Sendable () -> Void) {
        if inEventLoop { body() } else { execute(body) }
    }
}
