import CabinetModel
import ModelTestSupport
import Testing

/// The first session of the e-Cabinet, on 24 June 2019, as it is told in the design: 27 members, 21 of
/// them in the room and 4 remote, one draft resolution, the chair orders the vote, 25 in favour.
@Suite struct SessionOf2019Tests {
    private let primeMinister: PrincipalID = "m1"
    private let secretary: PrincipalID = "secretary"

    @Test func theSessionOf24June2019() throws {
        var session = try Session.scheduled()

        // The office prepares the session: 27 members, one draft, sent out beforehand.
        try session.run(
            .admitParticipants((1...27).map { .member(Session.member($0), isChair: $0 == 1) }),
            by: secretary
        )
        try session.run(
            .setAgendaItem(
                SetAgendaItem(
                    "nghi-quyet",
                    title: "Dự thảo Nghị quyết của Chính phủ",
                    reportingOffice: "Văn phòng Chính phủ",
                    documents: [
                        DocumentReference(
                            title: "Dự thảo",
                            digest: .standIn("draft.pdf"),
                            mediaType: "application/pdf",
                            sizeBytes: 180_000
                        )
                    ]
                )
            ),
            by: secretary
        )
        let motion = Motion.saying("Thông qua Nghị quyết của Chính phủ.")
        try session.run(
            .createPoll(CreatePoll("thong-qua", agendaItem: "nghi-quyet", motion: motion)),
            by: secretary
        )
        #expect(session.replica(.members)?.proceedings.polls == [])
        #expect(session.replica(.secretariat)?.proceedings.polls.map(\.state) == [.draft])

        // 21 sit down in the room, 4 join on their telephones; one is excused, one is missing.
        for number in 1...21 {
            try session.run(.checkIn(nil, from: .room), by: Session.member(number))
        }
        for number in 22...25 {
            try session.run(.checkIn(nil, from: .remote), by: Session.member(number))
        }
        try session.run(.recordLeave("m26"), by: secretary)
        try session.run(.recordAbsence("m27"), by: secretary)

        // The Prime Minister opens the session and takes up the item.
        let opening = try session.run(.openMeeting, by: primeMinister)
        #expect(
            opening.map(\.body) == [
                .fact(
                    .meetingOpened(
                        quorum: QuorumCount(
                            allMembers: 27,
                            roomMembers: 21,
                            remoteMembers: 4,
                            countedMembers: 25,
                            neededMembers: 18
                        )
                    )
                )
            ]
        )
        try session.run(.moveToAgendaItem("nghi-quyet", leaving: nil), by: primeMinister)

        // He orders the vote, by roll call, for five minutes.
        try session.openPoll("thong-qua", duration: 300_000)
        let opened = try #require(session.replica(.display)?.standing)
        #expect(opened.counts?.threshold.description == "0 of 14 needed")
        #expect(opened.quorum.marginMembers == 7)

        // They vote. After thirteen the board says so, and not who they are.
        for number in 1...13 {
            session.clock += 1_000
            try session.cast(Session.member(number), .yes, poll: "thong-qua")
        }
        let board = try #require(session.replica(.display))
        #expect(board.standing?.counts?.threshold.description == "13 of 14 needed")
        #expect(board.pollInProgress?.ballots.rollCall == nil)
        for number in 14...25 {
            session.clock += 1_000
            try session.cast(Session.member(number), .yes, poll: "thong-qua")
        }

        // The chair closes. The verdict is in the same commit, and explains itself.
        let closing = try session.run(.closePoll("thong-qua"), by: primeMinister)
        #expect(closing.count == 2)
        let verdict = try #require(session.verdict(of: "thong-qua"))
        #expect(verdict.outcome == .carried)
        #expect(verdict.ground == .thresholdReached)
        #expect(verdict.tally.yes.room.members == 21)
        #expect(verdict.tally.yes.remote.members == 4)
        #expect(verdict.tally.notVoted.members == 2)
        #expect(verdict.threshold.description == "25 of 14 needed")
        #expect(verdict.threshold.baseWeight == 27)
        #expect(verdict.quorum.countedMembers == 25)
        #expect(verdict.quorum.neededMembers == 18)
        #expect(verdict.quorum.marginMembers == 7)

        // The roll call is public now: every audience has it in its last event.
        for audience in Audience.allCases {
            let last = try #require(session.events[audience]?.last)
            guard case .verdictAnnounced("thong-qua", verdict, let rollCall) = last.body else {
                Issue.record("\(audience) has no verdict")
                continue
            }
            #expect(rollCall.lines.count { $0 == .named(Vote(.yes, from: .room)) } == 21)
            #expect(rollCall.lines.count { $0 == .named(Vote(.yes, from: .remote)) } == 4)
            #expect(rollCall.lines.count { $0 == .notVoted } == 2)
        }

        // The item is decided, and the session ends.
        try session.run(.moveToAgendaItem(nil, leaving: .decided), by: primeMinister)
        try session.run(.adjournMeeting, by: primeMinister)
        #expect(session.state.proceedings.agenda.items.map(\.state) == [.decided])

        // Whoever replays the log has the same meeting.
        var replayed = MeetingState()
        for entry in session.log { replayed.evolve(entry) }
        #expect(replayed == session.state)
        for replica in session.replicas {
            #expect(replica == session.state.snapshot(for: replica.audience))
        }
    }
}
