import CabinetModel
import ModelTestSupport
import Testing

@Suite struct RedactionTests {
    private func last(_ session: Session, _ audience: Audience) throws -> MeetingEvent.Body {
        try #require(session.events[audience]?.last).body
    }

    @Test(arguments: Audience.allCases)
    func namedShowsWhoVotedAndHow(_ audience: Audience) throws {
        var session = try Session.voting(rule: PollRule(visibility: .named))
        try session.cast("m2", .no)
        #expect(
            try last(session, audience)
                == .ballotRecorded("poll", .named("m2", Vote(.no, from: .room)))
        )
        let replica = try #require(session.replica(audience))
        #expect(
            replica.pollInProgress?.ballots.rollCall?.lines == [
                .notVoted, .named(Vote(.no, from: .room)), .notVoted, .notVoted, .notVoted,
            ]
        )
        #expect(replica.standing?.counts?.tally.no.room.members == 1)
    }

    @Test(arguments: Audience.allCases)
    func countsShowsTheTallyAndNoName(_ audience: Audience) throws {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        let tally = try #require(session.state.ballotBoxes["poll"]?.tally)
        #expect(try last(session, audience) == .ballotRecorded("poll", .counts(tally)))
        #expect(session.replica(audience)?.pollInProgress?.ballots == .counts(tally))
        #expect(
            session.replica(audience)?.standing?.counts?.threshold.description == "1 of 3 needed"
        )
    }

    @Test(arguments: Audience.allCases)
    func nothingShowsWhoVotedAndNoCount(_ audience: Audience) throws {
        var session = try Session.voting(rule: PollRule(visibility: .nothing))
        try session.cast("m2", .yes)
        #expect(
            try last(session, audience) == .ballotRecorded("poll", .nothing("m2", from: .room))
        )
        let replica = try #require(session.replica(audience))
        #expect(replica.standing?.counts == nil)
        #expect(replica.standing?.quorum.countedMembers == 5)
        #expect(replica.pollInProgress?.ballots.rollCall?.lines[1] == .voted(from: .room))
    }

    /// Two meetings that differ in one member's choice look the same until the verdict.
    @Test func nothingTellsTheChoicesApartBeforeTheVerdict() throws {
        func events(_ choice: Choice) throws -> [Audience: [MeetingEvent]] {
            var session = try Session.voting(
                rule: PollRule(isRevocable: true, visibility: .nothing)
            )
            try session.cast("m1", .yes)
            try session.cast("m2", choice)
            try session.run(.checkOut(nil), by: "m2")
            try session.run(.holdPoll("poll"), by: "m1")
            return session.events
        }
        #expect(try events(.yes) == events(.no))
        #expect(try events(.yes) == events(.abstain))
    }

    /// Two meetings in which two members have exchanged their choices look the same, but for the order
    /// in which the counts grew.
    @Test func countsDoNotTellTheVotersApart() throws {
        func tally(_ first: PrincipalID, _ second: PrincipalID) throws -> ReplicaState? {
            var session = try Session.voting()
            try session.cast(first, .yes)
            try session.cast(second, .no)
            return session.replica(.display)
        }
        #expect(try tally("m2", "m3") == tally("m3", "m2"))
    }

    @Test func draftsAreForTheSecretariatAlone() throws {
        var session = try Session.open()
        try session.draft("poll")
        #expect(try last(session, .members) == .redacted)
        #expect(try last(session, .display) == .redacted)
        guard case .fact(.pollCreated) = try last(session, .secretariat) else {
            Issue.record("the secretariat sees the draft")
            return
        }
        try session.run(.voidPoll("poll", reason: "wrong"), by: "m1")
        #expect(try last(session, .members) == .redacted)
        #expect(try last(session, .display) == .redacted)
        #expect(try last(session, .secretariat) == .fact(.pollVoided("poll", reason: "wrong")))
        #expect(session.replica(.members)?.proceedings.polls.isEmpty == true)
        #expect(throws: Rejection.pollNotFound) {
            try session.state.poll("poll", for: .members)
        }
        #expect(try session.state.poll("poll", for: .secretariat).state == .voided)
    }

    @Test func thatAnOpenPollIsVoidedIsForAll() throws {
        var session = try Session.voting()
        try session.run(.voidPoll("poll", reason: "wrong"), by: "m1")
        for audience in Audience.allCases {
            #expect(try last(session, audience) == .fact(.pollVoided("poll", reason: "wrong")))
            #expect(session.replica(audience)?.pollInProgress == nil)
        }
    }

    @Test func aRevocationIsToldByAudience() throws {
        var session = try Session.open()
        try session.run(.revokeSigningKey("m2", .named("m2"), reason: "lost"), by: .server)
        let key = KeyFingerprint.named("m2")
        #expect(
            try last(session, .secretariat)
                == .fact(.signingKeyRevoked("m2", key, reason: "lost"))
        )
        #expect(try last(session, .members) == .fact(.signingKeyRevoked("m2", key, reason: nil)))
        #expect(try last(session, .display) == .redacted)
    }

    @Test func displaysSeeNoKeysOfParticipants() throws {
        let session = try Session.open()
        let attendees = try #require(session.replica(.display)?.proceedings.attendance)
        #expect(attendees.count == 8)
        #expect(attendees.allSatisfy { $0.participant.membership?.keys ?? .empty == .empty })
        let members = try #require(session.replica(.members)?.proceedings.attendance)
        #expect(members.contains { $0.participant.membership?.keys != SigningKeys.empty })
    }

    @Test func everyEntryGivesEveryAudienceOneEventWithItsNumber() throws {
        var session = try Session.voting()
        try session.cast("m1", .yes)
        try session.run(.closePoll("poll"), by: "m1")
        for audience in Audience.allCases {
            let events = try #require(session.events[audience])
            #expect(events.map(\.sequenceNumber) == session.log.map { $0.index + 1 })
            #expect(events.map(\.time) == session.log.map(\.time))
        }
    }

    @Test func theVerdictBringsTheRollCallWhateverTheVisibility() throws {
        for visibility in Visibility.allCases {
            var session = try Session.voting(rule: PollRule(visibility: visibility))
            try session.cast("m2", .yes)
            #expect(throws: Rejection.pollNotDecided(state: .open)) {
                try session.state.rollCall(of: "poll", for: .display)
            }
            try session.run(.closePoll("poll"), by: "m1")
            let rollCall = try session.state.rollCall(of: "poll", for: .display)
            #expect(rollCall.lines[1] == .named(Vote(.yes, from: .room)))
            guard case .verdictAnnounced("poll", _, rollCall) = try last(session, .display) else {
                Issue.record("the display has the roll call")
                continue
            }
        }
    }

    @Test func aVoidedPollHasNoRollCall() throws {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        try session.run(.voidPoll("poll", reason: "wrong"), by: "m1")
        #expect(throws: Rejection.pollNotDecided(state: .voided)) {
            try session.state.rollCall(of: "poll", for: .secretariat)
        }
    }

    @Test func theRollIsReadInItsParts() throws {
        var session = try Session.voting()
        let part = try session.state.rollPart(0, of: "poll", for: .display)
        #expect(part.voters.count == 5)
        #expect(throws: Rejection.entryNotFound) {
            try session.state.rollPart(1, of: "poll", for: .display)
        }
        try session.draft("draft")
        #expect(throws: Rejection.pollNotOpen(state: .draft)) {
            try session.state.rollPart(0, of: "draft", for: .secretariat)
        }
        #expect(throws: Rejection.pollNotFound) {
            try session.state.rollPart(0, of: "draft", for: .members)
        }
    }

    @Test func withCountsAloneWhoHasLeftIsCountedOnlyInTheVerdict() throws {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        try session.run(.checkOut(nil), by: "m2")
        #expect(session.replica(.display)?.standing?.quorum.countedMembers == 4)
        #expect(session.state.standing(of: "poll") == session.replica(.display)?.standing)
        #expect(session.state.scrutiny(of: "poll")?.standing.quorum.countedMembers == 5)
        try session.run(.closePoll("poll"), by: "m1")
        #expect(session.verdict()?.quorum.countedMembers == 5)
    }

    @Test func membersKnowPollsInTheOrderInWhichTheyOpened() throws {
        var session = try Session.open()
        try session.draft("a")
        try session.draft("b")
        for poll: PollID in ["b", "a"] {
            try session.openPoll(poll)
            try session.run(.closePoll(poll), by: "m1")
        }
        #expect(session.replica(.members)?.proceedings.polls.map(\.id) == ["b", "a"])
        #expect(session.state.snapshot(for: .members) == session.replica(.members))
        #expect(session.replica(.secretariat)?.proceedings.polls.map(\.id) == ["a", "b"])
    }

    @Test func aReplicaTakesEventsThatFitNothingWithoutHarm() throws {
        let session = try Session.voting()
        var replica = ReplicaState(audience: .display)
        for event in (session.events[.display] ?? []).reversed() { replica.evolve(event) }
        #expect(replica.sequenceNumber == 1)
        var state = MeetingState()
        for entry in session.log.reversed() { state.evolve(entry) }
        #expect(state.entryCount == 1)
    }
}
