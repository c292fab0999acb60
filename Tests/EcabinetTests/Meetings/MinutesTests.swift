import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// The minutes of a meeting, made and verified from the command line.
@Suite struct MinutesTests {
    @Test("Minutes are made of a log, verify, and no change of them goes unnoticed")
    func minutes() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        try await hall.vote("p1", "yes", as: "m2")
        let folder = hall.folder.path("minutes")
        let make = ["ledger", "minutes", folder, "--meeting", Hall.meeting]
        let early = try await hall.failure(make, as: "auditor", .badData, "NO_MINUTES")
        #expect(early.english.contains("the poll «p1» is in progress"))
        try await hall.text(["poll", "close", "p1"])
        try await hall.failure(make, as: "s", .notPermitted, "ROLE_REQUIRED")
        let made = try await hall.text(make + ["--tar", "--language", "vi"], as: "auditor")
        #expect(made.contains("minutes.html"))
        let exists = try await hall.failure(make, as: "auditor", .cannotWrite, "FILE_EXISTS")
        #expect(exists.english.contains("--force replaces minutes, and nothing else"))

        let trust = ["--log-key", hall.logKey]
        for path in [folder, folder + ".tar"] {
            let verified = try await hall.text(["verify", path] + trust)
            #expect(verified.contains("every signature, every decision and every count holds"))
            #expect(verified.contains("the minutes are provisional"))
        }
        // The same minutes of a log that was exported before.
        let log = hall.folder.path("x.cabinet-log")
        try await hall.text(["ledger", "export", log, "--meeting", Hall.meeting], as: "auditor")
        let again = hall.folder.path("again")
        let offline = try await hall.text(
            ["ledger", "minutes", again, "--log", log, "--language", "vi"],
            as: "m1"
        )
        #expect(offline.contains("chưa đối chiếu với nhật ký trên máy chủ"))
        try await hall.text(["verify", again] + trust)

        for file in ["ledger/meeting.cabinet-log", "polls/p1/result.json", "minutes.html"] {
            let url = URL(fileURLWithPath: "\(folder)/\(file)")
            let bytes = try Data(contentsOf: url)
            var changed = bytes
            changed[bytes.count / 2] ^= 1
            try changed.write(to: url)
            let failure = try await hall.failure(
                ["verify", folder] + trust,
                .badData,
                "MINUTES_UNVERIFIED"
            )
            #expect(failure.english.contains(file), "\(failure.english)")
            #expect(failure.vietnamese.contains("không xác minh được"))
            #expect(failure.vietnamese.contains("khác với những gì manifest ghi"))
            try bytes.write(to: url)
        }
        let removed = URL(fileURLWithPath: "\(folder)/polls/p1/motion.hashed")
        try FileManager.default.removeItem(at: removed)
        let missing = try await hall.failure(
            ["verify", folder] + trust,
            .badData,
            "MINUTES_UNVERIFIED"
        )
        #expect(missing.english.contains("it is missing"))
    }

    @Test("Where there is no room for minutes nothing is left, and what was there still is")
    func noRoom() async throws {
        let hall = try await Hall(members: ["m1", "m2"])
        try await hall.open()
        let folder = hall.folder.path("minutes")
        let make = ["ledger", "minutes", folder, "--tar", "--meeting", Hall.meeting]
        func names() throws -> [String] {
            try FileManager.default.contentsOfDirectory(atPath: hall.folder.path)
                .filter { $0.contains("minutes") }.sorted()
        }
        let first = try await hall.runWithLittleRoom(make)
        #expect(first.status == 74, "\(first)")
        // The journal, which keeps what was seen of the log, may be the first that finds no room.
        #expect(first.errors.contains("written"), "\(first)")
        let vietnamese = try await hall.runWithLittleRoom(make + ["--language", "vi"])
        #expect(vietnamese.status == 74, "\(vietnamese)")
        #expect(try names().isEmpty)

        try await hall.text(make, as: "auditor")
        let again = try await hall.runWithLittleRoom(make + ["--force"])
        #expect(again.status == 74, "\(again)")
        #expect(try names() == ["minutes", "minutes.tar"])
        for name in try names() {
            try await hall.text(["verify", hall.folder.path(name), "--log-key", hall.logKey])
        }
        // What somebody has put there stays there.
        _ = try hall.folder.write("dear", "minutes/letter")
        let foreign = try await hall.failure(
            make + ["--force"],
            as: "auditor",
            .cannotWrite,
            "FILE_EXISTS"
        )
        #expect(foreign.english.contains("has «letter» in it, which is not of the minutes"))
        #expect(foreign.vietnamese.contains("có «letter» không thuộc biên bản"))
        #expect(hall.folder.text(of: "minutes/letter") == "dear")
    }

    @Test(
        "A disk that is full under minutes is said to be so, and nothing is left on it",
        .enabled(if: Hall.canMount, "no small disk can be mounted here: it takes user namespaces")
    )
    func fullDisk() async throws {
        let hall = try await Hall(members: ["m1", "m2"])
        try await hall.open()
        let outcome = try await hall.runOnSmallDisk(
            #""$0" ledger minutes "$1/m" --meeting "# + Hall.meeting + " --json"
        )
        #expect(outcome.output == "74\n", "\(outcome)")
        let error = try outcome.errorJSON()
        #expect(error["reason"] == .string("FILE_UNWRITABLE"))
        guard case .string(let message)? = error["message"] else { throw Missing() }
        #expect(message.hasSuffix("/m cannot be written: the disk is full"))
    }
}
