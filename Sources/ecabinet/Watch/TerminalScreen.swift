import CabinetBoard
import CabinetLocks
import Dispatch
import Foundation
import UnixSignals

/// The terminal of the program, taken for a board: the other screen, no cursor, keys as they are typed.
final class TerminalScreen: Sendable {
    /// What is typed.
    let keys: AsyncStream<UInt8>
    /// That its size may have changed.
    let resizes: AsyncStream<Void>

    private let writing = DispatchQueue(label: "ecabinet.terminal")
    private let keyReader: KeyReader
    private let resizing: Task<Void, Never>

    /// Whether standard output is a terminal on which the cursor can be moved.
    static func isPossible(_ environment: [String: String]) -> Bool {
        let name = environment["TERM"] ?? ""
        return isatty(STDOUT_FILENO) == 1 && !name.isEmpty && name != "dumb"
    }

    /// Runs something with the terminal, and gives it back however that ends.
    static func withScreen<Value>(
        _ body: (TerminalScreen) async throws -> Value
    ) async throws -> Value {
        let settings = KeyReader.settings()
        TerminalRestoration.arm(settings)
        defer { TerminalRestoration.disarm() }
        if let settings { KeyReader.takeKeys(settings) }
        let screen = await TerminalScreen(readsKeys: settings != nil)
        do {
            try await screen.write(ScreenPainter.begin)
            let value = try await body(screen)
            await screen.stop()
            return value
        } catch {
            await screen.stop()
            throw error
        }
    }

    private init(readsKeys: Bool) async {
        let (keys, keyContinuation) = AsyncStream.makeStream(
            of: UInt8.self,
            bufferingPolicy: .bufferingOldest(64)
        )
        let (resizes, resizeContinuation) = AsyncStream.makeStream(
            of: Void.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        self.keys = keys
        self.resizes = resizes
        keyReader = KeyReader(keyContinuation)
        if readsKeys { keyReader.start() } else { keyContinuation.finish() }
        let signals = await UnixSignalsSequence(trapping: .sigwinch, .sigcont)
        resizing = Task {
            for await _ in signals { resizeContinuation.yield() }
            resizeContinuation.finish()
        }
    }

    private func stop() async {
        resizing.cancel()
        keyReader.stop()
        // What is still to be written is, before the terminal is given back.
        await withCheckedContinuation { continuation in
            writing.async { continuation.resume() }
        }
    }

    /// How big it is now.
    var size: TerminalSize {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0, size.ws_row > 0
        else { return .usual }
        return TerminalSize(columns: Int(size.ws_col), rows: Int(size.ws_row))
    }

    /// Writes, away from the threads that tasks run on: a terminal may take its time.
    func write(_ text: String) async throws {
        try await withCheckedThrowingContinuation {
            (continuation: CheckedContinuation<Void, any Error>) in
            writing.async {
                continuation.resume(with: Result { try Self.writeAll(Array(text.utf8)) })
            }
        }
    }

    private static func writeAll(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Foundation.write(STDOUT_FILENO, $0.baseAddress, $0.count)
            }
            if count > 0 {
                rest = rest.dropFirst(count)
            } else if errno == EAGAIN {
                var descriptor = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
                _ = poll(&descriptor, 1, 1_000)
            } else if errno != EINTR {
                throw OutputClosed()
            }
        }
    }
}

/// Reads keys in a thread of its own, as they are typed.
private final class KeyReader: Sendable {
    private let continuation: AsyncStream<UInt8>.Continuation

    init(_ continuation: AsyncStream<UInt8>.Continuation) {
        self.continuation = continuation
    }

    /// The settings of standard input; `nil` where it is no terminal.
    static func settings() -> termios? {
        var settings = termios()
        return tcgetattr(STDIN_FILENO, &settings) == 0 ? settings : nil
    }

    /// Has keys come as they are typed, and not shown. Ctrl-C remains what it is; Ctrl-Z and Ctrl-\, which
    /// would leave the board standing, are keys like others, as are Ctrl-S and Ctrl-Q.
    static func takeKeys(_ settings: termios) {
        var changed = settings
        changed.c_lflag &= ~tcflag_t(ICANON | ECHO)
        changed.c_iflag &= ~tcflag_t(IXON)
        withUnsafeMutableBytes(of: &changed.c_cc) { characters in
            characters[Int(VSUSP)] = 0
            characters[Int(VQUIT)] = 0
            characters[Int(VMIN)] = 1
            characters[Int(VTIME)] = 0
        }
        _ = tcsetattr(STDIN_FILENO, TCSANOW, &changed)
    }

    func start() {
        let continuation = continuation
        let isOver = Guarded(false)
        continuation.onTermination = { _ in isOver.withLock { $0 = true } }
        Thread.detachNewThread {
            while !isOver.withLock({ $0 }) {
                // It looks whether it is to end ten times a second.
                var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
                let count = poll(&input, 1, 100)
                if count == 0 || (count < 0 && errno == EINTR) { continue }
                var key: UInt8 = 0
                guard count > 0, read(STDIN_FILENO, &key, 1) == 1 else { break }
                continuation.yield(key)
            }
            continuation.finish()
        }
    }

    func stop() {
        continuation.finish()
    }
}
