internal import Foundation

/// Runs protoc-gen-c, the code generator of protobuf-c, as protoc would.
enum CPlugin {
    /// Runs the plugin on a serialized `CodeGeneratorRequest`.
    ///
    /// - Parameter path: The program; without a slash, it is looked up in `PATH`.
    /// - Returns: The serialized `CodeGeneratorResponse`.
    /// - Throws: ``CodegenError`` where the program cannot be run or fails.
    static func run(_ path: String, request: [UInt8]) throws -> [UInt8] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [path]
        // The request comes from a file: a pipe that nobody reads yet would block at 64 KiB.
        let requestFile = FileManager.default.temporaryDirectory
            .appendingPathComponent("protoc-gen-cabinet-\(UUID().uuidString)")
        do {
            try Data(request).write(to: requestFile)
            defer { try? FileManager.default.removeItem(at: requestFile) }
            let input = try FileHandle(forReadingFrom: requestFile)
            let output = Pipe()
            process.standardInput = input
            process.standardOutput = output
            try process.run()
            let response = try output.fileHandleForReading.readToEnd() ?? Data()
            process.waitUntilExit()
            guard process.terminationStatus == 0 else {
                throw CodegenError(
                    process.terminationStatus == 127
                        ? "\(path) was not found: install protobuf-c-compiler, or name the program "
                            + "with the option protoc_gen_c"
                        : "\(path) failed with status \(process.terminationStatus)"
                )
            }
            return [UInt8](response)
        } catch let error as CodegenError {
            throw error
        } catch {
            throw CodegenError("\(path) could not be run: \(error.localizedDescription)")
        }
    }
}
