import CabinetBoard
import CabinetClient
import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct ChronicleTests {
    private static func told(_ news: [News], _ language: Language = .english) -> [String] {
        news.map { $0.text(in: language, now: Instants.start) }
    }

    @Test func aSessionIsToldLineByLine() throws {
        var chronicle = Chronicle()
        var session = try Cabinet.scheduled(["Thủ tướng", "Bộ trưởng A", "Bộ trưởng B"])
        #expect(
            Self.told(chronicle.take(session.scene(.members))) == [
                "Link: live", "Phiên họp Chính phủ: scheduled", "Bộ trưởng A: not checked in",
                "Bộ trưởng B: not checked in", "Thủ tướng: not checked in",
                "Thư ký: not checked in",
            ]
        )
        for number in 1...3 {
            try session.run(
                .checkIn(nil, from: number == 3 ? .remote : .room),
                by: Session.member(number)
            )
        }
        try session.run(.openMeeting, by: "m1")
        try session.run(.moveToAgendaItem("item", leaving: nil), by: "m1")
        #expect(
            Self.told(chronicle.take(session.scene(.members))) == [
                "Phiên họp Chính phủ: in session",
                "Current item: Dự thảo Nghị quyết về định danh và xác thực điện tử",
                "Bộ trưởng A: in the room", "Bộ trưởng B: remote", "Thủ tướng: in the room",
            ]
        )
        try session.draft("p1", rule: PollRule(visibility: .named))
        try session.openPoll("p1")
        #expect(Self.told(chronicle.take(session.scene(.members))) == ["Poll p1: open"])
        try session.cast("m2", .yes, poll: "p1")
        #expect(
            Self.told(chronicle.take(session.scene(.members)), .vietnamese)
                == ["Biểu quyết p1: Bộ trưởng A: tán thành, tại phòng họp"]
        )
        try session.cast("m3", .no, poll: "p1")
        try session.cast("m1", .yes, poll: "p1")
        try session.run(.closePoll("p1"), by: "m1")
        #expect(
            Self.told(chronicle.take(session.scene(.members))) == [
                "Poll p1: Carried: 2 of 3 in favour, 2 needed, quorum 2 met by 3"
            ]
        )
        try session.run(.checkOut(nil), by: "m3")
        try session.run(.adjournMeeting, by: "m1")
        #expect(
            Self.told(chronicle.take(session.scene(.members)))
                == ["Phiên họp Chính phủ: adjourned", "Bộ trưởng B: left"]
        )
    }

    @Test func nothingIsToldTwice() throws {
        var chronicle = Chronicle()
        let session = try Cabinet.voting()
        let scene = session.scene(connected: Cabinet.connected(session))
        #expect(!chronicle.take(scene).isEmpty)
        #expect(chronicle.take(scene) == [])
    }

    @Test func countsAreToldWithoutNames() throws {
        var chronicle = Chronicle()
        var session = try Cabinet.voting(.counts, ballots: 0)
        _ = chronicle.take(session.scene(.display))
        try session.cast("m1", .yes, poll: Cabinet.poll)
        #expect(
            Self.told(chronicle.take(session.scene(.display))) == [
                "Poll nghi-quyet-1: 1 of 14 needed; In favour 1 (1 in the room); against 0; "
                    + "abstaining 0; not voted 26"
            ]
        )
    }

    @Test func hiddenBallotsAreToldWithoutTheirChoice() throws {
        var chronicle = Chronicle()
        var session = try Cabinet.voting(.nothing, ballots: 0)
        _ = chronicle.take(session.scene(.members))
        try session.cast("m1", .no, poll: Cabinet.poll)
        #expect(
            Self.told(chronicle.take(session.scene(.members)))
                == ["Poll nghi-quyet-1: Thủ tướng Chính phủ: voted, in the room"]
        )
    }

    @Test func aLinkThatIsLostIsToldOnceAndWhoWasLostMeanwhileAfterIt() throws {
        var chronicle = Chronicle()
        let session = try Cabinet.open()
        let all = Cabinet.connected(session)
        _ = chronicle.take(session.scene(connected: all))
        let offline = session.scene(condition: Instants.offline)
        #expect(Self.told(chronicle.take(offline)) == ["Link: offline for 0:00"])
        #expect(chronicle.take(offline) == [])
        let less = Cabinet.connected(session, butFor: ["m2"])
        #expect(
            Self.told(chronicle.take(session.scene(connected: less)))
                == ["Link: live", "Phó Thủ tướng Thường trực: disconnected"]
        )
    }

    @Test func aPollThatClosesIsNotSaidToWaitForTheChair() {
        // Its verdict may come the next moment.
        let closed = News.poll(Cabinet.poll, .closed)
        #expect(Self.told([closed]) == ["Poll nghi-quyet-1: closed"])
        let vietnamese = closed.text(in: .vietnamese, now: Instants.start)
        #expect(vietnamese == "Biểu quyết nghi-quyet-1: đã kết thúc biểu quyết")
    }
}
