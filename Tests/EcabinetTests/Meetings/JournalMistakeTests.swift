import CabinetClient
import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// A member's journal of ballots that is not as it was left.
@Suite struct JournalMistakeTests {
    /// Changes the journal of a member by its SQL.
    private func change(_ statement: String, of member: String, in hall: Hall) async throws {
        let path = hall.installation.folder.path(
            "config/profiles/\(member)/journals/\(member)/ballots.sqlite"
        )
        let program = """
            import sqlite3, sys
            journal = sqlite3.connect(sys.argv[1])
            journal.execute(sys.argv[2])
            journal.commit()
            journal.close()
            """
        try #require(FileManager.default.fileExists(atPath: path))
        let outcome = try await RunningProgram(
            "/usr/bin/env",
            ["python3", "-c", program, path, statement]
        ).outcome()
        try #require(outcome.status == 0, "\(outcome)")
    }

    @Test("A journal that is another's, damaged or of another version is said to be so")
    func refused() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        let list = ["receipt", "list"]
        for (statement, opposite, reason, said) in [
            (
                "UPDATE owner SET member = 'm2'", "UPDATE owner SET member = 'm1'",
                "JOURNAL_OTHER_MEMBER", "This journal of ballots belongs to another member."
            ),
            (
                "UPDATE ballot SET state = 99", "UPDATE ballot SET state = 1",
                "JOURNAL_DAMAGED", "The journal of ballots contradicts itself."
            ),
            (
                "PRAGMA user_version = 99", "PRAGMA user_version = 1",
                "JOURNAL_CANNOT_OPEN", "The journal of ballots cannot be opened."
            ),
        ] {
            try await change(statement, of: "m1", in: hall)
            let texts = try await hall.failure(list, as: "m1", .cannotWrite, reason)
            #expect(texts.english.contains(said), "\(texts.english)")
            #expect(texts.vietnamese.contains("nên làm: "), "\(texts.vietnamese)")
            try await change(opposite, of: "m1", in: hall)
            try await hall.json(list, as: "m1")
        }
    }

    @Test("A journal that is full takes no other ballot")
    func full() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        try await hall.text(["poll", "close", "p1"])
        try await hall.openPoll("p2")
        try await change(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n "
                + "WHERE i < \(JournalLimits.ballots)) INSERT INTO ballot (id, meeting, poll, ballot, state, "
                + "receipt, reason) SELECT randomblob(16), 'other', 'p', x'00', 1, x'', '' FROM n",
            of: "m1",
            in: hall
        )
        let vote = ["vote", "p2", "yes", "--yes"]
        let texts = try await hall.failure(vote, as: "m1", .cannotWrite, "JOURNAL_FULL")
        #expect(texts.english.contains("The journal of ballots is full."), "\(texts.english)")
        // Nothing of it was sent: another ballot would not be taken otherwise.
        try await change("DELETE FROM ballot WHERE meeting = 'other'", of: "m1", in: hall)
        try await hall.vote("p2", "no", as: "m1")
    }
}
