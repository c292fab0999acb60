import Foundation
import Testing

@testable import ecabinet

/// Commands that are told, pasted into a shell.
@Suite struct ToldCommandTests {
    /// Runs the command that stands behind a name, in another folder and without any profile.
    private func paste(_ name: String, of output: String) async throws -> Ecabinet.Outcome {
        let line = try #require(
            output.split(separator: "\n").first { $0.hasPrefix(name + " ") },
            "\(output)"
        )
        let command = line.dropFirst(name.count).trimmingCharacters(in: .whitespaces)
        return try await RunningShell.run("cd / && \(command)")
    }

    @Test("What is told to verify minutes and receipts runs, whatever the folder is called")
    func verify() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        try await hall.text(["poll", "close", "p1"])
        let folder = hall.folder.path("biên bản $(o'x)")
        let made = try await hall.text(
            ["ledger", "minutes", folder, "--meeting", Hall.meeting],
            as: "auditor"
        )
        let minutes = try await paste("to verify", of: made)
        #expect(minutes.status == 0, "\(minutes)")
        #expect(minutes.output.contains("every signature, every decision and every count holds"))

        let exported = try await hall.text(["receipt", "export", "p1", "--to", folder], as: "m1")
        let receipt = try await paste("to verify", of: exported)
        #expect(receipt.status == 0, "\(receipt)")
        #expect(receipt.output.contains("Therefore the entry is in the log"))
    }

    @Test("--log-key is a file or the line in it, for every command, and --key is none of a log")
    func logKey() async throws {
        let hall = try await Hall(members: ["m1", "m2"])
        try await hall.open()
        try await hall.openPoll("p1")
        let line = hall.folder.text(of: "data/log-key.vkey").filter { !$0.isNewline }
        try await hall.text(["vote", "p1", "yes", "--yes", "--log-key", line], as: "m1")
        for key in [hall.logKey, line] {
            let given = ["--log-key", key]
            try await hall.text(
                ["ledger", "checkpoint", "--meeting", Hall.meeting] + given,
                as: "m1"
            )
            try await hall.text(["receipt", "list"] + given, as: "m1")
            // A profile keeps it as it is.
            try await hall.text(["profile", "set", "m1"] + given, as: "m1")
            let shown = try await hall.json(["profile", "show", "m1"])
            #expect("\(shown)".contains(key), "\(shown)")
            try await hall.text(["receipt", "list"], as: "m1")
        }
        let other = try await hall.run(["receipt", "list", "--key", line], as: "m1")
        #expect(other.status == 64, "\(other)")
        let none = try await hall.failure(
            ["receipt", "list", "--log-key", line + "x"],
            as: "m1",
            .noInput,
            "FILE_UNREADABLE"
        )
        #expect(none.english.contains("is the name right"))
    }
}
