import CabinetBoard
import Foundation

/// Gives a terminal back as it was, whatever ends the program: at the end of a command, and from the handlers
/// of signals that end a process at once, such as those of a mistake in the program itself.
///
/// What a handler of signals may call is little (POSIX.1-2017, XSH, section 2.4.3): write(2), tcsetattr(3)
/// and signal(3) are among it. So all that they need lies ready.
enum TerminalRestoration {
    /// What is needed to restore, in memory that never moves.
    private struct Saved {
        var settings: termios
        let hasSettings: Bool
        let sequence: UnsafePointer<UInt8>
        let sequenceLength: Int
    }

    // Written before handlers are installed and after they are removed; read by handlers. A handler that
    // comes between finds the terminal as it was, or restores it twice.
    nonisolated(unsafe) private static var saved: UnsafeMutablePointer<Saved>?

    /// Signals that end a process without asking it. ``Interruption`` heeds those that ask.
    private static let signals = [
        SIGQUIT, SIGILL, SIGTRAP, SIGABRT, SIGBUS, SIGFPE, SIGSEGV,
    ]

    /// Keeps how the terminal is now. Called once in a process at a time.
    ///
    /// - Parameter settings: Of standard input; `nil` where it is no terminal.
    static func arm(_ settings: termios?) {
        let bytes = Array(ScreenPainter.end.utf8)
        let sequence = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        sequence.initialize(from: bytes, count: bytes.count)
        let pointer = UnsafeMutablePointer<Saved>.allocate(capacity: 1)
        pointer.initialize(
            to: Saved(
                settings: settings ?? termios(),
                hasSettings: settings != nil,
                sequence: UnsafePointer(sequence),
                sequenceLength: bytes.count
            )
        )
        saved = pointer
        for number in signals { signal(number) { TerminalRestoration.end(with: $0) } }
    }

    /// Restores the terminal for good.
    static func disarm() {
        restore()
        for number in signals { signal(number, SIG_DFL) }
        // What a handler may still read is kept: it is a few bytes, once in a process.
        saved = nil
    }

    /// Restores the terminal. Of no effect where nothing was changed.
    static func restore() {
        guard let saved else { return }
        _ = write(STDOUT_FILENO, saved.pointee.sequence, saved.pointee.sequenceLength)
        if saved.pointee.hasSettings {
            _ = tcsetattr(STDIN_FILENO, TCSANOW, &saved.pointee.settings)
        }
    }

    private static func end(with number: Int32) {
        restore()
        signal(number, SIG_DFL)
        raise(number)
    }
}
