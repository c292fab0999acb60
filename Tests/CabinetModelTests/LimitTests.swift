import CabinetModel
import ModelTestSupport
import Testing

@Suite struct LimitTests {
    private func admit(_ session: inout Session, _ participants: [Participant]) throws {
        for first in stride(from: 0, to: participants.count, by: 500) {
            let last = min(first + 500, participants.count)
            try session.run(.admitParticipants(Array(participants[first..<last])), by: "secretary")
        }
    }

    @Test func aMeetingHas600MembersAndNoMore() throws {
        var session = try Session.scheduled()
        try admit(&session, (1...600).map { .member(Session.member($0), isChair: $0 == 1) })
        #expect(
            session.rejection(of: .admitParticipants([.member("one-more")]))
                == .limitReached(.members, maximum: 600)
        )
        // A roll of that size is frozen in parts, and all of it votes.
        for number in 1...600 {
            try session.run(.checkIn(nil, from: .remote), by: Session.member(number))
        }
        try session.run(.setAgendaItem(SetAgendaItem("item", title: "Item")), by: "m1")
        try session.run(.openMeeting, by: "m1")
        try session.draft("poll")
        try session.openPoll("poll")
        #expect(session.state.ballotBoxes["poll"]?.roll.parts.count == 13)
        for number in 1...301 { try session.cast(Session.member(number), .yes) }
        try session.run(.closePoll("poll"), by: "m1")
        #expect(session.verdict()?.threshold.description == "301 of 301 needed")
        #expect(session.verdict()?.outcome == .carried)
        for replica in session.replicas {
            #expect(replica == session.state.snapshot(for: replica.audience))
        }
    }

    @Test func aMeetingHas800ParticipantsAndNoMore() throws {
        var session = try Session.scheduled()
        try admit(&session, (1...799).map { .of([.guest], Session.member($0)) })
        #expect(
            session.rejection(of: .admitParticipants([.of([.guest], "one-more")]))
                == .limitReached(.participants, maximum: 800)
        )
        #expect(session.rejection(of: .admitParticipants([.of([.display], "m1")])) == nil)
    }

    @Test func anAgendaHas100ItemsAndNoMore() throws {
        var session = try Session.scheduled()
        for number in 1...100 {
            let item = SetAgendaItem(Identifier(stringLiteral: "i\(number)"), title: "Item")
            try session.run(.setAgendaItem(item), by: "secretary")
        }
        #expect(
            session.rejection(of: .setAgendaItem(SetAgendaItem("one-more", title: "Item")))
                == .limitReached(.agendaItems, maximum: 100)
        )
        #expect(session.rejection(of: .setAgendaItem(SetAgendaItem("i7", title: "New"))) == nil)
    }

    @Test func aMeetingHas200PollsAndNoMoreVoidedOnesIncluded() throws {
        var session = try Session.open()
        for number in 1...200 {
            let poll = PollID(stringLiteral: "p\(number)")
            try session.draft(poll)
            try session.run(.voidPoll(poll, reason: "wrong"), by: "secretary")
        }
        #expect(throws: Rejection.limitReached(.polls, maximum: 200)) {
            try session.draft("one-more")
        }
    }

    @Test func aSnapshotStaysBelowAMebibyte() throws {
        var session = try Session.open()
        let long = String(repeating: "x", count: 8_000)
        var count = 0
        var last: Rejection?
        while last == nil {
            count += 1
            let poll = CreatePoll(
                Identifier(stringLiteral: "p\(count)"),
                agendaItem: "item",
                motion: .saying(long + "\(count)")
            )
            last = session.rejection(of: .createPoll(poll))
            if last == nil { try session.run(.createPoll(poll), by: "m1") }
        }
        #expect(last == .limitReached(.snapshotBytes, maximum: 1_048_576))
        #expect((100...130).contains(count))
        // There is room left for everything that follows without asking.
        try session.openPoll("p1")
        try session.run(.voidPoll("p1", reason: "wrong"), by: "m1")
    }

    @Test func aParticipantChecksItselfInAndOut200TimesAndASecretaryAnyNumberOfTimes() throws {
        var session = try Session.open()
        let before = session.state.attendanceChanges["m2"].map(Int.init) ?? 0
        for number in before..<200 {
            let isIn = session.state.proceedings.attendees["m2"]?.attendance.place != nil
            try session.run(
                isIn && number % 3 == 0 ? .checkOut(nil) : .checkIn(nil, from: .remote),
                by: "m2"
            )
        }
        let limit = Rejection.limitReached(.attendanceChanges, maximum: 200)
        #expect(session.rejection(of: .checkIn(nil, from: .room), by: "m2") == limit)
        // It names itself, and is removed and admitted again: it is the same.
        #expect(session.rejection(of: .checkIn("m2", from: .room), by: "m2") == limit)
        try session.run(.removeParticipant("m2"), by: "secretary")
        try session.run(.admitParticipants([.member("m2")]), by: "secretary")
        #expect(session.rejection(of: .checkIn(nil, from: .room), by: "m2") == limit)
        try session.run(.checkIn("m2", from: .room), by: "secretary")
        #expect(session.rejection(of: .checkOut(nil), by: "m2") == limit)
        try session.run(.checkOut("m2"), by: "secretary")
        try session.run(.checkIn(nil, from: .room), by: "m3")
        expectReplay(session)
    }

    @Test func aMemberCasts20BallotsInAPoll() throws {
        var session = try Session.open()
        try session.draft("poll", rule: try PollRule(isRevocable: true))
        try session.openPoll("poll")
        for revision in 1...20 as ClosedRange<UInt32> {
            try session.cast("m2", .yes, revision: Revision(integerLiteral: revision * 7 - 6))
        }
        #expect(throws: Rejection.limitReached(.ballotsOfMember, maximum: 20)) {
            try session.cast("m2", .no, revision: 1_000)
        }
        // What is wrong with a ballot is said before.
        #expect(throws: Rejection.revisionStale(last: 134)) {
            try session.cast("m2", .no, revision: 134)
        }
        try session.cast("m3", .no)
        expectReplay(session)
    }

    private func expectReplay(_ session: Session) {
        var replayed = MeetingState()
        for entry in session.log { replayed.evolve(entry) }
        #expect(replayed == session.state)
    }
}
