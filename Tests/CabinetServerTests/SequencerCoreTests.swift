import BallotTestSupport
import CabinetAPI
import CabinetLedger
import CabinetModel
import CabinetRPC
import CabinetStore
import ModelTestSupport
import Synchronization
import Testing

@testable import CabinetServer

@Suite struct SequencerCoreTests {
    // MARK: - Commands

    @Test("A command is answered with where its entries are, and seen by whoever looks then")
    func commands() throws {
        let chamber = try Chamber()
        let commit = try chamber.give(chamber.schedule())
        #expect(commit.firstIndex == 0 && commit.entryCount == 3)
        #expect(try chamber.view.state.proceedings.meeting?.title == "Phiên họp Chính phủ")
        #expect(try chamber.view.checkpoint.unverified.treeSize == 3)
        let log = try #require(try chamber.store.logs().first)
        #expect(log.entryCount == 3)
        #expect(log.checkpoint == (try chamber.view.checkpoint.serialized))
    }

    @Test(
        "A command that is sent again gets the first outcome, in the same batch, later and after a restart"
    )
    func resentCommands() throws {
        let chamber = try Chamber()
        try chamber.give(chamber.schedule())
        let caller = chamber.caller("secretary")
        let command = Command.setAgendaItem(SetAgendaItem("item", title: "Mục"))
        let (first, firstReply) = chamber.order(command, by: caller)
        let (second, secondReply) = chamber.order(command, by: caller)
        try chamber.process([first, second])
        let commit = try firstReply.value
        #expect(try secondReply.value == commit)
        let (third, thirdReply) = chamber.order(command, by: caller)
        try chamber.process([third])
        #expect(try thirdReply.value == commit)
        try chamber.restart()
        let (fourth, fourthReply) = chamber.order(command, by: caller)
        try chamber.process([fourth])
        #expect(try fourthReply.value == commit)
        #expect(try chamber.view.state.entryCount == 4)
    }

