import CabinetModel
import Testing

@testable import ecabinet

/// What a secretary sees who has made a mistake.
@Suite struct MeetingMistakeTests {
    @Test("Mistakes with meetings and agendas are explained")
    func meetings() async throws {
        let hall = try await Hall()
        let none = try await hall.failure(["agenda", "list"], .usage, "MEETING_UNCLEAR")
        #expect(none.english.contains("you take part in no meeting that goes on or is scheduled"))
        let named = try await hall.failure(
            ["meeting", "schedule", "Phiên 1", "--title", "x", "--at", "2019-06-24 08:30"],
            .usage,
            "IDENTIFIER"
        )
        #expect(named.english.contains("«Phiên 1» is no identifier of a meeting"))
        #expect(named.vietnamese.contains("«Phiên 1» không phải mã phiên họp"))
        #expect(named.english.contains("take 1 to 64 lower-case letters"))
        #expect(named.english.contains("as 2019-06-24"))
        #expect(named.vietnamese.contains("hãy dùng 1 đến 64 chữ thường"))
        for arguments in [
            ["poll", "create", "P1", "--item", "a1", "--motion", "x", "--meeting", "x"],
            ["agenda", "set", "A 1", "--title", "x", "--meeting", "x"],
            ["directory", "put", "M1", "--name", "x", "--role", "member"],
        ] {
            let wrong = try await hall.failure(arguments, .usage, "IDENTIFIER")
            #expect(wrong.english.contains("take 1 to 64 lower-case letters"), "\(arguments)")
        }
        let other = try await hall.failure(["meeting", "show", "Phiên 1"], .usage, "IDENTIFIER")
        #expect(other.english.contains("«ecabinet meeting list» says which there are"))
        let unknown = try await hall.failure(
            ["meeting", "show", "2020"],
            .refused,
            "MEETING_NOT_FOUND"
        )
        #expect(
            unknown.english.contains("There is no such meeting, or none that you take part in.")
        )
        #expect(unknown.vietnamese.contains("Không có phiên họp này"))

        try await hall.schedule()
        let again = try await hall.failure(
            ["meeting", "schedule", Hall.meeting, "--title", "x", "--at", "2019-06-24 08:30"],
            .refused,
            "MEETING_EXISTS"
        )
        #expect(again.english.contains("Choose another identifier."))
        #expect(again.english.contains("Command: «ecabinet meeting list»"))
        let quorum = try await hall.failure(["meeting", "open"], .refused, "QUORUM_NOT_MET")
        #expect(quorum.vietnamese.contains("Chưa đủ túc số: có mặt 0, cần 2."))
        let role = try await hall.failure(
            ["meeting", "open", Hall.meeting],
            as: "m2",
            .notPermitted,
            "ROLE_REQUIRED"
        )
        #expect(role.english.contains("This takes the role: chair or secretary."))
        #expect(role.vietnamese.contains("chủ tọa hoặc thư ký phiên họp"))
        try await hall.failure(
            ["meeting", "admit", "nobody", "--role", "member"],
            .refused,
            "PRINCIPAL_NOT_FOUND"
        )
        try await hall.failure(
            ["meeting", "admit", "m2", "--role", "member", "--role", "chair"],
            .refused,
            "FIELD_INVALID"
        )
        let incomplete = try await hall.failure(
            ["agenda", "set", "a9"],
            .usage,
            "AGENDA_ITEM_INCOMPLETE"
        )
        #expect(incomplete.english.contains("the agenda has no «a9», and a new item needs --title"))
        try await hall.failure(
            ["agenda", "set", "a9", "--title", "x", "--document", "/nowhere/x.pdf"],
            .noInput,
            "FILE_UNREADABLE"
        )
        try await hall.failure(["agenda", "remove", "a9"], .refused, "AGENDA_ITEM_NOT_FOUND")

