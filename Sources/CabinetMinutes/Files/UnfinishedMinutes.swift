internal import CabinetLocks

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Minutes that are being written, and that nobody wants half-made when the program ends.
///
/// A program that ends before they have their names calls ``removeAll()``; one that is just giving them their
/// names is waited for, so that either what was there before is there as a whole, or what is new.
public final class UnfinishedMinutes: Sendable {
    private struct Part {
        let target: WritingTarget
        let files: Set<BundlePath>
    }

    private struct State {
        /// By the name under which they are made. A writer has at most two.
        var parts: [String: Part] = [:]
        /// The program is about to end: nothing more is made.
        var isClosed = false
    }

    private let state = Guarded(State())

    public init() {}

    /// Removes what has not got its name, before the program ends. Nothing can be written after it.
    public func removeAll() {
        state.withLock { state in
            state.isClosed = true
            for part in state.parts.values { _ = part.target.removeUnfinished(part.files) }
        }
    }

    /// Has these be removed where the program ends before ``forget(_:)``.
    func keep(_ targets: [WritingTarget], _ files: Set<BundlePath>) {
        state.withLock { state in
            for target in targets {
                state.parts[target.unfinished] = Part(target: target, files: files)
            }
        }
    }

    /// These have their names, or are removed.
    func forget(_ targets: [WritingTarget]) {
        state.withLock { state in
            for target in targets { state.parts[target.unfinished] = nil }
        }
    }

    /// Does something that ``removeAll()`` waits for, where the program is not about to end.
    ///
    /// - Throws: What `body` throws, and ``MinutesFileError/system(_:path:code:)`` with `EINTR`.
    func perform<Value: Sendable>(
        _ operation: MinutesFileError.Operation,
        _ path: String,
        _ body: () throws(MinutesFileError) -> Value
    ) throws(MinutesFileError) -> Value {
        try state.withLock { state throws(MinutesFileError) in
            guard !state.isClosed else { throw MinutesFileError(operation, path, EINTR) }
            return try body()
        }
    }
}
