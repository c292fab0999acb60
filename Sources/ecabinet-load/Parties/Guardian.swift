import Foundation

/// Sees to it that a server and its folder do not outlive this program, however that ends: by itself, by a
/// signal, or killed.
///
/// It is a shell that reads from a pipe whose other end this program holds. Each line has the number of the
/// server's process, or is empty where there is none; where the pipe ends, the server is killed and the
/// folder removed.
final class Guardian {
    private static let script = """
        trap '' INT TERM HUP QUIT
        while read -r line; do server=$line; done
        if [ -n "$server" ]; then
            kill -KILL "$server"
            # It may write to the folder as long as it is there, which is not long.
            tries=0
            while [ $tries -lt 100 ] && kill -0 "$server"; do sleep 0.05; tries=$((tries + 1)); done
        fi 2>/dev/null
        rm -rf -- "$1"
        """

    private let process = Process()
    private let words: FileHandle

    /// - Parameter folder: Removed at the end.
    init(of folder: URL) throws {
        let pipe = Pipe()
        words = pipe.fileHandleForWriting
        // Or the server would hold it open, and its end would never come.
        guard fcntl(words.fileDescriptor, F_SETFD, FD_CLOEXEC) == 0 else {
            throw Failure(.wrongFile, "there is no pipe to be had")
        }
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", Self.script, "sh", folder.path]
        process.standardInput = pipe.fileHandleForReading
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        try pipe.fileHandleForReading.close()
    }

    /// - Parameter server: The number of a process; `nil` when it has ended, since another may have the number
    ///   then.
    func watch(_ server: Int32?) {
        try? words.write(contentsOf: Data("\(server.map(String.init) ?? "")\n".utf8))
    }

    /// Ends what is still there, and waits until it is gone.
    func end() {
        try? words.close()
        process.waitUntilExit()
    }
}