        try await hall.schedule("2019-06-25")
        let ambiguous = try await hall.failure(["meeting", "open"], .usage, "MEETING_UNCLEAR")
        #expect(ambiguous.english.contains("you take part in more than one meeting"))
        #expect(ambiguous.vietnamese.contains("2019-06-25"))
        let environment = ["ECABINET_MEETING": "2019-06-25"]
        let list = try await hall.run(["agenda", "list"], environment: environment)
        #expect(list.status == 0)
    }

    @Test("Mistakes with attendance say whose it is, and for whom it was done")
    func attendance() async throws {
        let hall = try await Hall()
        try await hall.schedule()
        let out = try await hall.failure(
            ["attend", "check-out", "m1"],
            .refused,
            "NOT_CHECKED_IN"
        )
        #expect(out.english.contains("m1: "))
        let other = try await hall.failure(
            ["attend", "check-in", "room", "m3"],
            as: "m2",
            .notPermitted,
            "ROLE_REQUIRED"
        )
        #expect(other.english.contains("m3: "))
        let partly = try await hall.run([
            "attend", "check-in", "room", "m1", "nobody", "m2", "--json",
        ])
        #expect(partly.status == 2, "\(partly)")
        let error = try partly.errorJSON()
        #expect(error["reason"] == .string("PARTICIPANT_NOT_FOUND"))
        #expect(error["attributes"]?["principal_id"] == .string("nobody"))
        #expect(error["attributes"]?["done"] == .array([.string("m1")]))
        #expect(error["attributes"]?["not_done"] == .array([.string("nobody"), .string("m2")]))
        let told = try await hall.failure(
            ["attend", "check-in", "room", "m3", "nobody", "m2"],
            .refused,
            "PARTICIPANT_NOT_FOUND"
        )
        #expect(told.english.contains("checked in, in the room: m3\n"))
        #expect(told.english.contains("not recorded: nobody, m2\n"))
        #expect(told.vietnamese.contains("đã điểm danh tại phòng họp: m3\n"))
        #expect(told.vietnamese.contains("chưa ghi nhận: nobody, m2\n"))
        let first = try await hall.failure(
            ["attend", "check-in", "room", "nobody", "m2"],
            .refused,
            "PARTICIPANT_NOT_FOUND"
        )
        #expect(first.english.contains("not recorded: nobody, m2\n"))
        #expect(!first.english.contains("in the room"))
        try await hall.failure(["attend", "excuse", "m1"], .refused, "CHECKED_IN")
    }

    @Test("Where no answer comes it is not said of anybody that it was not recorded")
    func attendanceUnknown() {
        let lost = Failure(.unavailable, "CONNECTION_LOST", Phrase("lost", vi: "mất kết nối"))
            .ending(.checkIn(.remote), of: "m2", done: ["m1"], left: ["m2", "m3"])
        #expect(lost.status == .unavailable)
        #expect(lost.happened.english == "m2: lost")
        #expect(
            lost.cause?.english == """
                checked in, remote: m1
                not recorded: m3
                not known, «ecabinet attend list» says it: m2
                """
        )
        #expect(
            lost.attributes.map(\.name) == ["principal_id", "done", "not_done", "unknown"]
        )
    }

    @Test("Mistakes with polls are explained")
    func polls() async throws {
        let hall = try await Hall()
        try await hall.schedule()
        try await hall.draft("p1")
        try await hall.failure(["poll", "open", "p1"], .refused, "MEETING_NOT_OPEN")
        try await hall.text(["attend", "check-in", "room", "m1", "m2", "m3"])
        try await hall.text(["meeting", "open"])
        let unknown = try await hall.failure(["poll", "show", "p9"], .refused, "POLL_NOT_FOUND")
        #expect(unknown.english.contains("There is no such poll"))
        try await hall.failure(
            ["poll", "create", "p1", "--item", "a1", "--motion", "x"],
            .refused,
            "POLL_EXISTS"
        )
        try await hall.failure(
            ["poll", "create", "p2", "--item", "a9", "--motion", "x"],
            .refused,
            "AGENDA_ITEM_NOT_FOUND"
        )
        let rule = try await hall.failure(
            [
                "poll", "create", "p2", "--item", "a1", "--motion", "x",
                "--carried-by", "more than 1/1 of all members",
            ],
            .usage,
            "POLL_RULE_INVALID"
        )
        #expect(rule.english.contains("threshold is below 1"))
        try await hall.failure(
            ["poll", "create", "p2", "--item", "a1", "--motion", "@/nowhere/motion.txt"],
            .noInput,
            "FILE_UNREADABLE"
        )
        try await hall.failure(["poll", "hold", "p1"], .refused, "POLL_NOT_OPEN")
        try await hall.text(["poll", "open", "p1"])
        let twice = try await hall.failure(["poll", "open", "p1"], .refused, "POLL_NOT_DRAFT")
        #expect(twice.vietnamese.contains("đang biểu quyết"))
        try await hall.failure(["poll", "resume", "p1"], .refused, "POLL_NOT_HELD")
        try await hall.failure(
            ["poll", "show", "p1", "--roll-call"],
            .refused,
            "POLL_NOT_DECIDED"
        )
        try await hall.draft("p2")
        let progress = try await hall.failure(["poll", "open", "p2"], .refused, "POLL_IN_PROGRESS")
        #expect(progress.english.contains("p1"))
        try await hall.failure(["meeting", "adjourn"], .refused, "POLL_IN_PROGRESS")
        try await hall.text(["poll", "close", "p1"])
        try await hall.failure(
            ["poll", "void", "p1", "--reason", "x"],
            .refused,
            "POLL_FINISHED"
        )
    }

    @Test("Of a meeting that is over nobody is told to wait")
    func adjourned() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.draft("p1")
        try await hall.text(["meeting", "adjourn"])
        let meeting = ["--meeting", Hall.meeting]
        for (arguments, reason) in [
            (["poll", "open", "p1"] + meeting, "MEETING_NOT_OPEN"),
            (["attend", "check-in", "room", "m1"] + meeting, "MEETING_ADJOURNED"),
            (["meeting", "resume", Hall.meeting], "MEETING_NOT_IN_RECESS"),
        ] {
            let over = try await hall.failure(arguments, .refused, reason)
            #expect(over.english.contains("It does not open again"), "\(over)")
            #expect(
                over.english.contains(
                    "Commands: «ecabinet ledger minutes», «ecabinet ledger export»"
                ),
                "\(over)"
            )
            #expect(!over.english.contains("Wait"), "\(over)")
            #expect(over.vietnamese.contains("Phiên họp không mở lại được"), "\(over)")
        }
    }

    @Test(
        "A wrong command line is explained before anybody is asked",
        arguments: [
            (
                ["meeting", "schedule", "x", "--title", "x", "--at", "30/2/2019 08:30"],
                "is no value of"
            ),
            (["meeting", "schedule", "x", "--title", "x", "--at", "2019-06-24"], "is no value of"),
            (
                ["poll", "create", "p", "--item", "a", "--motion", "x", "--carried-by", "most"],
                "--carried-by is as 'more than 1/2 of all members'"
            ),
            (
                ["poll", "create", "p", "--item", "a", "--motion", "x", "--quorum", "3/2"],
                "is no value of"
            ),
            (["poll", "open", "p", "--for", "500ms"], "from a second to a day"),
            (["vote", "p", "maybe"], "is no value of"),
            (["vote", "p", "abstain", "--tie"], "A tie is decided with yes or no."),
            (["attend", "check-in", "home"], "it is one of room, remote"),
            (["agenda", "set", "a", "--deferred", "--pending"], "either --deferred or --pending"),
            (["agenda", "set", "a", "--position", "0"], "a number from 1"),
            (["meeting", "admit", "m", "--role", "member", "--weight", "0"], "from 1 to 1000"),
        ]
    )
    func commandLine(_ arguments: [String], _ explanation: String) async throws {
        let outcome = try await Ecabinet.run(arguments)
        #expect(outcome.status == 64, "\(outcome)")
        #expect(outcome.errors.contains(explanation), "\(outcome)")
    }

    @Test(
        "Without a server each command says so",
        arguments: [
            ["meeting", "list"], ["agenda", "list", "--meeting", "x"],
            ["attend", "list", "--meeting", "x"],
            ["poll", "list", "--meeting", "x"], ["vote", "p", "yes", "--yes", "--meeting", "x"],
            ["ledger", "checkpoint", "--meeting", "x"], ["receipt", "settle"],
        ]
    )
    func noServer(_ arguments: [String]) async throws {
        let pki = TestFolder()
        for arguments in [["create"], ["issue", "device", "d"]] {
            let made = try await Ecabinet.run(["pki"] + arguments + ["--pki", pki.path("pki")])
            try #require(made.status == 0, "\(made)")
        }
        let connection = [
            "--server", "127.0.0.1:1", "--certificate", pki.path("pki/devices/d.pem"),
            "--key", pki.path("pki/devices/d.key"), "--authorities", pki.path("pki/ca.pem"),
            "--timeout", "2s",
        ]
        let english = try await Ecabinet.run(arguments + connection)
        #expect(english.status == 69, "\(english)")
        #expect(english.errors.contains("there is no connection to the server"))
        let vietnamese = try await Ecabinet.run(arguments + connection + ["--language", "vi"])
        #expect(vietnamese.errors.contains("không kết nối được với máy chủ"))
        #expect(vietnamese.errors.contains("hãy khởi động máy chủ"))
    }
}
