import CabinetClient
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// Those who read a replica, and how long it lives.
@Suite(.timeLimit(.minutes(5))) struct ReplicaReaderTests {
    @Test("Each reader gets the current picture at once, and then the latest")
    func readers() async throws {
        var meeting = try StagedMeeting()
        let (replica, subscription) = try await meeting.live()
        var slow = replica.pictures.makeAsyncIterator()
        #expect(try await slow.next()?.condition == .live)
        for number in 1...4 {
            try meeting.vote(number, for: subscription)
        }
        try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
        // One for all that it has missed.
        #expect(try await slow.next()?.state == meeting.session.state.snapshot(for: .members))
        for _ in 1...3 {
            var late = replica.pictures.makeAsyncIterator()
            #expect(try await late.next() == replica.picture)
        }
        async let waiting = slow.next()
        try meeting.vote(5, for: subscription)
        #expect(try await waiting?.state?.sequenceNumber == meeting.size)
    }

    @Test("When it is stopped its readers' sequences end, and the last state can be read")
    func stop() async throws {
        let meeting = try StagedMeeting()
        let (replica, subscription) = try await meeting.live()
        let ends = (1...3).map { _ in Task { await replica.end() } }
        replica.stop()
        await subscription.isOver()
        for end in ends { #expect(await end.value == nil) }
        #expect(replica.error == nil)
        #expect(replica.picture.condition == .ended)
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        #expect(await replica.end() == nil)
        replica.stop()
    }

    @Test("It can be stopped while it connects, waits and proves")
    func stopAnywhere() async throws {
        let meeting = try StagedMeeting()
        let connecting = try meeting.replica()
        _ = try await meeting.subscription()
        connecting.stop()
        #expect(await connecting.end() == nil)

        let waiting = try meeting.replica()
        try await meeting.subscription().refuse(.linkDown)
        _ = await meeting.clock.sleeps.take()
        waiting.stop()
        #expect(await waiting.end() == nil)

        let proving = try meeting.replica()
        let asked = Mailbox<Void>()
        let never = Mailbox<Void>()
        meeting.caller.beforeAnswer { () throws(RPCError) in
            asked.put(())
            guard await never.take() != nil else { throw RPCError(.cancelled, "cancelled") }
        }
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 1, upTo: meeting.size)
        _ = await asked.take()
        proving.stop()
        #expect(await proving.end() == nil)
        await subscription.isOver()
    }

    @Test("When nobody holds it any more it ends its subscription")
    func letGo() async throws {
        let meeting = try StagedMeeting()
        var policy = ReplicaPolicy.steady
        policy.comparisonInterval = .seconds(60)
        var live: (MeetingReplica, StagedSubscription)? = try await meeting.live(
            .members,
            MemoryBallotJournal(),
            policy
        )
        let subscription = try #require(live?.1)
        weak let replica = live?.0
        #expect(replica != nil)
        live = nil
        await subscription.isOver()
        #expect(replica == nil)
    }

    @Test("Whoever reads holds it, and lets go of it when the reading task is cancelled")
    func reading() async throws {
        let meeting = try StagedMeeting()
        let (read, subscription, conditions) = try await reader(meeting)
        // Nobody else holds it, and it goes on.
        subscription.loseLink()
        for await condition in conditions {
            if case .offline = condition { break }
        }
        subscription.isLive(connection: 2, upTo: meeting.size)
        for await condition in conditions where condition == .live { break }
        read.cancel()
        #expect(await read.value == nil)
        await subscription.isOver()
    }

    private func reader(
        _ meeting: StagedMeeting
    ) async throws -> (
        Task<ReplicaError?, Never>, StagedSubscription, AsyncStream<ReplicaCondition>
    ) {
        let (replica, subscription) = try await meeting.live()
        let (conditions, seen) = AsyncStream.makeStream(of: ReplicaCondition.self)
        let task = Task { [pictures = replica.pictures] () -> ReplicaError? in
            defer { seen.finish() }
            do throws(ReplicaError) {
                for try await picture in pictures { seen.yield(picture.condition) }
                return nil
            } catch {
                return error
            }
        }
        for await _ in conditions { break }
        return (task, subscription, conditions)
    }
}
