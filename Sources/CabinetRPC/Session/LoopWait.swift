internal import CabinetWire
internal import NIOCore

/// A task's wait for something that happens on an event loop. Its cancellation ends the wait.
///
/// `@unchecked Sendable`: everything in it is used on the event loop alone.
final class LoopWait<Value: Sendable>: @unchecked Sendable {
    private var continuation: CheckedContinuation<Value?, Never>?
    /// Whether the task has been resumed, or will be at once: by a value, or by its cancellation.
    private(set) var isOver = false
    /// Called on the event loop when the task is cancelled while it waits.
    var whenCancelled: (() -> Void)?

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
            eventLoop.runHere { wait.cancel() }
        }
    }

    func resume(_ value: Value) {
        end(value)
    }

    /// Resumes the task with a value at a moment, if it waits then.
    func resume(
        _ value: @autoclosure @escaping () -> Value,
        at moment: Timestamp,
        on eventLoop: any EventLoop
    ) {
        eventLoop.assumeIsolated().scheduleTask(deadline: NIODeadline(moment)) { [weak self] in
            self?.end(value())
        }
    }

    private func start(_ continuation: CheckedContinuation<Value?, Never>) {
        if isOver {
            continuation.resume(returning: nil)
        } else {
            self.continuation = continuation
        }
    }

    private func cancel() {
        let whenCancelled = isOver ? nil : whenCancelled
        end(nil)
        whenCancelled?()
    }

    private func end(_ value: Value?) {
        isOver = true
        whenCancelled = nil
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
