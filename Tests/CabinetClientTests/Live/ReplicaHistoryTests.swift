import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// One history: what a replica demands of the log before it goes on with it.
@Suite(.timeLimit(.minutes(5))) struct ReplicaHistoryTests {
    /// The journal's checkpoints of the meeting's log.
    private func checkpoints(
        _ journal: MemoryBallotJournal,
        _ meeting: StagedMeeting
    ) -> [SignedCheckpoint] {
        journal.checkpoints(of: meeting.log.checkpoint.unverified.origin)
    }

    @Test("What comes over a new connection waits for the proof, and is shown after it")
    func waits() async throws {
        var meeting = try StagedMeeting()
        let journal = MemoryBallotJournal()
        let (replica, subscription) = try await meeting.live(.members, journal)
        let before = replica.picture.state
        let asked = Mailbox<Void>()
        let answer = Mailbox<Void>()
        meeting.caller.beforeAnswer { () throws(RPCError) in
            asked.put(())
            _ = await answer.take()
        }
        subscription.loseLink()
        try await replica.becomes { $0.condition.isOffline }
        subscription.catchUp(connection: 2, upTo: meeting.size + 3)
        for number in 1...3 {
            try meeting.vote(number, for: subscription)
        }
        subscription.isLive(connection: 2, upTo: meeting.size)
        _ = await asked.take()
        #expect(replica.picture.condition == .catchingUp)
        #expect(replica.picture.state == before)
        answer.put(())
        try await replica.becomes { $0.condition == .live }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        #expect(checkpoints(journal, meeting).map(\.unverified.treeSize) == [meeting.size])
        // On the same connection there is no other proof.
        subscription.catchUp(connection: 2, upTo: meeting.size)
        meeting.snapshot(subscription)
        subscription.isLive(connection: 2, upTo: meeting.size)
        try meeting.vote(4, for: subscription)
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        #expect(asked.isEmpty)
    }

    @Test("Where the link fails in the proof, what waited for it is not shown, and comes again")
    func linkFails() async throws {
        var meeting = try StagedMeeting()
        let (replica, first) = try await meeting.live()
        let before = replica.picture.state
        let last = meeting.size
        meeting.caller.beforeAnswer { () throws(RPCError) in throw .linkDown }
        var subscription = first
        subscription.loseLink()
        let since = meeting.clock.now
        try meeting.vote(1)
        for connection in 2...4 as ClosedRange<UInt64> {
            subscription.catchUp(connection: connection, upTo: meeting.size)
            meeting.events(subscription, after: last)
            try await replica.becomes {
                $0.condition == .offline(since: since, reason: .linkDown)
            }
            await subscription.isOver()
            #expect(replica.picture.state?.sequenceNumber == last)
            await meeting.clock.passSleep()
            subscription = try await meeting.subscription()
            #expect(subscription.token == ResumeToken(epoch: 1, sequence: last))
            subscription.accept()
        }
        #expect(replica.picture.state == before)
        meeting.caller.beforeAnswer(nil)
        subscription.catchUp(connection: 5, upTo: meeting.size)
        meeting.events(subscription, after: last)
        subscription.isLive(connection: 5, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
    }

    /// How a log is not the one that was seen.
    enum Rewriting: CaseIterable, Sendable {
        /// It has fewer entries than its own checkpoint that was seen.
        case lost
        /// It has grown past what was seen, and has other entries.
        case rewritten
        /// It goes on from the checkpoint that was seen, and is shorter than what was shown.
        case shorter
    }

    @Test("A log that was rewritten is reported, and not followed", arguments: Rewriting.allCases)
    func rewritten(_ rewriting: Rewriting) async throws {
        var meeting = try StagedMeeting()
        let journal = MemoryBallotJournal()
        let (replica, subscription) = try await meeting.live(.members, journal)
        let proven = Int(meeting.size)
        try meeting.vote(1, for: subscription)
        try meeting.vote(2, for: subscription)
        let shown = try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        let before = try meeting.vote(3)
        switch rewriting {
        case .lost:
            meeting.log.lose(from: proven - 1)
        case .rewritten:
            meeting.log.lose(from: proven - 1)
            meeting.log.grow(to: Int(meeting.size) + 5, branch: " of another history")
        case .shorter:
            meeting.log.lose(from: proven + 1)
        }
        subscription.catchUp(connection: 2, upTo: meeting.size)
        meeting.events(subscription, after: before)
        let end = await replica.end()
        guard case .history(let error)? = end else {
            Issue.record("it ended with \(String(describing: end))")
            return
        }
        #expect(error.isContradiction)
        switch (rewriting, error) {
        case (.lost, .lost), (.rewritten, .rewritten), (.shorter, .shorter): break
        default: Issue.record("it was \(error)")
        }
        #expect(replica.picture.state == shown.state)
        #expect(replica.picture.condition == .ended)
        #expect(journal.evidence().count == 1)
        #expect(journal.evidence().first?.finding == "\(error)")
        await subscription.isOver()
        // What the journal has seen is not given up: neither does another replica follow.
        #expect(checkpoints(journal, meeting).map(\.unverified.treeSize) == [UInt64(proven)])
        guard rewriting != .shorter else { return }
        let second = try meeting.replica(.members, journal)
        try await meeting.subscription().accept(connection: 1, upTo: meeting.size)
        guard case .history? = await second.end() else {
            Issue.record("the log was followed")
            return
        }
        #expect(second.picture.state == nil)
    }

    @Test("After a restoration that a person accepts, a new replica follows")
    func accepted() async throws {
        var meeting = try StagedMeeting()
        let journal = MemoryBallotJournal()
        let (replica, subscription) = try await meeting.live(.members, journal)
        meeting.log.lose(from: Int(meeting.size) - 2)
        meeting.log.grow(to: Int(meeting.size) + 1, branch: " of another history")
        subscription.catchUp(connection: 2, upTo: meeting.size)
        guard case .history? = await replica.end() else {
            Issue.record("the log was followed")
            return
        }
        try await MeetingHistory(
            of: StagedMeeting.id,
            in: meeting.installation,
            over: meeting.caller,
            journal: journal
        )
        .acceptRestoration()
        try meeting.vote(1)
        let (second, _) = try await meeting.live(.members, journal)
        #expect(second.picture.state == meeting.session.state.snapshot(for: .members))
    }

    @Test("Another epoch of the same history is followed, from a snapshot and after a proof")
    func otherEpoch() async throws {
        var meeting = try StagedMeeting()
        let (replica, subscription) = try await meeting.live()
        while !meeting.caller.questions.isEmpty { _ = await meeting.caller.questions.take() }
        try meeting.happen { session in
            let order = Command.restoreLog(try Epoch(2), reason: "disk")
            try session.run(order, by: .server)
        }
        // Even where it is the same connection.
        subscription.catchUp(connection: 1, epoch: 2, upTo: meeting.size)
        meeting.snapshot(subscription, epoch: 2)
        subscription.isLive(connection: 1, epoch: 2, upTo: meeting.size)
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        #expect(!meeting.caller.questions.isEmpty)
        try meeting.vote(1, for: subscription, epoch: 2)
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        #expect(replica.picture.condition == .live)
    }

    @Test("What an earlier run has seen is compared with before anything is shown")
    func earlierRun() async throws {
        var meeting = try StagedMeeting()
        let journal = MemoryBallotJournal()
        let (replica, _) = try await meeting.live(.members, journal)
        replica.stop()
        try meeting.vote(1)
        while !meeting.caller.questions.isEmpty { _ = await meeting.caller.questions.take() }
        let (second, _) = try await meeting.live(.members, journal)
        #expect(
            await meeting.caller.questions.take() == "cabinet.v1.LedgerService.GetConsistencyProof"
        )
        #expect(second.picture.state?.sequenceNumber == meeting.size)
        #expect(checkpoints(journal, meeting).map(\.unverified.treeSize) == [meeting.size])
    }

    @Test("While it is live the log is compared now and then, where something has happened")
    func comparison() async throws {
        var meeting = try StagedMeeting()
        let journal = MemoryBallotJournal()
        var policy = ReplicaPolicy.steady
        policy.comparisonInterval = .seconds(120)
        let (replica, subscription) = try await meeting.live(.members, journal, policy)
        while !meeting.caller.questions.isEmpty { _ = await meeting.caller.questions.take() }
        // Nothing has happened.
        let interval = await meeting.clock.passSleep()
        #expect((.seconds(60)...(.seconds(120))).contains(interval))
        // The next pause begins when nothing is to be compared.
        let pause = try #require(await meeting.clock.sleeps.take())
        #expect(meeting.caller.questions.isEmpty)
        try meeting.vote(1, for: subscription)
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        // A link that fails meanwhile is the subscription's affair.
        meeting.caller.beforeAnswer { () throws(RPCError) in throw .linkDown }
        meeting.clock.advance(by: pause)
        let second = try #require(await meeting.clock.sleeps.take())
        meeting.caller.beforeAnswer(nil)
        meeting.clock.advance(by: second)
        let third = try #require(await meeting.clock.sleeps.take())
        #expect(checkpoints(journal, meeting).map(\.unverified.treeSize) == [meeting.size])
        #expect(replica.picture.condition == .live)
        // A server that has lost what was compared is found out with no other connection.
        try meeting.vote(2, for: subscription)
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        meeting.log.lose(from: Int(meeting.size) - 2)
        meeting.clock.advance(by: third)
        guard case .history(.lost)? = await replica.end() else {
            Issue.record("it was not found out")
            return
        }
        await subscription.isOver()
    }

    @Test("Where the journal fails nothing is shown")
    func journalFails() async throws {
        let meeting = try StagedMeeting()
        let replica = try meeting.replica(.members, BrokenJournal())
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 1, upTo: meeting.size)
        meeting.snapshot(subscription)
        #expect(await replica.end() == .history(.journal(BrokenJournal.error)))
        #expect(replica.picture.state == nil)
    }

    @Test("A checkpoint that the installation's key has not signed is not believed")
    func otherKey() async throws {
        let meeting = try StagedMeeting()
        let other = try StagedMeeting()
        let replica = try MeetingReplica(
            of: StagedMeeting.id,
            for: .members,
            over: meeting.caller,
            in: other.installation,
            journal: MemoryBallotJournal(),
            clock: meeting.clock
        )
        try await meeting.subscription().accept(connection: 1, upTo: meeting.size)
        guard case .history(.untrustedCheckpoint)? = await replica.end() else {
            Issue.record("it was believed")
            return
        }
    }

    @Test("A log whose name would be too long is refused at once")
    func longName() throws {
        let meeting = try StagedMeeting()
        let installation = TrustedInstallation(
            name: try #require(NoteKeyName(String(repeating: "a", count: 1_020))),
            publicKey: meeting.installation.publicKey
        )
        #expect(throws: HistoryError.logNameTooLong) {
            try MeetingReplica(
                of: StagedMeeting.id,
                for: .members,
                over: meeting.caller,
                in: installation,
                journal: MemoryBallotJournal()
            )
        }
    }
}

/// A journal whose disk is gone.
private struct BrokenJournal: CheckpointJournal {
    static let error = JournalError(.io, "the disk is gone")

    func checkpoints(of origin: NoteLine) throws(JournalError) -> [SignedCheckpoint] {
        throw Self.error
    }

    func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) throws(JournalError) { throw Self.error }

    func keep(_ evidence: Evidence) throws(JournalError) { throw Self.error }

    func evidence() throws(JournalError) -> [Evidence] { throw Self.error }
}
