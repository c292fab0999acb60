import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// Logs and receipts that cannot be written, or do not hold.
@Suite struct ProofMistakeTests {
    @Test("A log is exported as a whole or not at all")
    func export() async throws {
        let hall = try await Self.votedHall()
        let log = hall.folder.path("x.cabinet-log")
        let export = ["ledger", "export", log, "--meeting", Hall.meeting]
        for who in ["s", "m1"] {
            try await hall.failure(export, as: who, .notPermitted, "ROLE_REQUIRED")
        }
        try await hall.failure(
            ["ledger", "export", "/nowhere/x.cabinet-log", "--meeting", Hall.meeting],
            as: "auditor",
            .cannotWrite,
            "FILE_UNWRITABLE"
        )
        let full = try await hall.runWithLittleRoom(export)
        #expect(full.status == 74, "\(full)")
        #expect(full.errors.contains("x.cabinet-log cannot be written"), "\(full)")
        #expect(full.errors.contains("is there room on the disk?"), "\(full)")
        let vietnamese = try await hall.runWithLittleRoom(export + ["--language", "vi"])
        #expect(vietnamese.errors.contains("không ghi được"), "\(vietnamese)")
        #expect(try Self.files(in: hall).isEmpty)

        try await hall.text(export, as: "auditor")
        let exists = try await hall.failure(export, as: "auditor", .cannotWrite, "FILE_EXISTS")
        #expect(exists.english.contains("say with --force that it may be replaced"))
        let before = try Data(contentsOf: URL(fileURLWithPath: log))
        let fullAgain = try await hall.runWithLittleRoom(export + ["--force"])
        #expect(fullAgain.status == 74, "\(fullAgain)")
        // What was there is still there.
        #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == before)
        try await hall.text(export + ["--force"], as: "auditor")
        #expect(try Self.files(in: hall) == ["x.cabinet-log"])
    }

    @Test("A log that does not verify replaces nothing, and is kept beside it")
    func unverifiedExport() async throws {
        let hall = try await Self.votedHall()
        let log = hall.folder.path("x.cabinet-log")
        let export = ["ledger", "export", log, "--meeting", Hall.meeting]
        try await hall.text(export, as: "auditor")
        let before = try Data(contentsOf: URL(fileURLWithPath: log))
        // Another installation of the same name: its key does not verify this log.
        let other = try await Hall(members: ["m1"])
        let wrong = export + ["--force", "--log-key", other.logKey]
        for name in ["x.cabinet-log.unverified", "x.cabinet-log.unverified-2"] {
            let outcome = try await hall.run(wrong, as: "auditor")
            #expect(outcome.status == 65, "\(outcome)")
            #expect(outcome.errors.contains("not verified: \(log)\n"), "\(outcome)")
            #expect(outcome.errors.contains("\(hall.folder.path(name))\n"), "\(outcome)")
            #expect(try Data(contentsOf: URL(fileURLWithPath: log)) == before)
            // The log has not grown.
            let kept = try Data(contentsOf: URL(fileURLWithPath: hall.folder.path(name)))
            #expect(kept.count == before.count)
        }
        #expect(try Self.files(in: hall).count == 3)
    }

