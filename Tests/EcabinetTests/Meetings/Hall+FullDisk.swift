import Foundation

@testable import ecabinet

extension Hall {
    private static let program = Bundle.main.bundleURL.appendingPathComponent("ecabinet").path

    /// Runs a command as the auditor that can write files of 1,024 bytes and no more. It works everywhere, and
    /// fails as a disk does that is full, with another errno.
    func runWithLittleRoom(_ arguments: [String]) async throws -> Ecabinet.Outcome {
        // Who ignores the signal is told by the call that writes.
        try await RunningProgram(
            "/bin/bash",
            ["-c", "trap '' XFSZ; ulimit -f 1; exec \"$0\" \"$@\"", Self.program] + arguments,
            environment: environment(of: "auditor")
        ).outcome()
    }

    /// Runs a command as the auditor, with the folder `disk` on a disk of 4 KiB. It prints what the command
    /// exits with, and then what is on the disk.
    ///
    /// - Parameter command: Of a shell; `$0` is the program, and `$1` the folder.
    func runOnSmallDisk(_ command: String) async throws -> Ecabinet.Outcome {
        let disk = folder.path("disk")
        try FileManager.default.createDirectory(atPath: disk, withIntermediateDirectories: true)
        return try await RunningProgram(
            "/usr/bin/unshare",
            [
                "--map-root-user", "--mount", "/bin/sh", "-c",
                "mount -t tmpfs -o size=4k none \"$1\" || exit; \(command); echo \"$?\"; ls -A \"$1\"",
                Self.program, disk,
            ],
            environment: environment(of: "auditor")
        ).outcome()
    }

    /// Whether a disk can be made that is small.
    static let canMount: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/unshare")
        process.arguments = [
            "--map-root-user", "--mount", "mount", "-t", "tmpfs", "none", "/mnt",
        ]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()
}
