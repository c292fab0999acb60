import ArgumentParser
import Foundation

/// What goes wrong with the server's disk: a system call that fails from some moment on, by `strace`.
enum StoreFault: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// What was written does not reach the disk.
    case syncIO = "fdatasync:EIO"
    case syncFull = "fdatasync:ENOSPC"
    /// Nothing can be written.
    case writeIO = "pwrite64:EIO"
    case writeFull = "pwrite64:ENOSPC"

    private var call: String { String(rawValue.prefix { $0 != ":" }) }
    /// About as many calls as a server makes in a cycle.
    var calls: Int {
        switch self {
        case .syncIO, .syncFull: 40
        case .writeIO, .writeFull: 300
        }
    }

    private var error: String { String(rawValue.drop { $0 != ":" }.dropFirst()) }

    /// The command that runs a program with the fault. The program is the child of whoever runs it, and
    /// strace is beside it.
    ///
    /// - Parameters:
    ///   - call: The first that fails; all after it do.
    ///   - log: Where strace writes the calls.
    func command(from call: Int, log: String) -> [String] {
        [
            "strace", "-D", "-f", "-ttt", "-o", log, "-e", "trace=\(self.call)",
            "-e", "inject=\(self.call):error=\(error):when=\(call)+",
        ]
    }

    /// When the first call failed, in seconds since 1970; `nil` where none did.
    static func moment(in log: String) -> Double? {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else { return nil }
        let line = text.split(separator: "\n").first { $0.contains("(INJECTED)") }
        // The thread's number, and the time.
        return line?.split(separator: " ", omittingEmptySubsequences: true).dropFirst().first
            .flatMap { Double($0) }
    }
}
