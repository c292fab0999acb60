import CabinetModel
import ModelTestSupport
import Testing

@Suite struct CommandTests {
    @Test(arguments: refusedMeetingCommands + refusedPollCommands)
    func aCommandIsRefused(_ line: RefusedCommand) throws {
        let session = try line.start()
        let command = line.command(session)
        let actor = session.caller("secretary", key: .numbered(0), directory: [.secretary])
        #expect(session.rejection(of: command, by: actor) == line.expected)
    }

    @Test func everyReasonOfAMeetingIsInATable() {
        // Of those that are not here, most are of ballots; three are of views, and three are found
        // before a command gets to the meeting.
        let elsewhere: Set<Reason> = [
            .principalNotFound, .certificateInvalid, .signatureInvalid,
            .roleRequired, .meetingNotFound, .pollRuleInvalid, .limitReached, .pollNotDecided,
            .entryNotFound, .tieNotPending, .statementInvalid, .ballotIDMismatch, .notOnRoll,
            .signingKeyNotOnRoll, .signingKeyRevoked, .motionDigestMismatch, .rollDigestMismatch,
            .ballotNotRevocable, .revisionStale, .chairSignatureRequired,
        ]
        let here = Set(
            (refusedMeetingCommands + refusedPollCommands).map(\.expected.reason)
        )
        #expect(here.union(elsewhere) == Set(Reason.allCases))
    }

    @Test func restoringNeedsANewEpoch() throws {
        var session = try Session.open()
        let restore = Command.restoreLog(try Epoch(2), reason: "disk")
        try session.run(restore, by: .server)
        #expect(
            session.rejection(of: restore, by: .server)
                == .fieldInvalid(field: "epoch", rule: "an epoch is not used twice")
        )
        #expect(session.rejection(of: .restoreLog(try Epoch(1), reason: "x"), by: .server) != nil)
        #expect(session.state.epochs.map(\.value) == [1, 2])
    }

    @Test func revokingIsNeverRefusedAndLeavesAnEntryOnlyWhereTheKeyIsFrozen() throws {
        var session = try Session.voting()
        let lost = Command.revokeSigningKey("m2", .named("m2"), reason: "lost")
        #expect(try session.run(lost, by: .server).count == 1)
        #expect(try session.run(lost, by: .server).isEmpty)
        let unknown = Command.revokeSigningKey("m2", .named("unknown"), reason: "lost")
        #expect(try session.run(unknown, by: .server).isEmpty)
        #expect(
            session.state.rollOfMembers?.voters.first { $0.member == "m2" }?.keys
                == SigningKeys.empty
        )
        // A directory that was read too early brings the key back; the meeting does not take it.
        try session.run(.admitParticipants([.member("m2")]), by: "secretary")
        #expect(
            session.state.proceedings.attendees["m2"]?.participant.membership?.keys
                == SigningKeys.empty
        )
        try session.run(.closePoll("poll"), by: "m1")
        try session.run(.adjournMeeting, by: "m1")
        let late = Command.revokeSigningKey("m3", .named("m3"), reason: "lost")
        #expect(try session.run(late, by: .server).isEmpty)
    }

    @Test func aKeyThatOnlyTheRollHasIsRevokedToo() throws {
        var session = try Session.voting()
        let without = try Participant("m2", displayName: "Member", roles: [.member])
        try session.run(.admitParticipants([without]), by: "secretary")
        let lost = Command.revokeSigningKey("m2", .named("m2"), reason: "lost")
        #expect(try session.run(lost, by: .server).count == 1)
        #expect(throws: Rejection.signingKeyRevoked) { try session.cast("m2", .yes) }
    }

    @Test func theChairCanBeHandedOverInOneAdmission() throws {
        var session = try Session.open()
        try session.run(
            .admitParticipants([.member("m1"), .member("m2", isChair: true)]),
            by: "secretary"
        )
        #expect(session.state.proceedings.chair == "m2")
        try session.run(.removeParticipant("m1"), by: "secretary")
    }

    @Test func aLargeAdmissionIsSeveralEntriesOfOneCommand() throws {
        var session = try Session.scheduled()
        let members = (1...40).map { Participant.member(Session.member($0)) }
        let entries = try session.run(.admitParticipants(members), by: "secretary")
        #expect(entries.count == 3)
        #expect(Set(entries.map(\.commandKey)).count == 1)
        #expect(entries.map(\.index) == [3, 4, 5])
    }

    @Test func anItemKeepsItsPlaceAndState() throws {
        var session = try Session.open()
        try session.run(.setAgendaItem(SetAgendaItem("other", title: "Other")), by: "m1")
        try session.run(.moveToAgendaItem("item", leaving: nil), by: "m1")
        try session.run(.moveToAgendaItem("other", leaving: .deferred), by: "m1")
        let renamed = SetAgendaItem("item", title: "Renamed", position: 9)
        try session.run(.setAgendaItem(renamed), by: "m1")
        let current = SetAgendaItem("other", title: "Current", state: .deferred, position: 0)
        try session.run(.setAgendaItem(current), by: "m1")
        let items = session.state.proceedings.agenda.items
        #expect(items.map(\.id) == ["other", "item"])
        #expect(items.map(\.state) == [.discussing, .deferred])
        try session.run(.moveToAgendaItem("other", leaving: .decided), by: "m1")
        #expect(session.state.proceedings.agenda.item("other")?.state == .discussing)
    }
}
