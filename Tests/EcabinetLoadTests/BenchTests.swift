import Foundation
import Testing

/// What makes one table and one page of all benchmarks is Python, and has tests of its own.
@Suite struct BenchTests {
    @Test("The tests of scripts/bench hold")
    func unitTests() throws {
        // This file is in Tests/EcabinetLoadTests.
        let benchmarks = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Benchmarks").path
        let folder = TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-B", "-m", "unittest", "discover", "-s", "\(benchmarks)/tests",
            "-t", benchmarks,
        ]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = try folder.file("output")
        process.standardError = try folder.file("errors")
        try process.run()
        process.waitUntilExit()
        let errors = folder.text(of: "errors")
        #expect(process.terminationStatus == 0, "\(errors)")
        // It found them.
        let count = try #require(errors.firstMatch(of: /Ran (\d+) tests/).map { Int($0.1) ?? 0 })
        #expect(count >= 50, "\(errors)")
    }
}
