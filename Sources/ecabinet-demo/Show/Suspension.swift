import Foundation

/// Gives the terminal back when the program is suspended (Ctrl-Z), as long as the board is on it. Whoever
/// continues the program has the board drawn again.
///
/// What a handler of signals may call is little (POSIX.1-2017, XSH, section 2.4.3): write(2) and kill(2) are
/// among it. So what it writes lies ready.
enum Suspension {
    private struct Sequence {
        let bytes: UnsafePointer<UInt8>
        let count: Int
    }

    // Written before the handler is installed and after it is removed; read by the handler.
    nonisolated(unsafe) private static var sequence: UnsafePointer<Sequence>?

    /// - Parameter sequence: What gives the terminal back.
    static func arm(ending text: String) {
        let bytes = Array(text.utf8)
        let copy = UnsafeMutablePointer<UInt8>.allocate(capacity: bytes.count)
        copy.initialize(from: bytes, count: bytes.count)
        let pointer = UnsafeMutablePointer<Sequence>.allocate(capacity: 1)
        pointer.initialize(to: Sequence(bytes: UnsafePointer(copy), count: bytes.count))
        sequence = UnsafePointer(pointer)
        signal(SIGTSTP) { _ in Suspension.suspend() }
    }

    static func disarm() {
        signal(SIGTSTP, SIG_DFL)
        // What the handler may still read is kept: it is a few bytes, once in a process.
        sequence = nil
    }

    private static func suspend() {
        if let sequence = sequence?.pointee {
            _ = write(STDOUT_FILENO, sequence.bytes, sequence.count)
        }
        kill(getpid(), SIGSTOP)
    }
}
