import CabinetLocks
import CommandSupport
import Foundation

/// An `ecabinetd` that does not outlive this program, however that ends.
///
/// A shell starts the server and waits for a word on a pipe whose other end this program holds. Where the
/// word comes the server is told to stop; where the pipe ends without one, as when this program was killed,
/// the server is killed. What it has acknowledged is on the disk in either case.
final class ServerProcess: Sendable {
    private static let guardian = """
        "$@" </dev/null &
        server=$!
        exec >/dev/null
        if read -r word; then kill -TERM "$server"; else kill -KILL "$server"; fi 2>/dev/null
        wait "$server"
        """
    /// It listens in far less, on any machine.
    private static let startLimit = Duration.seconds(60)
    /// With calls in flight it may take its grace, which is one second.
    private static let stopLimit = Duration.seconds(20)

    private let process: ChildProcess
    private let word: FileHandle
    private let errors: String
    let address: HostAndPort

    /// Starts the server, and waits until it listens.
    ///
    /// - Parameter errors: The file that its log goes to.
    /// - Throws: ``DemoFailure`` with what it says, where it does not listen.
    init(_ program: String, _ arguments: [String], errors: String) async throws {
        self.errors = errors
        let order = Pipe()
        let output = Pipe()
        // Or another child would hold the end whose closing is the signal.
        let descriptor = order.fileHandleForWriting.fileDescriptor
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw DemoFailure(vi: "không tạo được ống dẫn", en: "there is no pipe to be had")
        }
        try Data().write(to: URL(fileURLWithPath: errors))
        word = order.fileHandleForWriting
        process = try ChildProcess(
            "/bin/sh",
            ["-c", Self.guardian, "sh", program] + arguments,
            // What is set for clients is not for a server.
            environment: ProcessInfo.processInfo.environment.filter {
                !$0.key.hasPrefix("ECABINET_")
            },
            input: order.fileHandleForReading,
            output: output.fileHandleForWriting,
            errors: try FileHandle(forWritingTo: URL(fileURLWithPath: errors))
        )
        try output.fileHandleForWriting.close()
        try order.fileHandleForReading.close()
        do {
            address = try await Self.address(process, output.fileHandleForReading)
        } catch {
            try? word.close()
            await process.end()
            if error is NotListening { throw Self.failure(errors) }
            throw error
        }
    }

    private struct NotListening: Error {}

    private static func failure(_ errors: String) -> DemoFailure {
        let text = (try? String(contentsOfFile: errors, encoding: .utf8)) ?? ""
        return DemoFailure(
            vi: "máy chủ không khởi động được:\n\(text)",
            en: "the server does not start:\n\(text)"
        )
    }

    /// Reads the line that says where it listens.
    private static func address(
        _ process: ChildProcess,
        _ output: FileHandle
    ) async throws -> HostAndPort {
        let killer = Task {
            try await Task.sleep(for: startLimit)
            process.kill()
        }
        defer { killer.cancel() }
        let line = await withTaskCancellationHandler {
            await firstLine(of: output)
        } onCancel: {
            process.kill()
        }
        try Task.checkCancellation()
        guard let text = line.split(separator: " ").last,
            let address = HostAndPort(argument: String(text))
        else { throw NotListening() }
        return address
    }

    /// The first line, or what there is where the output ends before. It blocks a thread of its own.
    private static func firstLine(of output: FileHandle) async -> String {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread {
                var line: [UInt8] = []
                while let bytes = try? output.read(upToCount: 1), let byte = bytes.first {
                    if byte == UInt8(ascii: "\n") { break }
                    line.append(byte)
                }
                continuation.resume(returning: String(decoding: line, as: UTF8.self))
            }
        }
    }

    /// Tells the server to stop, and waits for it.
    ///
    /// - Throws: ``DemoFailure`` where it does not end as it should.
    func stop() async throws {
        try? word.write(contentsOf: Data("stop\n".utf8))
        guard let status = await process.end(within: Self.stopLimit), status == 0 else {
            throw DemoFailure(
                vi: "máy chủ không dừng đúng cách; xem \(errors)",
                en: "the server did not stop as it should; see \(errors)"
            )
        }
    }

    /// Ends the server whatever it does.
    func kill() async {
        try? word.close()
        await process.end()
    }
}
