import Foundation
import TestSupport
import Testing

@testable import ecabinet

/// A meeting that is run by hand, from its scheduling to the verification of what is left of it.
@Suite struct WholeMeetingTests {
    @Test("A meeting is run from the command line, and everybody can verify what was decided")
    func wholeMeeting() async throws {
        let hall = try await Hall()
        try await prepare(hall)
        try await hold(hall)
        let receipt = try await vote(hall)
        try await decide(hall)
        try await verifyReceipt(receipt, hall)
        try await verifyLog(hall)
    }

    private func prepare(_ hall: Hall) async throws {
        let scheduled = try await hall.json([
            "meeting", "schedule", Hall.meeting, "--title", "Phiên họp thứ nhất",
            "--scheduled", "24/6/2019 08:30",
        ])
        #expect(scheduled["state"] == .string("SCHEDULED"))
        #expect(scheduled["scheduled"] == .string("2019-06-24T08:30:00.000+07:00"))
        #expect(scheduled["default_rule"]?["quorum"] == .string("2/3"))
        let chair = try await hall.json([
            "meeting", "admit", "m1", "--role", "member", "--role", "chair",
        ])
        #expect(chair["principals"] == .array([.string("m1")]))
        try await hall.text(["meeting", "admit", "m2", "m3", "--role", "member"])
        let removed = try await hall.text(["meeting", "remove", "m3"])
        #expect(removed.contains("m3 takes no more part in 2019-06-24"))
        let admitted = try await hall.text(["meeting", "admit", "m3", "--role", "member"])
        #expect(admitted.contains("admitted to 2019-06-24: m3"))

        let document = try hall.folder.write("Dự thảo", "draft.pdf")
        let agenda = try await hall.json([
            "agenda", "set", "a1", "--title", "Nghị định về định danh", "--office", "Bộ Công an",
            "--document", document,
        ])
        guard case .array(let items)? = agenda["agenda"] else { throw Missing() }
        #expect(items.first?["reporting_office"] == .string("Bộ Công an"))
        guard case .array(let documents)? = items.first?["documents"] else { throw Missing() }
        #expect(documents.first?["title"] == .string("draft.pdf"))
        #expect(documents.first?["media_type"] == .string("application/pdf"))
        try await hall.text(["agenda", "set", "a2", "--title", "Việc khác"])
        let moved = try await hall.text(["agenda", "set", "a2", "--position", "1", "--deferred"])
        let order = moved.split(separator: "\n").map(String.init)
        #expect(order[1].contains("a2") && order[1].contains("put off"))
        // What was not given stays as it was.
        #expect(order[1].contains("Việc khác"))
        #expect(order[2].contains("a1") && order[2].contains("Bộ Công an"))
        try await hall.text(["agenda", "remove", "a2"])

        // No terminal says in which way letters are composed.
        let list = try await hall.text(["meeting", "list"], as: "auditor")
        #expect(list.contains("Phiên họp thứ nhất"))
        let own = try await hall.json(["meeting", "list", "--state", "open"])
        #expect(own["meetings"] == .array([]))
    }

