import ArgumentParser
import Foundation

/// What goes wrong with the server's disk, by `strace`: a system call that fails from some moment on, or
/// the power.
enum StoreFault: String, CaseIterable, ExpressibleByArgument, Sendable {
    /// What was written does not reach the disk.
    case syncIO = "fdatasync:EIO"
    case syncFull = "fdatasync:ENOSPC"
    /// Nothing can be written.
    case writeIO = "pwrite64:EIO"
    case writeFull = "pwrite64:ENOSPC"
    /// The machine is gone, with what was written and not synced.
    case power

    /// About as many calls as a server makes in a cycle: one of them is the first that fails.
    var calls: Int {
        switch self {
        case .syncIO, .syncFull: 40
        case .writeIO, .writeFull: 300
        case .power: 1
        }
    }

    /// The command that runs a program with the fault. The program is the child of whoever runs it, and
    /// strace is beside it.
    ///
    /// - Parameters:
    ///   - call: The first that fails; all after it do.
    ///   - log: Where strace writes the calls.
    func command(from call: Int, log: String) -> [String] {
        let trace = [
            "strace", "-D", "-f", "-ttt", "-y", "-s", "0", "-o", log, "-e",
            "trace=fdatasync,pwrite64",
        ]
        let parts = rawValue.split(separator: ":")
        guard parts.count == 2 else { return trace }
        return trace + ["-e", "inject=\(parts[0]):error=\(parts[1]):when=\(call)+"]
    }
}

/// What the server asked of its disk, as strace has written it down.
struct DiskTrace {
    /// When the first call failed, in seconds since 1970; `nil` where none did.
    private(set) var failure: Double?
    /// Bytes of the write-ahead log that a successful fdatasync has made durable.
    private(set) var syncedBytes = 0
    /// Whether a write-ahead log was ever synced.
    private(set) var hasSynced = false

    private static let logSuffix = "-wal>"

    init(_ file: String) {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        var written = 0
        for line in text.split(separator: "\n") {
            if line.contains("(INJECTED)") {
                // The thread's number, and the time.
                let time = line.split(separator: " ").dropFirst().first.flatMap { Double($0) }
                failure = failure ?? time
            } else if line.contains(Self.logSuffix), line.contains("pwrite64(") {
                written = max(written, Self.end(of: line))
            } else if line.contains(Self.logSuffix), line.contains("fdatasync("),
                line.hasSuffix("= 0")
            {
                syncedBytes = written
                hasSynced = true
            }
        }
    }

    /// Where a write ends: `pwrite64(7<…-wal>, ""..., 4096, 32) = 4096`.
    private static func end(of line: Substring) -> Int {
        guard let close = line.range(of: ")", options: .backwards) else { return 0 }
        let numbers = line[..<close.lowerBound].split(separator: ",").suffix(2).compactMap {
            Int($0.trimmingCharacters(in: .whitespaces))
        }
        return numbers.count == 2 ? numbers[0] + numbers[1] : 0
    }

    /// Cuts off what was written to the write-ahead log of a database and had not been synced, as the loss
    /// of power does. SQLite begins its log anew with each start of the server, and in none of these runs
    /// does it come back to its beginning.
    func losePower(_ database: String) throws {
        let log = "\(database)-wal"
        guard let file = FileHandle(forWritingAtPath: log) else { return }
        let size = try file.seekToEnd()
        if size > UInt64(syncedBytes) { try file.truncate(atOffset: UInt64(syncedBytes)) }
        try file.close()
    }
}
