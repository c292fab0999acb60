import CabinetLocks
import Foundation

/// A program that runs beside this one, in a process group of its own.
final class ChildProcess: Sendable {
    private enum State {
        case running([CheckedContinuation<Int32, Never>])
        case ended(Int32)
    }

    private let state = Guarded(State.running([]))
    private let process: Int32

    /// Starts it.
    init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        input: FileHandle = .nullDevice,
        output: FileHandle,
        errors: FileHandle
    ) throws {
        let child = Process()
        child.executableURL = URL(fileURLWithPath: program)
        child.arguments = arguments
        child.environment = environment
        child.standardInput = input
        child.standardOutput = output
        child.standardError = errors
        let state = state
        child.terminationHandler = { child in
            let status = child.terminationStatus
            let waiting = state.withLock { state -> [CheckedContinuation<Int32, Never>] in
                guard case .running(let waiting) = state else { return [] }
                state = .ended(status)
                return waiting
            }
            for continuation in waiting { continuation.resume(returning: status) }
        }
        try Self.withoutBlockedSignals { try child.run() }
        process = child.processIdentifier
    }

    /// A child begins with the signals blocked that the thread has blocked which starts it, and those that
    /// tasks run on have most of them: a shell would wait for ever to be told that its own child has ended.
    private static func withoutBlockedSignals(_ body: () throws -> Void) rethrows {
        var none = sigset_t()
        var before = sigset_t()
        sigemptyset(&none)
        pthread_sigmask(SIG_SETMASK, &none, &before)
        defer { pthread_sigmask(SIG_SETMASK, &before, nil) }
        try body()
    }

    /// What it exits with, once it has ended.
    var status: Int32 {
        get async {
            await withCheckedContinuation { continuation in
                let ended = state.withLock { state -> Int32? in
                    switch state {
                    case .ended(let status): return status
                    case .running(let waiting):
                        state = .running(waiting + [continuation])
                        return nil
                    }
                }
                if let ended { continuation.resume(returning: ended) }
            }
        }
    }

    /// Kills it and whatever it has started.
    func kill() {
        state.withLock { state in
            // One that has ended may have given its number to another.
            guard case .running = state else { return }
            Foundation.kill(-process, SIGKILL)
        }
    }

    /// Waits for its end.
    ///
    /// - Returns: What it exited with; `nil` where it did not end in time, and was killed.
    func end(within limit: Duration) async -> Int32? {
        let isLate = Guarded(false)
        let killer = Task {
            try await Task.sleep(for: limit)
            isLate.withLock { $0 = true }
            kill()
        }
        let status = await status
        killer.cancel()
        return isLate.withLock { $0 } ? nil : status
    }

    /// Waits a moment for its end, and kills it then.
    func end() async {
        _ = await end(within: .seconds(5))
    }
}