    @Test("A key that was used for another request is refused, and another principal's is not")
    func reusedKeys() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let caller = chamber.caller("secretary")
        let (first, firstReply) = chamber.order(.startRecess, by: caller)
        // It is refused, because a poll is open: it leaves no outcome, and the key is free.
        try chamber.process([first])
        #expect(firstReply.reason == "POLL_IN_PROGRESS")
        let (second, secondReply) = chamber.order(.holdPoll("poll"), by: caller)
        let (third, thirdReply) = chamber.order(.closePoll("poll"), by: caller)
        try chamber.process([second, third])
        _ = try secondReply.value
        #expect(thirdReply.reason == "IDEMPOTENCY_KEY_REUSED")
        let (fourth, fourthReply) = chamber.order(
            .resumePoll("poll"),
            by: chamber.caller("m1", key: caller.commandKey)
        )
        try chamber.process([fourth])
        _ = try fourthReply.value
    }

    @Test("Each command of a batch sees what those before it led to")
    func speculation() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let (close, closeReply) = chamber.order(.closePoll("poll"), by: chamber.caller("m1"))
        let (ballot, ballotReply) = chamber.order(try chamber.ballot(2, .vote(.yes, 1), id: 1))
        try chamber.process([close, ballot])
        _ = try closeReply.value
        #expect(ballotReply.reason == "POLL_NOT_OPEN")
    }

    @Test("A refused command leaves no trace")
    func refusals() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let before = try chamber.view.state
        let logs = try chamber.store.logs()
        for (command, caller, reason) in [
            (Command.openMeeting, "m1" as PrincipalID, "MEETING_NOT_SCHEDULED"),
            (.closePoll("other"), "m1", "POLL_NOT_FOUND"),
            (.closePoll("poll"), "m2", "ROLE_REQUIRED"),
            (.closePoll("poll"), "stranger", "MEETING_NOT_FOUND"),
            (try chamber.schedule(), "secretary", "MEETING_EXISTS"),
        ] {
            let (order, reply) = chamber.order(command, by: chamber.caller(caller))
            try chamber.process([order])
            #expect(reply.reason == reason)
        }
        let (order, reply) = chamber.order(
            .openMeeting,
            by: chamber.caller("secretary"),
            in: "unknown"
        )
        try chamber.process([order])
        #expect(reply.reason == "MEETING_NOT_FOUND")
        #expect(try chamber.view.state == before)
        #expect(try chamber.store.logs() == logs)
    }

    @Test("A caller that gave up before the effect is told so, and nothing happens")
    func abandoned() throws {
        let chamber = try Chamber()
        try chamber.give(chamber.schedule())
        let (order, reply) = chamber.order(
            .setAgendaItem(SetAgendaItem("item", title: "Mục")),
            by: chamber.caller("secretary"),
            beginEffect: { () throws(RPCError) in
                throw RPCError(.cancelled, "gave up", isNotProcessed: true)
            }
        )
        try chamber.process([order])
        #expect(reply.reason == "\(Code.cancelled)")
        #expect(try chamber.view.state.entryCount == 3)
    }

    @Test("Limits hold: meetings of the installation, entries of a log")
    func limits() throws {
        let chamber = try Chamber(limits: SequencerCore.Limits(meetings: 1, entriesOfLog: 4))
        try chamber.give(chamber.schedule())
        let (second, secondReply) = chamber.order(
            try chamber.schedule("second"),
            by: chamber.caller("secretary"),
            in: "second"
        )
        try chamber.process([second])
        #expect(secondReply.reason == "LIMIT_REACHED")
        try chamber.give(.setAgendaItem(SetAgendaItem("item", title: "Mục")))
        let (third, thirdReply) = chamber.order(
            .setAgendaItem(SetAgendaItem("other", title: "Mục")),
            by: chamber.caller("secretary")
        )
        try chamber.process([third])
        #expect(thirdReply.reason == "LIMIT_REACHED")
        #expect(try chamber.view.state.entryCount == 4)
    }

    @Test("Who takes no part does not learn from a full log that there is a meeting")
    func strangersAndFullLogs() throws {
        let chamber = try Chamber(limits: SequencerCore.Limits(meetings: 1, entriesOfLog: 3))
        try chamber.give(chamber.schedule())
        for (caller, reason) in [
            ("stranger" as PrincipalID, "MEETING_NOT_FOUND"), ("secretary", "LIMIT_REACHED"),
        ] {
            let (order, reply) = chamber.order(
                .setAgendaItem(SetAgendaItem("item", title: "Mục")),
                by: chamber.caller(caller)
            )
            try chamber.process([order])
            #expect(reply.reason == reason)
        }
    }

    @Test("The last entries of a log are for those who preside")
    func reservedEntries() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let count = try chamber.view.state.entryCount
        try chamber.restart(
            limits: SequencerCore.Limits(entriesOfLog: count + 3, entriesReserved: 2)
        )
        try chamber.give(.checkIn(nil, from: .remote), by: "m2")
        let (checkIn, checkInReply) = chamber.order(
            .checkIn(nil, from: .room),
            by: chamber.caller("m2")
        )
        let (cast, castReply) = chamber.order(try chamber.ballot(2, .vote(.yes, 1), id: 1))
        try chamber.process([checkIn, cast])
        #expect(checkInReply.reason == "LIMIT_REACHED" && castReply.reason == "LIMIT_REACHED")
        try chamber.give(.closePoll("poll"), by: "m1")
    }

    // MARK: - Ballots

    @Test(
        "A ballot is answered with a receipt that verifies, and counts once however often it is sent"
    )
    func ballots() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let (first, firstReply) = chamber.order(ballot)
        let (second, secondReply) = chamber.order(ballot, carriedBy: "m3")
        try chamber.process([first, second])
        let receipt = try firstReply.value.receipt
        try chamber.expect(receipt, isOf: ballot)
        #expect(try secondReply.value.receipt == receipt)
        // Over another connection, after the close, and after a restart.
        try chamber.give(.closePoll("poll"), by: "m1")
        let late = try chamber.cast(ballot, carriedBy: "secretary")
        #expect(late.index == receipt.index && late.entry == receipt.entry)
        try chamber.expect(late, isOf: ballot)
        try chamber.restart()
        let later = try chamber.cast(ballot)
        #expect(later == late)
        #expect(try chamber.storedBallots() == [ballot])
        let tally = try #require(try chamber.view.state.ballotBoxes["poll"]).tally
        #expect(tally.yes.room.members == 1)
    }

    @Test("Another ballot with the id of one is refused, in the same batch and later")
    func otherBallotWithTheSameID() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let other = try chamber.ballot(3, .vote(.no, 1), id: 1)
        let (first, firstReply) = chamber.order(ballot)
        let (second, secondReply) = chamber.order(other)
        try chamber.process([first, second])
        try chamber.expect(firstReply.value.receipt, isOf: ballot)
        #expect(secondReply.reason == "IDEMPOTENCY_KEY_REUSED")
        let (third, thirdReply) = chamber.order(other)
        try chamber.process([third])
        #expect(thirdReply.reason == "IDEMPOTENCY_KEY_REUSED")
        #expect(try chamber.storedBallots() == [ballot])
    }

    @Test("A ballot's id cannot be the key of another command, nor the other way round")
    func idsAndKeys() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        _ = try chamber.cast(ballot)
        let (order, reply) = chamber.order(
            .checkOut(nil),
            by: chamber.caller("m2", key: CommandKey(ballot.statement.ballot))
        )
        try chamber.process([order])
        #expect(reply.reason == "IDEMPOTENCY_KEY_REUSED")
        let other = try chamber.ballot(3, .vote(.yes, 1), id: 2)
        let (checkIn, checkInReply) = chamber.order(
            .checkIn(nil, from: .remote),
            by: chamber.caller("m3", key: CommandKey(other.statement.ballot))
        )
        try chamber.process([checkIn])
        _ = try checkInReply.value
        let (cast, castReply) = chamber.order(other)
        try chamber.process([cast])
        #expect(castReply.reason == "IDEMPOTENCY_KEY_REUSED")
    }

    @Test("Whoever takes no part gets no receipt of a ballot either")
    func strangers() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        _ = try chamber.cast(ballot)
        let (order, reply) = chamber.order(ballot, carriedBy: "stranger")
        try chamber.process([order])
        #expect(reply.reason == "MEETING_NOT_FOUND")
    }

    @Test("A certificate that the directory does not have for the member's key is refused")
    func otherCertificates() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(
            2,
            .vote(.yes, 1),
            id: 1,
            certificate: certificate(of: Chamber.memberKeys[1])
        )
        let (order, reply) = chamber.order(ballot)
        try chamber.process([order])
        #expect(reply.reason == "CERTIFICATE_INVALID")
        #expect(try chamber.storedBallots().isEmpty)
    }

    @Test("A statement that is signed once more by the same key gets the receipt of the first")
    func signedAgain() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        let receipt = try chamber.cast(ballot)
        let again = try chamber.ballot(
            2,
            .vote(.yes, 1),
            id: 1,
            certificate: certificate(of: Chamber.memberKeys[1])
        )
        // An ECDSA signature is another one each time.
        #expect(again.signature != ballot.signature)
        #expect(try chamber.cast(again) == receipt)
        #expect(try chamber.storedBallots() == [ballot])
    }

    @Test("A tie is decided by the chair's statement, which is answered with the verdict")
    func ties() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        _ = try chamber.cast(chamber.ballot(2, .vote(.yes, 1), id: 1))
        _ = try chamber.cast(chamber.ballot(3, .vote(.no, 1), id: 2))
        try chamber.give(.closePoll("poll"), by: "m1")
        #expect(try chamber.view.state.proceedings.poll("poll")?.state == .closed)
        let choice = try chamber.ballot(1, .tie(.yes), id: 3)
        for _ in 0..<2 {
            let (order, reply) = chamber.order(choice)
            try chamber.process([order])
            let outcome = try reply.value
            #expect(outcome.verdict?.outcome == .carried)
            #expect(outcome.verdict?.ground == .tieChairChoice(.yes))
            try chamber.expect(outcome.receipt, isOf: choice)
        }
    }

    // MARK: - Timers

    @Test("A poll closes when its time is over, before any command of that moment")
    func timers() throws {
        let chamber = try Chamber()
        try chamber.openPoll(duration: 5_000)
        let deadline = try #require(chamber.core.nextDeadline)
        #expect(deadline.unixMilliseconds == chamber.clock + 5_000)
        let ballot = try chamber.ballot(2, .vote(.yes, 1), id: 1)
        chamber.clock = deadline.unixMilliseconds - 1
        let (order, reply) = chamber.order(ballot)
        try chamber.process([order])
        #expect(reply.reason == "POLL_NOT_OPEN")
        let poll = try #require(try chamber.view.state.proceedings.poll("poll"))
        #expect(poll.state == .decided)
        #expect(poll.closing?.cause == .timer)
        #expect(poll.closing?.moment == deadline)
        #expect(chamber.core.nextDeadline == nil)
    }

    @Test("A timer runs on after a restart, and out while the server is away")
    func timersAfterARestart() throws {
        let chamber = try Chamber()
        try chamber.openPoll(duration: 5_000)
        let deadline = chamber.core.nextDeadline
        try chamber.restart()
        #expect(chamber.core.nextDeadline == deadline)
        chamber.clock += 60_000
        try chamber.process([])
        #expect(try chamber.view.state.proceedings.poll("poll")?.state == .decided)
    }

    // MARK: - Failure

    @Test("Nothing is answered or shown of a batch that could not be stored")
    func failure() throws {
        let store = MemoryEventStore()
        let chamber = try Chamber(store)
        try chamber.openPoll()
        let before = try chamber.view.state
        let (first, firstReply) = chamber.order(try chamber.ballot(2, .vote(.yes, 1), id: 1))
        let (second, secondReply) = chamber.order(.holdPoll("poll"), by: chamber.caller("m1"))
        let (third, thirdReply) = chamber.order(.openMeeting, by: chamber.caller("m1"))
        store.nextFailure = StoreError(.io, "the disk is gone")
        #expect(throws: SequencerFailure.self) { try chamber.process([first, second, third]) }
        #expect(chamber.core.answeredCount == 0)
        #expect(firstReply.result == nil && secondReply.result == nil && thirdReply.result == nil)
        #expect(try chamber.view.state == before)
    }

    // MARK: - Queries

    @Test("A question is answered from what is durable, in its turn")
    func queries() throws {
        let chamber = try Chamber()
        try chamber.openPoll()
        let reply = Reply<UInt64>()
        let query = QueryOrder(
            meeting: Chamber.meeting,
            answer: { log, _ in reply.succeed(log.checkpoint?.unverified.treeSize ?? 0) },
            fail: reply.fail
        )
        let (order, _) = chamber.order(try chamber.ballot(2, .vote(.yes, 1), id: 1))
        let size = try chamber.view.state.entryCount
        try chamber.process([.query(query), order])
        #expect(try reply.value == size + 1)
        let unknown = Reply<UInt64>()
        try chamber.process([
            .query(QueryOrder(meeting: "none", answer: { _, _ in }, fail: unknown.fail))
        ])
        #expect(unknown.reason == "MEETING_NOT_FOUND")
    }
}
