import CabinetLocks

/// Keeps what closures on other threads have seen.
final class Recorder<Value: Sendable>: Sendable {
    private let recorded = Guarded<[Value]>([])

    var values: [Value] { recorded.withLock { $0 } }

    func append(_ value: Value) {
        recorded.withLock { $0.append(value) }
    }
}