    @Test(
        "A disk that is full under a log is said to be so, and nothing is left on it",
        .enabled(if: Hall.canMount, "no small disk can be mounted here: it takes user namespaces")
    )
    func fullDisk() async throws {
        let hall = try await Self.votedHall()
        // Longer than the disk.
        try await hall.text([
            "poll", "create", "p2", "--item", "a1", "--motion",
            String(repeating: "x", count: 4_096),
        ])
        let outcome = try await hall.runOnSmallDisk(#""$0" ledger export "$1/x" --json"#)
        #expect(outcome.output == "74\n", "\(outcome)")
        #expect(try outcome.errorJSON()["reason"] == .string("FILE_UNWRITABLE"))
        #expect(try outcome.errorJSON()["cause"] == .string("No space left on device"))
    }

    @Test("A log of which anything was changed does not verify, and it is said where")
    func tamperedLog() async throws {
        let hall = try await Self.votedHall()
        let log = hall.folder.path("x.cabinet-log")
        try await hall.text(["ledger", "export", log, "--meeting", Hall.meeting], as: "auditor")
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: log)))
        let trust = ["--log-key", hall.logKey]
        var generator = Seed.generator(11)
        for _ in 0..<24 {
            var changed = bytes
            let position = Int.random(in: 0..<bytes.count, using: &generator)
            changed[position] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
            let path = try Self.write(changed, "tampered", hall)
            let outcome = try await hall.run(["verify", path, "--json"] + trust)
            #expect(outcome.status == 65, "byte \(position): \(outcome)")
            #expect(outcome.output.isEmpty)
        }
        for count in [0, 5, 17, 100, bytes.count / 2, bytes.count - 1] {
            let path = try Self.write(Array(bytes.prefix(count)), "cut", hall)
            let outcome = try await hall.run(["verify", path] + trust)
            #expect(outcome.status == 65, "\(count) bytes: \(outcome)")
        }
        let appended = try Self.write(bytes + [0], "appended", hall)
        let more = try await hall.failure(
            ["verify", appended] + trust,
            .badData,
            "LOG_UNVERIFIED"
        )
        #expect(more.english.contains("not verified: "))
        #expect(more.english.contains("the file goes on after its"))
        #expect(more.vietnamese.contains("không xác minh được"))
        let missing = try await hall.failure(
            ["verify", "/nowhere/x"] + trust,
            .noInput,
            "FILE_UNREADABLE"
        )
        #expect(missing.english.contains("/nowhere/x cannot be read"))
        let other = try hall.folder.write("xin chào", "other.txt")
        let unknown = try await hall.failure(["verify", other] + trust, .badData, "FILE_UNKNOWN")
        #expect(unknown.vietnamese.contains("không phải biên bản, nhật ký hay biên nhận"))
    }

    @Test("A receipt of which anything was changed does not verify")
    func tamperedReceipt() async throws {
        let hall = try await Self.votedHall()
        let written = try await hall.json(
            ["receipt", "export", "p1", "--to", hall.folder.path],
            as: "m1"
        )
        guard case .string(let proof)? = written["proof"],
            case .string(let entry)? = written["entry"]
        else { throw Missing() }
        let trust = ["--log-key", hall.logKey]
        try await hall.text(["verify", proof] + trust)
        // As it is published: the line itself.
        let line = hall.folder.text(of: "data/log-key.vkey").filter { !$0.isNewline }
        try await hall.text(["verify", proof, "--log-key", line])
        try await hall.failure(
            ["receipt", "export", "p1", "--to", hall.folder.path],
            as: "m1",
            .cannotWrite,
            "FILE_EXISTS"
        )
        let proofBytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: proof)))
        let entryBytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: entry)))
        var generator = Seed.generator(12)
        for _ in 0..<12 {
            for isEntry in [false, true] {
                var changed = isEntry ? entryBytes : proofBytes
                let position = Int.random(in: 0..<changed.count, using: &generator)
                changed[position] ^= UInt8(1) << UInt8.random(in: 0..<8, using: &generator)
                let path = try Self.write(changed, isEntry ? "t.entry" : "t.tlog-proof", hall)
                let outcome = try await hall.run(
                    ["verify", isEntry ? proof : path, "--entry", isEntry ? path : entry] + trust
                )
                #expect(outcome.status == 65, "byte \(position) of \(path): \(outcome)")
            }
        }
        let alone = try Self.write(proofBytes, "alone.tlog-proof", hall)
        try await hall.failure(["verify", alone] + trust, .noInput, "FILE_UNREADABLE")
        let unnamed = try Self.write(proofBytes, "alone", hall)
        try await hall.failure(["verify", unnamed] + trust, .usage, "ENTRY_MISSING")
        try await hall.failure(["receipt", "show", "p7"], as: "m1", .noInput, "RECEIPT_NOT_FOUND")
        // Whoever trusts another installation is told whose it is.
        let other = try await Hall(members: ["m1"])
        let key = other.folder.text(of: "data/log-key.vkey")
        let otherKey = try hall.folder.write(
            key.replacing("cabinet.example", with: "cabinet.elsewhere"),
            "other.vkey"
        )
        let wrong = try await hall.run(["verify", proof, "--log-key", otherKey])
        #expect(wrong.status == 78, "\(wrong)")
        let sameName = try await hall.failure(
            ["verify", proof, "--log-key", other.logKey],
            .badData,
            "RECEIPT_UNVERIFIED"
        )
        #expect(sameName.english.contains("not verified: "))
    }

    @Test(
        "A log that was put back to an older copy is found out, and followed when its member accepts"
    )
    func restored() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        let copy = hall.folder.path("copy")
        let data = hall.folder.path("data")
        hall.installation.server.send(SIGKILL)
        _ = try await hall.installation.server.outcome()
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        var (server, address) = try await hall.installation.serve()
        let vote = ["vote", "p1", "yes", "--yes", "--server"]
        try await hall.text(vote + [address], as: "m1")
        let checkpoint = hall.folder.path("seen.checkpoint")
        try await hall.text(
            ["ledger", "checkpoint", "--to", checkpoint, "--server", address],
            as: "m1"
        )
        server.send(SIGKILL)
        _ = try await server.outcome()
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.moveItem(atPath: copy, toPath: data)
        (server, address) = try await hall.installation.serve()

        let found = try await hall.failure(
            ["ledger", "checkpoint", "--server", address],
            as: "m1",
            .badData,
            "HISTORY_CONTRADICTED"
        )
        #expect(found.english.contains("contradicts what this device has seen of it"))
        #expect(found.vietnamese.contains("không khớp với những gì thiết bị này đã thấy"))
        try await hall.failure(vote + [address], as: "m1", .badData, "HISTORY_CONTRADICTED")
        // Nor does a board show it to who knows better.
        let watch = ["watch", Hall.meeting, "--server", address]
        let board = try await hall.run(watch, as: "m1")
        #expect(board.status == ecabinet.ExitStatus.badData.rawValue, "\(board)")
        try await hall.failure(
            ["ledger", "compare", checkpoint, "--server", address],
            as: "auditor",
            .badData,
            "HISTORY_CONTRADICTED"
        )
        try await hall.text(
            ["ledger", "accept-restoration", "--yes", "--server", address],
            as: "m1"
        )
        // What the restored log lacks can be proven yet.
        let former = hall.folder.path("config/profiles/m1/journals/m1/before-restoration")
        let meetings = try FileManager.default.contentsOfDirectory(atPath: former)
        let receipts = "\(former)/\(try #require(meetings.first))"
        let files = try FileManager.default.contentsOfDirectory(atPath: receipts)
        let proof = try #require(files.first { $0.hasSuffix(".tlog-proof") })
        let verified = try await hall.text([
            "verify", "\(receipts)/\(proof)", "--log-key", hall.logKey,
        ])
        #expect(verified.contains("p1"), "\(verified)")
        let settled = try await hall.json(["receipt", "settle", "--server", address], as: "m1")
        guard case .array(let ballots)? = settled["settled"] else { throw Missing() }
        #expect(ballots.map { $0["state"] } == [.string("COUNTED")])
        withExtendedLifetime(server) {}
    }

    @Test("No minutes are made of a log that is shorter than what was seen of it")
    func minutesOfShorterLog() async throws {
        let hall = try await Hall(members: ["m1"])
        try await hall.open()
        let copy = hall.folder.path("copy")
        let data = hall.folder.path("data")
        hall.installation.server.send(SIGKILL)
        _ = try await hall.installation.server.outcome()
        try FileManager.default.copyItem(atPath: data, toPath: copy)
        var (server, address) = try await hall.installation.serve()
        try await hall.text(["agenda", "set", "a2", "--title", "Khác", "--server", address])
        let folder = hall.folder.path("minutes")
        let make = ["ledger", "minutes", folder, "--force", "--meeting", Hall.meeting]
        // It is the minutes that keep what they saw.
        let made = try await hall.json(make + ["--server", address], as: "auditor")
        #expect(made["history_compared"] == .bool(true))
        try FileManager.default.removeItem(atPath: folder)
        server.send(SIGKILL)
        _ = try await server.outcome()
        try FileManager.default.removeItem(atPath: data)
        try FileManager.default.moveItem(atPath: copy, toPath: data)
        (server, address) = try await hall.installation.serve()
        try await hall.failure(
            make + ["--server", address],
            as: "auditor",
            .badData,
            "HISTORY_CONTRADICTED"
        )
        #expect(!FileManager.default.fileExists(atPath: folder))
        withExtendedLifetime(server) {}
    }

    // MARK: - Helpers

    /// A meeting in which two have voted.
    private static func votedHall() async throws -> Hall {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.vote("p1", "yes", as: "m1")
        try await hall.vote("p1", "no", as: "m2")
        try await hall.text(["poll", "close", "p1"])
        return hall
    }

    /// The logs in the folder, finished or not.
    private static func files(in hall: Hall) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: hall.folder.path)
            .filter { $0.hasPrefix("x.cabinet-log") }
    }

    private static func write(_ bytes: [UInt8], _ name: String, _ hall: Hall) throws -> String {
        let path = hall.folder.path(name)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return path
    }
}
