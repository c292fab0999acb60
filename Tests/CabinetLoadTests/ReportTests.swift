import CabinetLoad
import Foundation
import Testing

/// The report in its forms, compared with files that a person has read.
///
/// With `CABINET_UPDATE_GOLDEN=1` in the environment the tests write what is made now; read the difference
/// before you commit it.
@Suite struct ReportTests {
    private static let folder = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().appendingPathComponent("Golden")

    private static let updates =
        ProcessInfo.processInfo.environment["CABINET_UPDATE_GOLDEN"] == "1"

    private func compare(_ actual: String, _ name: String) throws {
        let file = Self.folder.appendingPathComponent(name)
        if Self.updates {
            try actual.write(to: file, atomically: true, encoding: .utf8)
            return
        }
        #expect(actual == (try String(contentsOf: file, encoding: .utf8)))
    }

    @Test("The report for a terminal is as expected")
    func text() throws {
        try compare(SampleRun.small.text, "small.txt")
    }

    @Test("The report for programs is as expected")
    func json() throws {
        let report = SampleRun.small
        try compare(report.json, "small.json")
        _ = try JSONSerialization.jsonObject(with: Data(report.json.utf8))
    }

    @Test("The last line says what it comes to")
    func verdict() {
        var report = SampleRun.small
        #expect(
            report.text.hasSuffix(
                "\nNO GO: errors: 1, allowed 0; vote p99: 250 ms, allowed 100 ms\n"
            )
        )
        report.scenario.thresholds = Thresholds()
        report.scenario.thresholds.errors = 1
        #expect(report.text.hasSuffix("\n\nGO\n"))
    }

    @Test("Nothing from outside steers the terminal")
    func controlCharacters() {
        var report = SampleRun.small
        let hostile = "x\u{1b}[2J\r\n\u{202e}y\u{9b}"
        report.scenario.name = hostile
        report.target = hostile
        report.record.ballots.failures.record(hostile)
        report.record.marks = [RunRecord.Mark(at: .zero, hostile)]
        report.record.polls = [
            RunRecord.PollOutcome(
                poll: hostile,
                counted: .init(yes: 1),
                acknowledged: .init(.init(yes: 2))
            )
        ]
        report.record.broken = hostile
        let text = report.text
        #expect(!text.contains("\u{1b}"))
        #expect(!text.unicodeScalars.contains("\u{202e}"))
        #expect(!text.unicodeScalars.contains("\r"))
        #expect(!text.unicodeScalars.contains("\u{9b}"))
        #expect(text.components(separatedBy: "x\u{fffd}[2J").count > 6)
    }
}
