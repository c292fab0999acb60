import Foundation
import Testing

@testable import ecabinet

/// What a member sees whose ballot is not cast, or of which nothing is known yet.
@Suite struct VoteMistakeTests {
    @Test("A ballot that the poll does not take is not signed, and the member is told why")
    func refused() async throws {
        let hall = try await Hall()
        try await hall.open()
        let unknown = try await hall.failure(
            ["vote", "p9", "yes", "--yes"],
            as: "m1",
            .refused,
            "POLL_NOT_FOUND"
        )
        #expect(unknown.english.contains("There is no such poll"))
        try await hall.draft("p1")
        // A draft is shown to the chair alone.
        let vote = ["vote", "p1", "yes", "--yes"]
        try await hall.failure(vote, as: "m2", .refused, "POLL_NOT_FOUND")
        try await hall.failure(vote, as: "m1", .refused, "POLL_NOT_OPEN")
        try await hall.text(["poll", "open", "p1"])
        try await hall.text(["poll", "hold", "p1"])
        let held = try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "m1",
            .refused,
            "POLL_NOT_OPEN"
        )
        #expect(held.english.contains("on hold"))
        #expect(held.vietnamese.contains("tạm dừng biểu quyết"))
        try await hall.text(["poll", "resume", "p1"])

        let terminal = try await hall.failure(
            ["vote", "p1", "yes"],
            as: "m1",
            .usage,
            "CONFIRMATION_REQUIRED"
        )
        #expect(terminal.english.contains("say with --yes that it is to be done"))

