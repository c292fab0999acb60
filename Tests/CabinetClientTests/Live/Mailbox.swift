import CabinetLocks

/// What one task puts in and another takes out, in order.
final class Mailbox<Content: Sendable>: Sendable {
    private struct State {
        var contents: [Content] = []
        var waiting: CheckedContinuation<Content?, Never>?
    }

    private let state = Guarded(State())

    func put(_ content: Content) {
        let waiting = state.withLock { state -> CheckedContinuation<Content?, Never>? in
            defer { state.waiting = nil }
            if state.waiting == nil { state.contents.append(content) }
            return state.waiting
        }
        waiting?.resume(returning: content)
    }

    /// Waits for the next one; `nil` where the task is cancelled.
    func take() async -> Content? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let content = state.withLock { state -> Content?? in
                    guard !Task.isCancelled else { return .some(nil) }
                    if !state.contents.isEmpty { return state.contents.removeFirst() }
                    state.waiting = continuation
                    return nil
                }
                if let content { continuation.resume(returning: content) }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                defer { state.waiting = nil }
                return state.waiting
            }
            waiting?.resume(returning: nil)
        }
    }

    var isEmpty: Bool { state.withLock { $0.contents.isEmpty } }
}
