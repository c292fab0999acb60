internal import NIOConcurrencyHelpers

/// A value that threads share, and the lock that it is used under.
///
/// It is what `Synchronization.Mutex` is, over a lock of the system's thread library: the thread sanitizer
/// knows those, and takes whatever a `Mutex` guards for a race.
///
/// `@unchecked Sendable`: the value is reached within the lock alone, and what goes in or comes out is
/// checked where ``withLock(_:)`` is called.
public final class Guarded<Value>: @unchecked Sendable {
    private let lock = NIOLock()
    private var value: Value

    public init(_ value: sending Value) {
        self.value = value
    }

    /// Runs `body` while nobody else does. It must not wait, nor come back here.
    ///
    /// - Throws: What `body` throws.
    public func withLock<Result, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        lock.lock()
        defer { lock.unlock() }
        return try body(&value)
    }
}
