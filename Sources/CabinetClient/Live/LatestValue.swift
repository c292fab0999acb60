internal import CabinetLocks

/// A value that changes, for readers of whom each gets the latest when it comes to read: a slow one
/// misses those in between, and nobody waits for it.
final class LatestValue<Value: Sendable, Failure: Error>: Sendable {
    /// A reader's place: how many values there had been.
    struct Version: Hashable, Sendable {
        fileprivate var number: UInt64
        /// Before the first value.
        static var beginning: Version { Version(number: 0) }
    }

    /// Why there will be no other value.
    enum End: Sendable {
        case over
        case failed(Failure)
    }

    enum Next: Sendable {
        case value(Value, Version)
        case end(End)
        /// The task was cancelled.
        case cancelled
    }

    private struct State {
        var value: Value
        var version = Version(number: 1)
        var end: End?
        /// One for each task that waits.
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var lastWaiter: UInt64 = 0

        mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
            defer { waiting = [:] }
            return Array(waiting.values)
        }
    }

    private let state: Guarded<State>

    init(_ value: Value) {
        state = Guarded(State(value: value))
    }

    var value: Value { state.withLock { $0.value } }

    var end: End? { state.withLock { $0.end } }

    /// Changes the value, unless it has ended.
    func change(_ change: (inout Value) -> Void) {
        wake(ending: nil, change)
    }

    /// Changes the value for the last time, unless it has ended.
    func end(_ end: End, _ change: (inout Value) -> Void) {
        wake(ending: end, change)
    }

    private func wake(ending end: End?, _ change: (inout Value) -> Void) {
        let woken = state.withLock { state -> [CheckedContinuation<Void, Never>] in
            guard state.end == nil else { return [] }
            change(&state.value)
            state.version.number += 1
            state.end = end
            return state.takeWaiting()
        }
        for continuation in woken { continuation.resume() }
    }

    /// Waits for another value than the one that a reader has.
    func next(after version: Version) async -> Next {
        while !Task.isCancelled {
            let next = state.withLock { state -> Next? in
                if state.version != version { return .value(state.value, state.version) }
                return state.end.map { .end($0) }
            }
            if let next { return next }
            await change(after: version)
        }
        return .cancelled
    }

    private func change(after version: Version) async {
        let waiter = state.withLock { state in
            state.lastWaiter += 1
            return state.lastWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = state.withLock { state in
                    guard state.version == version, state.end == nil, !Task.isCancelled else {
                        return false
                    }
                    state.waiting[waiter] = continuation
                    return true
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: waiter) }
            continuation?.resume()
        }
    }
}
