import CabinetModel
import ModelTestSupport
import Testing

@Suite struct TieTests {
    /// Five members, one yes and one no, the chair silent: closed, without a verdict.
    private func pending() throws -> Session {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        try session.cast("m3", .no)
        try session.run(.closePoll("poll"), by: "m1")
        return session
    }

    private func rejection(
        _ session: Session,
        _ ballot: VerifiedBallot,
        key: CommandKey? = nil
    ) -> Rejection? {
        session.rejection(
            of: .decideTie(ballot),
            by: session.caller("m2", key: key ?? CommandKey(ballot.statement.ballot))
        )
    }

    @Test func aPollInATieWaitsForTheChair() throws {
        let session = try pending()
        #expect(session.state.proceedings.poll("poll")?.state == .closed)
        #expect(session.rejection(of: .adjournMeeting) == .pollInProgress("poll"))
    }

    @Test(arguments: TieChoice.allCases)
    func theChairDecidesItAndTheVerdictFollowsInTheSameCommit(_ choice: TieChoice) throws {
        var session = try pending()
        let entries = try session.decideTie("m1", choice)
        #expect(entries.count == 2)
        #expect(session.verdict()?.ground == .tieChairChoice(choice))
        #expect(session.verdict()?.outcome == (choice == .yes ? .carried : .notCarried))
    }

    @Test func theAttendanceIsThatOfTheClose() throws {
        var session = try pending()
        for member: PrincipalID in ["m2", "m3", "m4", "m5"] {
            try session.run(.checkOut(nil), by: member)
        }
        try session.decideTie("m1", .yes)
        #expect(session.verdict()?.quorum.countedMembers == 5)
    }

    @Test func aSecondChoiceComesTooLate() throws {
        var session = try pending()
        try session.decideTie("m1", .yes)
        #expect(throws: Rejection.tieNotPending(state: .decided)) {
            try session.decideTie("m1", .no)
        }
    }

    @Test func theChairIsTheOneWhoWasFrozen() throws {
        var session = try pending()
        try session.run(
            .admitParticipants([.member("m1"), .member("m2", isChair: true)]),
            by: "secretary"
        )
        #expect(throws: Rejection.chairSignatureRequired) { try session.decideTie("m2", .yes) }
        try session.decideTie("m1", .no)
        #expect(session.verdict()?.outcome == .notCarried)
    }

    @Test func aStatementIsRefused() throws {
        let session = try pending()
        #expect(rejection(session, session.ballot("m1", .tie(.yes))) == nil)
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes), poll: "other")) == .pollNotFound
        )
        #expect(
            rejection(session, session.ballot("m1", .vote(.yes, 1)))
                == .statementInvalid(rule: "the purpose is TIE")
        )
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes), meeting: "another"))
                == .statementInvalid(rule: "the meeting is this one")
        )
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes)), key: .numbered(8))
                == .ballotIDMismatch
        )
        #expect(rejection(session, session.ballot("m2", .tie(.yes))) == .chairSignatureRequired)
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes), key: .named("m2")))
                == .signingKeyNotOnRoll
        )
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes), motion: .standIn("another")))
                == .motionDigestMismatch
        )
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes), roll: .standIn("another")))
                == .rollDigestMismatch
        )
    }

    @Test func aStatementWithARevokedKeyIsRefused() throws {
        var session = try pending()
        try session.run(.revokeSigningKey("m1", .named("m1"), reason: "lost"), by: .server)
        #expect(throws: Rejection.signingKeyRevoked) { try session.decideTie("m1", .yes) }
    }

    @Test func nothingIsPendingWhileThePollIsInProgressOrADraft() throws {
        var session = try Session.voting()
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes))) == .tieNotPending(state: .open)
        )
        try session.run(.holdPoll("poll"), by: "m1")
        #expect(
            rejection(session, session.ballot("m1", .tie(.yes))) == .tieNotPending(state: .held)
        )
        try session.draft("draft")
        let ballot = session.ballot("m1", .tie(.yes), poll: "draft")
        #expect(rejection(session, ballot) == .pollNotFound)
        #expect(
            session.rejection(
                of: .decideTie(ballot),
                by: session.caller("m1", key: CommandKey(ballot.statement.ballot))
            ) == .tieNotPending(state: .draft)
        )
    }

    @Test func aPollThatWaitsForTheChairCanBeVoided() throws {
        var session = try pending()
        try session.run(.voidPoll("poll", reason: "The chair is taken ill."), by: "secretary")
        #expect(session.state.proceedings.poll("poll")?.state == .voided)
        try session.run(.adjournMeeting, by: "secretary")
    }
}
