import CabinetModel
import ModelTestSupport
import Testing

@Suite struct TimerTests {
    @Test func theTimerClosesThePollWithItsVerdict() throws {
        var session = try Session.voting(duration: 60_000)
        let deadline = try #require(session.state.nextDeadline)
        #expect(deadline == .at(session.clock + 60_000))
        session.clock += 60_000
        let entries = try session.run(.timeIsUp("poll"), by: .server)
        #expect(entries.count == 2)
        #expect(entries.first?.author == .server)
        #expect(entries.first?.commandKey == nil)
        #expect(session.state.proceedings.poll("poll")?.closing?.cause == .timer)
        #expect(session.state.nextDeadline == nil)
    }

    @Test func aTimerThatIsEarlyOrLateDoesNothing() throws {
        var session = try Session.voting(duration: 60_000)
        session.clock += 59_999
        #expect(try session.run(.timeIsUp("poll"), by: .server) == [])
        #expect(try session.run(.timeIsUp("other"), by: .server) == [])
        try session.run(.closePoll("poll"), by: "m1")
        session.clock += 60_000
        #expect(try session.run(.timeIsUp("poll"), by: .server) == [])
    }

    @Test func aHeldPollKeepsTheTimeThatWasLeft() throws {
        var session = try Session.voting(duration: 60_000)
        session.clock += 20_000
        try session.run(.holdPoll("poll"), by: "m1")
        #expect(session.state.nextDeadline == nil)
        session.clock += 1_000_000
        #expect(try session.run(.timeIsUp("poll"), by: .server) == [])
        try session.run(.resumePoll("poll"), by: "m1")
        #expect(session.state.nextDeadline == .at(session.clock + 40_000))
    }

    @Test func aPollWithoutATimerHasNone() throws {
        var session = try Session.voting()
        #expect(session.state.nextDeadline == nil)
        try session.run(.holdPoll("poll"), by: "m1")
        try session.run(.resumePoll("poll"), by: "m1")
        #expect(session.state.nextDeadline == nil)
    }

    @Test func aPollWhoseTimeIsOverIsNotHeld() throws {
        var session = try Session.voting(duration: 60_000)
        session.clock += 60_000
        #expect(session.rejection(of: .holdPoll("poll")) == .pollNotOpen(state: .closed))
    }

    @Test func ballotsOfBeforeAndAfterAHoldCount() throws {
        var session = try Session.voting()
        try session.cast("m1", .yes)
        try session.run(.holdPoll("poll"), by: "m1")
        try session.run(.startRecess, by: "m1")
        #expect(session.rejection(of: .resumePoll("poll")) == .meetingNotOpen(state: .recess))
        try session.run(.resumeMeeting, by: "m1")
        try session.run(.resumePoll("poll"), by: "m1")
        try session.cast("m2", .yes)
        try session.cast("m3", .yes)
        try session.run(.closePoll("poll"), by: "m1")
        #expect(session.verdict()?.threshold.description == "3 of 3 needed")
        #expect(session.verdict()?.outcome == .carried)
    }

    @Test func aHeldPollCanBeClosed() throws {
        var session = try Session.voting()
        try session.run(.holdPoll("poll"), by: "m1")
        try session.run(.startRecess, by: "m1")
        try session.run(.closePoll("poll"), by: "m1")
        #expect(session.verdict()?.ground == .thresholdNotReached)
    }

    @Test func entriesNeverGoBackInTime() throws {
        var session = try Session.voting(duration: 60_000)
        let last = try #require(session.state.lastTime)
        session.clock -= 3_600_000
        let entries = try session.cast("m1", .yes)
        #expect(entries.first?.time == last)
        #expect(try session.run(.timeIsUp("poll"), by: .server) == [])
    }
}
