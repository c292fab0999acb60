import BallotTestSupport
import CabinetAPI
import CabinetClient
import CabinetCodec
import CabinetLedger
import CabinetLocks
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// Members vote on a real server, over links that lose what they like.
@Suite(.serialized) struct VotingClientTests {
    private func paper(_ client: VotingClient) async throws -> BallotPaper {
        try await client.ballotPaper(of: Room.poll, in: Room.meeting)
    }

    // MARK: - Voting

    @Test("A vote is shown to count by its receipt, and is found again with another device")
    func castAndFindAgain() async throws {
        try await Room.run { room in
            let journal = MemoryBallotJournal()
            let client = try room.voting("m1", journal)
            let paper = try await paper(client)
            #expect(paper.roll.voters.map(\.member) == ["m1", "m2", "m3"])
            #expect(paper.counting == nil)
            let counted = try await client.cast(.yes, on: paper)
            #expect(counted.statement.purpose == .vote(.yes, 1))
            #expect(counted.place == .room)
            #expect(counted.explanation.count == 5)
            #expect(
                journal.ballots(in: Room.meeting).map(\.outcome) == [
                    .counted(counted.receipt.receipt)
                ]
            )

            #expect(try await client.provenBallots(in: Room.meeting) == [counted])

            let other = try room.voting("m1")
            let found = try await self.paper(other).counting
            #expect(found?.statement == counted.statement)
            #expect(try await room.ballotsInLog().count == 1)
        }
    }

    @Test("A seat's tablet carries the ballots of others, each with a receipt of its own")
    func carriedBallots() async throws {
        try await Room.run { room in
            let tablet = try room.tablet
            for name in ["m2", "m3", "m1"] {
                let client = try room.voting(name, over: tablet)
                let counted = try await client.cast(.yes, on: paper(client))
                #expect(counted.statement.member.text == name)
            }
            #expect(try await room.ballotsInLog().count == 3)
        }
    }

    @Test("A ballot is replaced where the rule allows it, and by another device as well")
    func revisions() async throws {
        var rule = CabinetAPI.PollRule(CabinetModel.PollRule.governmentDefault)
        rule.revocable = true
        try await Room.run(rule: rule) { room in
            let client = try room.voting("m1")
            let paper = try await paper(client)
            let first = try await client.cast(.yes, on: paper)
            let second = try await client.cast(.no, on: paper.after(first))
            #expect(second.statement.purpose == .vote(.no, 2))
            let other = try room.voting("m1")
            let third = try await other.cast(.abstain, on: self.paper(other))
            #expect(third.statement.purpose == .vote(.abstain, 3))
        }
    }

    @Test("The chair decides a tie")
    func tie() async throws {
        try await Room.run { room in
            let tablet = try room.tablet
            for (name, choice) in [("m2", CabinetModel.Choice.yes), ("m3", .no)] {
                let client = try room.voting(name, over: tablet)
                _ = try await client.cast(choice, on: paper(client))
            }
            let chair = try room.voting("m1", over: tablet)
            _ = try await VotingService.Client(tablet).closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            let counted = try await chair.decideTie(.yes, on: paper(chair))
            #expect(counted.statement.purpose == .tie(.yes))
            #expect(counted.place == nil)
        }
    }

    @Test(
        "Of two votes at the same time one is signed and sent",
        arguments: BallotJournalTests.Kind.allCases
    )
    func doubleTap(_ kind: BallotJournalTests.Kind) async throws {
        try await Room.run { room in
            try await kind.run { journal in
                let client = try room.voting("m1", journal)
                let paper = try await paper(client)
                async let first = Self.outcome { try await client.cast(.yes, on: paper) }
                async let second = Self.outcome { try await client.cast(.no, on: paper) }
                let outcomes = await [first, second]
                let counted = outcomes.compactMap { try? $0.get() }
                #expect(counted.count == 1)
                #expect(try await journal.ballots(in: Room.meeting).count == 1)
                #expect(try await room.ballotsInLog().count == 1)
            }
        }
    }

    private static func outcome(
        _ body: () async throws -> ProvenBallot
    ) async -> Result<ProvenBallot, any Error> {
        do {
            return .success(try await body())
        } catch {
            return .failure(error)
        }
    }

    // MARK: - Lost links

    @Test("Whatever the link loses, the same ballot is sent again and entered once")
    func lostAnswers() async throws {
        try await Room.run { room in
            let link = MeddlingCaller(try room.tablet) { method, count in
                guard method == "VotingService.CastBallot" else { return .none }
                let losses: [MeddlingCaller.Meddling] = [.loseAnswer, .loseRequest, .loseAnswer]
                return count < losses.count ? losses[count] : .none
            }
            let client = try room.voting("m1", over: link)
            let counted = try await client.cast(.yes, on: paper(client))
            #expect(link.count("VotingService.CastBallot") == 4)
            #expect(Set(link.idempotencyKeys.map(\.bytes)) == [counted.statement.ballot.bytes])
            #expect(try await room.ballotsInLog().count == 1)
        }
    }

    @Test(
        "When the patience is over the member learns that nothing is known, and the ballot is kept"
    )
    func patience() async throws {
        try await Room.run { room in
            let link = MeddlingCaller(try room.tablet) { method, _ in
                method == "VotingService.CastBallot" ? .loseAnswer : .none
            }
            let journal = MemoryBallotJournal()
            let client = try room.voting(
                "m1",
                over: link,
                journal,
                policy: DeliveryPolicy(
                    patience: .seconds(10),
                    backoff: Backoff(first: .seconds(4), most: .seconds(4))
                ),
                clock: HurriedClock()
            )
            let paper = try await paper(client)
            let error = await #expect(throws: CastError.self) {
                try await client.cast(.yes, on: paper)
            }
            let pending = try #require(journal.pendingBallots().first)
            #expect(
                error
                    == .undelivered(
                        pending.statement.ballot,
                        RPCError(.unavailable, "the link went down")
                    )
            )
            // Pauses of four seconds at most, in ten.
            #expect(link.count("VotingService.CastBallot") >= 3)

            // As long as that is open no other ballot is sent.
            let second = await #expect(throws: CastError.self) {
                try await client.cast(.no, on: paper)
            }
            guard case .notSent(let reason)? = second, reason.kind == .pending else {
                Issue.record("it was \(String(describing: second))")
                return
            }
            // With a link, that ballot is found to count.
            let again = try room.voting("m1", journal)
            let results = try await again.deliverPending()
            #expect(results.map(\.0) == [pending.statement.ballot])
            #expect(try results[0].1.get().statement == pending.statement)
            #expect(try await again.deliverPending().isEmpty)
            #expect(try await room.ballotsInLog().count == 1)
        }
    }

    @Test("A ballot on its way when the server stops is delivered when it is back")
    func restart() async throws {
        try await Room.run { room in
            let client = try room.voting("m1")
            let paper = try await paper(client)
            try await room.stop()
            async let counted = client.cast(.yes, on: paper)
            try await room.start()
            #expect(try await counted.statement.member == "m1")
            #expect(try await room.ballotsInLog().count == 1)
        }
    }

    @Test("A client that was killed after it had signed sends the ballot of its journal")
    func clientRestart() async throws {
        try await Room.run { room in
            let folder = try Folder()
            defer { folder.remove() }
            let first = try SQLiteBallotJournal(folder: folder.path, of: "m1")
            let down = MeddlingCaller(try room.tablet) { method, _ in
                method == "VotingService.CastBallot" ? .loseRequest : .none
            }
            let killed = try room.voting(
                "m1",
                over: down,
                first,
                policy: DeliveryPolicy(patience: .zero)
            )
            let paper = try await paper(killed)
            await #expect(throws: CastError.self) { try await killed.cast(.yes, on: paper) }
            await first.close()

            let second = try SQLiteBallotJournal(folder: folder.path, of: "m1")
            let client = try room.voting("m1", second)
            let results = try await client.deliverPending()
            let counted = try #require(results.first).1.get()
            #expect(
                try await second.ballots(in: Room.meeting).map(\.outcome)
                    == [.counted(counted.receipt.receipt)]
            )
            await second.close()
            #expect(try await room.ballotsInLog().count == 1)
        }
    }

    // MARK: - Refusals

    @Test("A ballot that is refused is settled, with the poll as it is by then")
    func refusal() async throws {
        try await Room.run { room in
            let journal = MemoryBallotJournal()
            let client = try room.voting("m1", journal)
            let paper = try await paper(client)
            _ = try await VotingService.Client(room.tablet).closePoll(
                ClosePollRequest(meetingID: "meeting", pollID: "poll")
            )
            let error = await #expect(throws: CastError.self) {
                try await client.cast(.yes, on: paper)
            }
            guard case .refused(.pollNotOpen, let failure)? = error else {
                Issue.record("it was \(String(describing: error))")
                return
            }
            let poll = try CabinetAPI.Poll(serialized: try #require(failure.details.first).payload)
            #expect(poll.state == .decided)
            #expect(
                journal.ballots(in: Room.meeting).map(\.outcome)
                    == [.refused(reason: "POLL_NOT_OPEN")]
            )
        }
    }

    @Test(
        "What does not speak of the ballot leaves it pending",
        arguments: [FailureReason.meetingNotFound, .logDamaged, .roleRequired, .principalUnknown]
    )
    func failuresOfOthers(_ reason: FailureReason) async throws {
        try await Room.run { room in
            let link = MeddlingCaller(try room.tablet) { method, count in
                method == "VotingService.CastBallot" && count == 0
                    ? .refuse(RPCError(reason)) : .none
            }
            let journal = MemoryBallotJournal()
            let client = try room.voting("m1", over: link, journal)
            let paper = try await paper(client)
            let error = await #expect(throws: CastError.self) {
                try await client.cast(.yes, on: paper)
            }
            guard case .undelivered? = error else {
                Issue.record("it was \(String(describing: error))")
                return
            }
            let results = try await client.deliverPending()
            #expect(throws: Never.self) { try #require(results.first).1.get() }
        }
    }

    @Test("A ballot that the server does not know the meeting of keeps no other from being sent")
    func stuck() async throws {
        try await Room.run { room in
            let journal = MemoryBallotJournal()
            let lost = MeddlingCaller(try room.tablet) { method, _ in
                method == "VotingService.CastBallot" ? .loseRequest : .none
            }
            let member = try room.voting(
                "m1",
                over: lost,
                journal,
                policy: DeliveryPolicy(patience: .zero)
            )
            let first = try await paper(member)
            await #expect(throws: CastError.self) { try await member.cast(.yes, on: first) }
            try await room.follow(with: "poll-2")
            let second = try await member.ballotPaper(of: "poll-2", in: Room.meeting)
            await #expect(throws: CastError.self) { try await member.cast(.no, on: second) }

            let forgetful = MeddlingCaller(try room.tablet) { method, count in
                method == "VotingService.CastBallot" && count == 0
                    ? .fail(RPCError(FailureReason.meetingNotFound)) : .none
            }
            let results = try await room.voting("m1", over: forgetful, journal).deliverPending()
            try #require(results.count == 2)
            #expect(throws: CastError.self) { try results[0].1.get() }
            #expect(throws: Never.self) { try results[1].1.get() }
            #expect(journal.pendingBallots().count == 1)
        }
    }

    @Test("A ballot that was refused and counts all the same is evidence")
    func falseRefusal() async throws {
        try await Room.run { room in
            let link = MeddlingCaller(try room.tablet) { method, _ in
                method == "VotingService.CastBallot"
                    ? .refuse(RPCError(FailureReason.notCheckedIn)) : .none
            }
            let journal = MemoryBallotJournal()
            let client = try room.voting("m1", over: link, journal)
            let paper = try await paper(client)
            await #expect(throws: CastError.self) { try await client.cast(.yes, on: paper) }
            let counting = try #require(try await self.paper(client).counting)
            #expect(
                journal.ballots(in: Room.meeting).map(\.outcome)
                    == [.counted(counting.receipt.receipt)]
            )
            #expect(
                journal.evidence().map(\.finding)
                    == ["the ballot was refused with NOT_CHECKED_IN, and counts"]
            )
        }
    }

    @Test("Where the journal fails, nothing is sent")
    func failingJournal() async throws {
        try await Room.run { room in
            let folder = try Folder()
            defer { folder.remove() }
            let journal = try SQLiteBallotJournal(folder: folder.path, of: "m1")
            let link = MeddlingCaller(try room.tablet) { _, _ in .none }
            let client = try room.voting("m1", over: link, journal)
            let paper = try await paper(client)
            await journal.close()
            await #expect(throws: CastError.notSent(JournalError(.closed, "it was closed"))) {
                try await client.cast(.yes, on: paper)
            }
            #expect(link.count("VotingService.CastBallot") == 0)
        }
    }
}

/// A clock on which waiting takes no time.
private final class HurriedClock: Clock, Sendable {
    typealias Duration = Swift.Duration
    typealias Instant = ContinuousClock.Instant

    private let offset = Guarded(Duration.zero)

    var now: Instant { ContinuousClock.now.advanced(by: offset.withLock { $0 }) }
    var minimumResolution: Duration { .nanoseconds(1) }

    func sleep(until deadline: Instant, tolerance: Duration?) {
        let left = now.duration(to: deadline)
        offset.withLock { $0 += max(left, .zero) }
    }
}