    private func hold(_ hall: Hall) async throws {
        #expect(
            try await hall.text(["attend", "check-in", "room"], as: "m1")
                .contains("checked in, in the room: m1")
        )
        try await hall.text(["attend", "check-in", "remote", "m2"])
        try await hall.text(["attend", "excuse", "m3"])
        let attendance = try await hall.text(["attend", "list", "--language", "vi"])
        #expect(attendance.contains("Túc số 2/3: có mặt 2 (1 tại phòng họp, 1 từ xa)"))
        let opened = try await hall.text(["meeting", "open"], as: "m1")
        #expect(opened.contains("Quorum 2 of 3: present 2 (1 in the room, 1 remote)"))
        try await hall.text(["attend", "check-in", "room", "m3"])
        let participants = try await hall.json(["attend", "list", "--role", "member"])
        guard case .array(let members)? = participants["participants"] else { throw Missing() }
        #expect(
            members.map { $0["attendance"] }
                == ["IN_ROOM", "REMOTE", "IN_ROOM"].map { .string($0) }
        )
        #expect(
            try await hall.text(["agenda", "move", "a1"]).contains("a1 is being discussed")
        )
        #expect(try await hall.text(["meeting", "recess"]).contains("is in recess"))
        #expect(try await hall.text(["meeting", "resume"]).contains("is in session again"))
    }

    private func vote(_ hall: Hall) async throws -> JSONValue {
        let motion = try hall.folder.write("Thông qua dự thảo\r\nNghị định.\r\n\r\n", "motion.txt")
        let created = try await hall.text([
            "poll", "create", "p1", "--item", "a1", "--motion", "@\(motion)",
            "--carried-by", "at least 2/3 of the votes cast", "--quorum", "1/2",
            "--no-remote-counts",
            "--tie", "fails", "--show", "names",
        ])
        #expect(created.contains("Carried by at least 2/3 of the votes cast in favour."))
        #expect(created.contains("Quorum: at least 1/2 of all members, without remote ones."))
        let draft = try await hall.json(["poll", "show", "p1"])
        #expect(draft["motion"]?["text"] == .string("Thông qua dự thảo\nNghị định."))
        #expect(draft["state"] == .string("DRAFT"))
        try await hall.text(["poll", "void", "p1", "--reason", "nhầm quy tắc"])

        try await hall.draft("p2")
        let opened = try await hall.text(["poll", "open", "p2", "--for", "1h"], as: "m1")
        #expect(opened.contains("3 members"))
        #expect(try await hall.text(["poll", "hold", "p2"]).contains("p2 is on hold"))
        #expect(try await hall.text(["poll", "resume", "p2"]).contains("p2 is open again"))

        let paper = try await hall.text(["vote", "p2", "yes", "--yes"], as: "m1")
        #expect(paper.contains("2019-06-24: Phiên họp thứ nhất"))
        #expect(paper.contains("Thông qua dự thảo"))
        #expect(paper.contains("Carried by more than 1/2 of all members in favour."))
        #expect(paper.contains("3 members, you among them (m1)"))
        #expect(paper.contains("you have voted: in favour"))
        #expect(paper.contains("Therefore the entry is in the log"))
        let standing = try await hall.text(["poll", "show", "p2", "--language", "vi"])
        #expect(standing.contains("1/2 phiếu cần có"))
        let receipt = try await hall.vote("p2", "yes", as: "m2")
        #expect(receipt["verified"] == .bool(true))
        #expect(receipt["choice"] == .string("YES"))
        #expect(receipt["place"] == .string("REMOTE"))
        let vietnamese = try await hall.text(
            ["vote", "p2", "abstain", "--yes", "--language", "vi"],
            as: "m3"
        )
        #expect(vietnamese.contains("phiếu của bạn đã được ghi vào nhật ký: không có ý kiến"))
        #expect(vietnamese.contains("Vì vậy mục này có trong nhật ký"))
        return receipt
    }

    private func decide(_ hall: Hall) async throws {
        let closed = try await hall.text(["poll", "close", "p2"])
        #expect(closed.contains("Carried: 2 of 3 in favour, 2 needed, quorum 2 met by 3"))
        #expect(closed.contains("those in favour reached the number needed"))
        let shown = try await hall.json(["poll", "show", "p2", "--roll-call"])
        #expect(shown["verdict"]?["outcome"] == .string("CARRIED"))
        #expect(shown["verdict"]?["ground"] == .string("THRESHOLD_REACHED"))
        guard case .array(let lines)? = shown["roll_call"] else { throw Missing() }
        #expect(lines.map { $0["mark"] } == ["YES", "YES", "ABSTAIN"].map { .string($0) })
        let calls = try await hall.text(["poll", "show", "p2", "--roll-call"], as: "auditor")
        #expect(calls.contains("m2      Thành viên 2  in favour, remote"))
        let polls = try await hall.text(["poll", "list"])
        #expect(polls.contains("voided") && polls.contains("carried"))
        try await hall.text(["agenda", "move", "--leaving", "decided"])
        try await hall.text(["attend", "check-out"], as: "m3")
        #expect(
            try await hall.text(["meeting", "adjourn", "--language", "vi"]).contains("đã bế mạc")
        )
        let whole = try await hall.text(["meeting", "show", Hall.meeting])
        for part in ["adjourned", "dealt with", "Thành viên 3", "left", "p2", "carried"] {
            #expect(whole.contains(part), "\(part)")
        }
    }

    /// What a member keeps, and hands to others.
    private func verifyReceipt(_ receipt: JSONValue, _ hall: Hall) async throws {
        guard case .string(let id)? = receipt["receipt_id"],
            case .string(let origin)? = receipt["origin"]
        else { throw Missing() }
        let kept = try await hall.text(["receipt", "list"], as: "m2")
        #expect(kept.contains(id.prefix(8)) && kept.contains("verified"))
        for name in [id, String(id.prefix(6)), "p2"] {
            let shown = try await hall.json(["receipt", "show", name], as: "m2")
            #expect(shown["receipt_id"] == .string(id))
        }
        let fetched = try await hall.json(
            ["receipt", "fetch", "p2", "--meeting", Hall.meeting],
            as: "m2"
        )
        #expect(fetched["receipt_id"] == .string(id))
        let settled = try await hall.text(["receipt", "settle"], as: "m2")
        #expect(settled.contains("of every ballot it is known"))

        let written = try await hall.json(
            ["receipt", "export", "p2", "--to", hall.folder.path],
            as: "m2"
        )
        guard case .string(let proof)? = written["proof"],
            case .string(let entry)? = written["entry"]
        else { throw Missing() }
        #expect(try hall.folder.permissions(URL(fileURLWithPath: entry).lastPathComponent) == 0o600)
        let verified = try await hall.json(
            ["verify", proof, "--log-key", hall.logKey],
            as: "default"
        )
        #expect(verified["choice"] == .string("YES"))
        guard Script.hasCryptography else { return }
        let key = hall.folder.text(of: "data/log-key.vkey").trimmingCharacters(in: .newlines)
        let foreign = try Script.run(
            "verify-receipt",
            ["--key", key, "--origin", origin, proof],
            file: Array(Data(contentsOf: URL(fileURLWithPath: entry)))
        )
        #expect(foreign.status == 0, "\(foreign.output)")
    }

    /// What an auditor keeps.
    private func verifyLog(_ hall: Hall) async throws {
        let meeting = ["--meeting", Hall.meeting]
        let first = try await hall.text(["ledger", "checkpoint"] + meeting, as: "auditor")
        #expect(first.contains("cabinet.example/2019-06-24"))
        #expect(first.contains("nothing was seen of it before"))
        let file = hall.folder.path("meeting.checkpoint")
        let again = try await hall.text(
            ["ledger", "checkpoint", "--to", file] + meeting,
            as: "auditor"
        )
        #expect(again.contains("proven to go on from the"))
        let compared = try await hall.json(["ledger", "compare", file], as: "m1")
        #expect(compared["verified"] == .bool(true))

        let log = hall.folder.path("meeting.cabinet-log")
        let exported = try await hall.text(["ledger", "export", log] + meeting, as: "auditor")
        #expect(
            exported.contains("verified: every signature, every decision and every count holds")
        )
        let verified = try await hall.json(
            ["verify", log, "--log-key", hall.logKey],
            as: "default"
        )
        #expect(verified["verified"] == .string("LOG"))
        guard case .array(let polls)? = verified["polls"] else { throw Missing() }
        #expect(polls.map { $0["cast_ballots"] } == [.integer(3)])
        let vietnamese = try await hall.text(["verify", log, "--language", "vi"], as: "auditor")
        #expect(vietnamese.contains("Được thông qua: 2/3 tán thành, cần 2"))
        guard Script.hasCryptography else { return }
        let key = hall.folder.text(of: "data/log-key.vkey").trimmingCharacters(in: .newlines)
        let foreign = try Script.run(
            "verify-log",
            ["--key", key],
            file: Array(Data(contentsOf: URL(fileURLWithPath: log)))
        )
        #expect(foreign.status == 0, "\(foreign.output)")
    }
}

/// Something that the output has to have.
struct Missing: Error {}
