public import Foundation

/// Runs a program in `scripts/` as a user does.
public enum Script {
    /// This file is in Tests/TestSupport of the package.
    public static let packageRoot: URL = {
        var root = URL(fileURLWithPath: #filePath)
        for _ in 0..<3 { root.deleteLastPathComponent() }
        return root
    }()

    /// Whether Python can verify signatures here.
    public static let hasCryptography = {
        (try? run(["python3", "-c", "import cryptography"]).status) == 0
    }()

    /// Runs a script to its end.
    ///
    /// - Parameter file: Bytes that it gets as a file: the last argument is its path.
    public static func run(
        _ name: String,
        _ arguments: [String],
        file: [UInt8]
    ) throws -> (status: Int32, output: String) {
        let path = FileManager.default.temporaryDirectory
            .appendingPathComponent("cabinet-\(UUID().uuidString)")
        try Data(file).write(to: path)
        defer { try? FileManager.default.removeItem(at: path) }
        let script = packageRoot.appendingPathComponent("scripts/\(name)").path
        return try run([script] + arguments + [path.path])
    }

    private static func run(_ command: [String]) throws -> (status: Int32, output: String) {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = command
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = pipe
        process.standardError = pipe
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return (process.terminationStatus, String(decoding: output, as: UTF8.self))
    }
}