        try await hall.vote("p1", "no", as: "m1")
        let twice = try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "m1",
            .refused,
            "BALLOT_NOT_REVOCABLE"
        )
        #expect(twice.english.contains("your ballot counts since"))
        #expect(twice.english.contains("against"))
        #expect(twice.vietnamese.contains("không tán thành"))
        // No second ballot was signed.
        let kept = try await hall.json(["receipt", "list"], as: "m1")
        guard case .array(let receipts)? = kept["receipts"] else { throw Missing() }
        #expect(receipts.count == 1)

        let secretary = try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "s",
            .notPermitted,
            "NOT_ON_ROLL"
        )
        #expect(secretary.vietnamese.contains("không có tên trong danh sách biểu quyết"))
        try await hall.text(["attend", "check-out", "m2"])
        try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "m2",
            .refused,
            "NOT_CHECKED_IN"
        )
        let listed = try await hall.text(["receipt", "list", "--language", "vi"], as: "m2")
        #expect(listed.contains("bị từ chối: NOT_CHECKED_IN"))
        try await hall.failure(
            ["receipt", "show", "p1"],
            as: "m2",
            .refused,
            "BALLOT_REFUSED"
        )

        try await hall.text(["poll", "close", "p1"])
        let closed = try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "m3",
            .refused,
            "POLL_NOT_OPEN"
        )
        #expect(closed.english.contains("decided"))
        #expect(closed.english.contains("the server knows of no ballot of yours in this poll"))
        #expect(closed.vietnamese.contains("máy chủ không biết phiếu nào của bạn"))
        let late = try await hall.failure(
            ["vote", "p1", "yes", "--yes"],
            as: "m1",
            .refused,
            "POLL_NOT_OPEN"
        )
        #expect(late.english.contains("your ballot counts since"))
        #expect(late.english.contains("against"))
        #expect(late.english.contains("those that were cast before do."))
        #expect(late.english.contains("«ecabinet poll show», «ecabinet receipt show»"))
        #expect(late.vietnamese.contains("các phiếu đã gửi trước đó vẫn được tính"))
        try await hall.failure(
            ["vote", "p1", "yes", "--tie", "--yes"],
            as: "m1",
            .refused,
            "TIE_NOT_PENDING"
        )
    }

    @Test("Whose key is not on the roll, or whose log is not known, is told so")
    func keys() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        let other = [
            "--signing-key", "\(hall.installation.pki)/members/m2.key",
            "--signing-certificate", "\(hall.installation.pki)/members/m2.pem",
        ]
        let key = try await hall.failure(
            ["vote", "p1", "yes", "--yes"] + other,
            as: "m1",
            .notPermitted,
            "SIGNING_KEY_NOT_ON_ROLL"
        )
        #expect(key.english.contains("This signing key was not registered when the poll opened."))
        #expect(
            key.vietnamese.contains("Khóa ký số này chưa được đăng ký khi cuộc biểu quyết bắt đầu.")
        )
        #expect(key.vietnamese.contains("nên làm: Dùng khóa ký số khác đã đăng ký"))
        let pair = try await hall.failure(
            [
                "vote", "p1", "yes", "--yes", "--signing-key",
                "\(hall.installation.pki)/members/m2.key",
            ],
            as: "m1",
            .configuration,
            "SIGNING_KEY"
        )
        #expect(pair.english.contains("belong together"))
        try await hall.failure(
            ["vote", "p1", "yes", "--yes", "--log-key", hall.folder.path("pki/ca.pem")],
            as: "m1",
            .configuration,
            "LOG_KEY"
        )
        // A device without a key for the log.
        try await hall.failure(
            ["vote", "p1", "yes", "--yes", "--meeting", Hall.meeting, "--profile", "default"],
            as: "m1",
            .configuration,
            "SETTING_MISSING"
        )
    }

    @Test("A further key on the roll is warned of, also where a program reads it")
    func otherKey() async throws {
        let hall = try await Hall()
        let pki = hall.installation.pki
        for arguments in [
            ["pki", "issue", "member", "second", "--pki", pki],
            [
                "directory", "certificate", "add", "m1", "\(pki)/members/second.pem", "--use",
                "signing",
            ],
        ] {
            let outcome = try await hall.installation.run(arguments)
            try #require(outcome.status == 0, "\(outcome)")
        }
        try await hall.open()
        try await hall.openPoll("p1", ["--revocable"])
        let outcome = try await hall.run(["vote", "p1", "yes", "--yes", "--json"], as: "m1")
        #expect(outcome.status == 0, "\(outcome)")
        #expect(try outcome.json()["choice"] == .string("YES"))
        let lines = try outcome.errorLines()
        try #require(lines.count == 1, "\(outcome)")
        #expect(lines[0]["warning"]?["reason"] == .string("OTHER_KEYS_ON_ROLL"))
        guard case .array(let keys)? = lines[0]["warning"]?["attributes"]?["keys"] else {
            throw Missing()
        }
        #expect(keys.count == 1)
        let vietnamese = try await hall.run(
            ["vote", "p1", "no", "--yes", "--language", "vi"],
            as: "m1"
        )
        #expect(vietnamese.errors.contains("cảnh báo: danh sách biểu quyết còn có khóa khác"))
    }

    @Test("Where the rule allows it a ballot is changed, and the chair decides a tie")
    func changes() async throws {
        let hall = try await Hall(members: ["m1", "m2"])
        try await hall.open()
        try await hall.openPoll(
            "p1",
            ["--revocable", "--carried-by", "quá 1/2 tổng số thành viên"]
        )
        let first = try await hall.vote("p1", "no", as: "m2")
        let second = try await hall.text(["vote", "p1", "abstain", "--yes"], as: "m2")
        #expect(second.contains("your ballot"))
        let third = try await hall.vote("p1", "no", as: "m2")
        #expect(first["receipt_id"] != third["receipt_id"])
        let kept = try await hall.json(["receipt", "list"], as: "m2")
        guard case .array(let receipts)? = kept["receipts"] else { throw Missing() }
        #expect(receipts.count == 3)
        try await hall.text(["poll", "close", "p1"])

        try await hall.openPoll("p2")
        try await hall.vote("p2", "yes", as: "m2")
        try await hall.failure(
            ["vote", "p2", "yes", "--tie", "--yes"],
            as: "m2",
            .notPermitted,
            "CHAIR_SIGNATURE_REQUIRED"
        )
        try await hall.text(["poll", "void", "p2", "--reason", "thử"])

        // The chair abstains, and the two others are of two minds.
        let tie = try await Hall()
        try await tie.open()
        try await tie.openPoll("p1")
        try await tie.vote("p1", "abstain", as: "m1")
        try await tie.vote("p1", "yes", as: "m2")
        try await tie.vote("p1", "no", as: "m3")
        let closed = try await tie.run(["poll", "close", "p1"])
        #expect(closed.output.contains("waiting for the chair's choice"))
        #expect(
            closed.errors.contains("m1, in the chair, decides with «ecabinet vote p1 yes --tie»")
        )
        let decided = try await tie.json(["vote", "p1", "yes", "--tie", "--yes"], as: "m1")
        #expect(decided["purpose"] == .string("TIE"))
        let shown = try await tie.text(["poll", "show", "p1", "--language", "vi"])
        #expect(shown.contains("theo ý kiến của chủ tọa sau khi kết thúc biểu quyết: tán thành"))
    }

    @Test("On a terminal the member is asked, and may say no")
    func terminal() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        let environment = hall.environment(of: "m1")
        let no = try Terminal(["vote", "p1", "yes"], environment: environment)
        try await no.wait { $0.contains("Cast your ballot: in favour? [y/N]") }
        // Meanwhile nobody else uses the member's journal.
        let locked = try await hall.failure(
            ["receipt", "list"],
            as: "m1",
            .cannotWrite,
            "JOURNAL_LOCKED"
        )
        #expect(locked.english.contains("Another program has the journal of ballots open."))
        #expect(locked.vietnamese.contains("nên làm: Đóng chương trình đó trước."))
        try no.type("n\n")
        try await no.end(3)
        for line in [
            "ecabinet: error: nothing was done", "why: the answer was not yes",
            "next: give the command again, and answer with y",
        ] {
            #expect(no.output.contains(line), "\(no.output)")
        }
        #expect(try await hall.json(["receipt", "list"], as: "m1")["receipts"] == .array([]))

        let interrupted = try Terminal(["vote", "p1", "yes"], environment: environment)
        try await interrupted.wait { $0.contains("[y/N]") }
        try interrupted.type("\u{3}")
        try await interrupted.end(130)

        let yes = try Terminal(
            ["vote", "p1", "yes", "--language", "vi"],
            environment: environment
        )
        try await yes.wait { $0.contains("Gửi phiếu của bạn: tán thành? [c/K]") }
        try yes.type("c\n")
        try await yes.end(0)
        #expect(
            yes.output.contains("phiếu của bạn đã được ghi vào nhật ký: tán thành"),
            "\(yes.output)"
        )
    }

    @Test("A ballot whose answer is lost is kept, sent again by the next command, and counts once")
    func lost() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        let voting = try await Self.loseVote(in: hall, as: "m1")
        #expect(voting.output.contains("will be sent again, and counts once"), "\(voting.output)")

        let kept = try await hall.text(["receipt", "list", "--language", "vi"], as: "m1")
        #expect(kept.contains("chưa rõ"))
        try await hall.failure(["receipt", "show", "p1"], as: "m1", .refused, "BALLOT_PENDING")
        let (server, address) = try await hall.installation.serve()
        let settled = try await hall.json(["receipt", "settle", "--server", address], as: "m1")
        guard case .array(let ballots)? = settled["settled"] else { throw Missing() }
        #expect(ballots.map { $0["state"] } == [.string("COUNTED")])
        let shown = try await hall.json(["poll", "show", "p1", "--server", address])
        #expect(
            shown["standing"]?["tally"]?["yes"]?["room"]?["members"] == .integer(1),
            "\(shown.text)"
        )
        withExtendedLifetime(server) {}
    }

    @Test("A ballot whose meeting shuts its member out keeps it from no other vote")
    func stuck() async throws {
        let hall = try await Hall()
        try await hall.open()
        try await hall.openPoll("p1")
        try await hall.open("other")
        try await hall.openPoll("q1", in: "other")
        _ = try await Self.loseVote(in: hall, as: "m2")
        let (server, address) = try await hall.installation.serve()
        let there = ["--meeting", Hall.meeting, "--server", address]
        try await hall.text(["poll", "void", "p1", "--reason", "x"] + there)
        try await hall.text(["meeting", "remove", "m2"] + there)
        let vote = ["vote", "q1", "no", "--yes", "--meeting", "other", "--server", address]
        let voted = try await hall.run(vote, as: "m2")
        #expect(voted.status == 0, "\(voted)")
        #expect(voted.errors.contains("the earlier ballot (\(Hall.meeting)/p1, "), "\(voted)")
        // It is kept, and a script is told that it is not settled.
        let settled = try await hall.run(["receipt", "settle", "--server", address], as: "m2")
        #expect(settled.status == ecabinet.ExitStatus.refused.rawValue, "\(settled)")
        #expect(settled.output.contains("\(Hall.meeting)/p1"), "\(settled)")
        let kept = try await hall.text(["receipt", "list"], as: "m2")
        #expect(kept.contains("not known"), "\(kept)")
        withExtendedLifetime(server) {}
    }

    /// Has a member vote «yes» in p1, whose ballot is kept and gets no answer, since the server is killed while
    /// the member reads the paper. It runs no more.
    private static func loseVote(in hall: Hall, as member: String) async throws -> Terminal {
        let voting = try Terminal(
            ["vote", "p1", "yes", "--meeting", Hall.meeting],
            environment: hall.environment(of: member)
        )
        try await voting.wait { $0.contains("[y/N]") }
        hall.installation.server.send(SIGKILL)
        _ = try await hall.installation.server.outcome()
        let journal = hall.folder.path(
            "config/profiles/\(member)/journals/\(member)/ballots.sqlite-wal"
        )
        let size = Self.size(journal)
        try voting.type("y\n")
        // The ballot is kept before it is sent.
        try await voting.wait { _ in Self.size(journal) > size }
        try voting.type("\u{3}")
        try await voting.end(130)
        return voting
    }

    private static func size(_ path: String) -> Int {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.size] as? Int ?? 0
    }
}
