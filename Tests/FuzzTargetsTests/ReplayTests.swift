import Foundation
import FuzzTargets
import TestSupport
import Testing

/// The seeds and the regressions of the fuzzer, and random inputs, without libFuzzer and sanitizers:
/// `scripts/fuzz` runs the same with them.
@Suite struct ReplayTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fuzz")

    private static func inputs(_ kind: String, _ target: FuzzTarget) throws -> [URL] {
        try FileManager.default.contentsOfDirectory(
            at: folder.appendingPathComponent("\(kind)/\(target.rawValue)"),
            includingPropertiesForKeys: nil,
            options: .skipsHiddenFiles
        )
    }

    @Test(arguments: FuzzTarget.allCases, ["Corpus", "Regressions"])
    func whatWasFoundStaysMended(target: FuzzTarget, kind: String) throws {
        let files = try Self.inputs(kind, target)
        #expect(kind == "Regressions" || files.count > 5)
        for file in files {
            let input = try Data(contentsOf: file)
            do {
                try input.withUnsafeBytes { try target.run($0) }
            } catch {
                Issue.record("\(kind)/\(target.rawValue)/\(file.lastPathComponent): \(error)")
            }
        }
    }

    @Test(arguments: FuzzTarget.allCases)
    func randomInputsFindNothing(target: FuzzTarget) {
        var random = Seed.generator(900 + UInt64(target.rawValue.utf8.count))
        for _ in 0..<500 {
            let input = random.bytes(Int.random(in: 0...300, using: &random))
            do {
                try input.withUnsafeBytes { try target.run($0) }
            } catch {
                Issue.record("\(error), seed \(Seed.value), input \(input)")
                return
            }
        }
    }
}
