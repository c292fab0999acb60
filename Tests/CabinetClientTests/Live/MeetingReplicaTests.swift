import CabinetAPI
import CabinetClient
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

/// How a replica follows a meeting, and what it says of its link.
@Suite(.timeLimit(.minutes(5))) struct MeetingReplicaTests {
    @Test(
        "It shows what its audience may see, event by event",
        arguments: CabinetModel.Audience.allCases
    )
    func follows(_ audience: CabinetModel.Audience) async throws {
        var meeting = try StagedMeeting()
        let replica = try meeting.replica(audience)
        #expect(replica.picture.state == nil)
        #expect(replica.picture.condition == .connecting)
        let subscription = try await meeting.subscription()
        let request = try #require(subscription.request as? FollowMeetingRequest)
        #expect(request.meetingID == StagedMeeting.id.text)
        #expect(request.audience.rawValue == audience.rawValue)
        #expect(subscription.token == nil)
        subscription.accept(connection: 1, upTo: meeting.size)
        try await replica.becomes { $0.condition == .catchingUp }
        meeting.snapshot(subscription, audience)
        let first = try await replica.becomes { $0.state != nil }
        #expect(first.state == meeting.session.state.snapshot(for: audience))
        #expect(first.condition == .catchingUp)
        subscription.isLive(connection: 1, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
        for number in 1...3 {
            let before = try meeting.vote(number)
            meeting.events(subscription, audience, after: before)
            let wanted = meeting.session.state.snapshot(for: audience)
            let picture = try await replica.becomes { $0.state?.sequenceNumber == meeting.size }
            #expect(picture.state == wanted)
            #expect(picture.condition == .live)
        }
    }

    @Test("Nothing is shown between the parts of a roll")
    func wholeRolls() async throws {
        var meeting = try StagedMeeting()
        try meeting.happen { session in
            try session.run(.voidPoll("poll", reason: "once more"), by: "m1")
            try session.draft("second")
        }
        let (replica, subscription) = try await meeting.live()
        let before = try meeting.happen { try $0.openPoll("second") }
        let events = try #require(meeting.session.events[.members]).dropFirst(Int(before))
        guard case .fact(.rollFrozen)? = events.first?.body, events.count == 2 else {
            Issue.record("the roll is frozen in an event of its own")
            return
        }
        for (event, isShown) in zip(events, [false, true]) {
            subscription.put(
                .element(
                    ResumeToken(epoch: 1, sequence: event.sequenceNumber),
                    isSnapshot: false,
                    FollowMeetingResponse(event)
                )
            )
            // What is told afterwards comes afterwards.
            subscription.loseLink()
            try await replica.becomes { $0.condition.isOffline }
            #expect(
                replica.picture.state?.sequenceNumber == (isShown ? event.sequenceNumber : before)
            )
            subscription.isLive(connection: 1, upTo: event.sequenceNumber)
            try await replica.becomes { $0.condition == .live }
        }
    }

    @Test("A snapshot that is older than what is shown takes nothing back")
    func olderSnapshot() async throws {
        var meeting = try StagedMeeting()
        let old = meeting
        try meeting.vote(1)
        let (replica, subscription) = try await meeting.live()
        subscription.catchUp(connection: 1, upTo: meeting.size)
        old.snapshot(subscription)
        subscription.loseLink()
        try await replica.becomes { $0.condition.isOffline }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        // The events after it lead on from what is shown.
        let before = try meeting.vote(2)
        meeting.events(subscription, after: old.size)
        try await replica.becomes { $0.state?.sequenceNumber == before + 1 }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
    }

    // MARK: - The link

    @Test("Since when it is offline, and why, is told until it is live again")
    func offline() async throws {
        let meeting = try StagedMeeting()
        let (replica, subscription) = try await meeting.live()
        meeting.clock.advance(by: .seconds(100))
        let since = meeting.clock.now
        for failures in 1...3 {
            let error = RPCError(.unavailable, "attempt \(failures)")
            subscription.loseLink(error, failures: failures)
            try await replica.becomes { $0.condition == .offline(since: since, reason: error) }
            meeting.clock.advance(by: .seconds(100))
        }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        subscription.isLive(connection: 2, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
        subscription.loseLink()
        let again = meeting.clock.now
        try await replica.becomes { $0.condition == .offline(since: again, reason: .linkDown) }
        #expect(again != since)
    }

    @Test("It tries until there is a server, with pauses, from the beginning")
    func noServer() async throws {
        let meeting = try StagedMeeting()
        let beginning = meeting.clock.now
        let replica = try meeting.replica()
        var pauses: [Duration] = []
        for _ in 1...12 {
            let subscription = try await meeting.subscription()
            #expect(subscription.token == nil)
            subscription.refuse(.linkDown)
            try await replica.becomes {
                $0.condition == .offline(since: beginning, reason: .linkDown)
            }
            pauses.append(await meeting.clock.passSleep())
        }
        #expect(pauses.allSatisfy { $0 <= .seconds(15) })
        #expect(pauses.contains { $0 > .milliseconds(100) })
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 13, upTo: meeting.size)
        meeting.snapshot(subscription)
        subscription.isLive(connection: 13, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
    }

    @Test("Where a subscription is lost it goes on from the event that it has")
    func resumes() async throws {
        var meeting = try StagedMeeting()
        let (replica, first) = try await meeting.live()
        let last = meeting.size
        first.put(.failure(.linkDown))
        await first.isOver()
        await meeting.clock.passSleep()
        let before = try meeting.vote(1)
        let second = try await meeting.subscription()
        #expect(second.token == ResumeToken(epoch: 1, sequence: last))
        second.accept(connection: 2, upTo: meeting.size)
        meeting.events(second, after: before)
        second.isLive(connection: 2, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
        // A channel that the server ends is followed again.
        second.put(.end)
        await meeting.clock.passSleep()
        #expect(try await meeting.subscription().token?.sequence == meeting.size)
    }

    @Test("A transport that says nothing of its links is followed as well")
    func silentTransport() async throws {
        let meeting = try StagedMeeting()
        let replica = try meeting.replica()
        let subscription = try await meeting.subscription()
        subscription.accept()
        meeting.snapshot(subscription)
        try await replica.becomes { $0.condition == .live && $0.state != nil }
        #expect(!meeting.caller.questions.isEmpty)
    }

    // MARK: - What cannot be followed

    /// What a server sends in the place of the next event.
    enum Nonsense: CaseIterable, Sendable {
        case gap, duplicate, otherEpoch, nothing, unmappable, snapshotAsEvent, eventAsSnapshot
        case otherMeeting, undecodable
    }

    @Test("What does not fit is not applied: it begins anew", arguments: Nonsense.allCases)
    func beginsAnew(_ nonsense: Nonsense) async throws {
        var meeting = try StagedMeeting()
        let (replica, subscription) = try await meeting.live()
        let state = replica.picture.state
        let next = try meeting.vote(1) + 1
        subscription.put(try update(nonsense, meeting, next))
        let picture = try await replica.becomes {
            if case .startingAnew(_, attempt: 1) = $0.condition { true } else { false }
        }
        // What is shown is what it was before.
        #expect(picture.state == state)
        guard case .startingAnew(let fault, _) = picture.condition else { return }
        #expect(isExpected(fault, of: nonsense, next), "\(fault)")
        await subscription.isOver()
        await meeting.clock.passSleep()
        let second = try await meeting.subscription()
        #expect(second.token == nil)
        second.accept(connection: 1, upTo: meeting.size)
        meeting.snapshot(second)
        second.isLive(connection: 1, upTo: meeting.size)
        try await replica.becomes { $0.condition == .live }
        #expect(replica.picture.state == meeting.session.state.snapshot(for: .members))
    }

    private func update(
        _ nonsense: Nonsense,
        _ meeting: StagedMeeting,
        _ next: UInt64
    ) throws -> StagedSubscription.Update {
        let event = FollowMeetingResponse(
            try #require(meeting.session.events[.members]?.last)
        )
        let snapshot = try #require(
            FollowMeetingResponse(meeting.session.state.snapshot(for: .members))
        )
        func element(
            _ message: FollowMeetingResponse,
            _ sequence: UInt64,
            epoch: UInt64 = 1,
            isSnapshot: Bool = false
        ) -> StagedSubscription.Update {
            .element(
                ResumeToken(epoch: epoch, sequence: sequence),
                isSnapshot: isSnapshot,
                message
            )
        }
        switch nonsense {
        case .gap: return element(event, next + 1)
        case .duplicate: return element(event, next - 1)
        case .otherEpoch: return element(event, next, epoch: 2)
        case .nothing: return element(FollowMeetingResponse(), next)
        case .unmappable:
            return element(
                FollowMeetingResponse(
                    content: .event(
                        CabinetAPI.MeetingEvent(timeUnixMs: -1, body: .redacted(Redacted()))
                    )
                ),
                next
            )
        case .snapshotAsEvent: return element(snapshot, next)
        case .eventAsSnapshot: return element(event, next, isSnapshot: true)
        case .otherMeeting:
            guard case .snapshot(var content)? = snapshot.content else { throw CancellationError() }
            content.meeting?.meetingID = "other"
            content.log?.meetingID = "other"
            return element(
                FollowMeetingResponse(content: .snapshot(content)),
                next,
                isSnapshot: true
            )
        case .undecodable: return .failure(RPCError(.internal, "no message"))
        }
    }

    private func isExpected(_ fault: FollowFault, of nonsense: Nonsense, _ next: UInt64) -> Bool {
        switch (nonsense, fault) {
        case (.gap, .follow(let error)): error == .gap(expected: next, found: next + 1)
        case (.duplicate, .follow(let error)): error == .gap(expected: next, found: next - 1)
        case (.nothing, .follow(let error)), (.snapshotAsEvent, .follow(let error)),
            (.eventAsSnapshot, .follow(let error)):
            error == .unknownContent
        case (.unmappable, .follow(.field(let field))): field.path == "time_unix_ms"
        case (.otherEpoch, .otherEpoch), (.otherMeeting, .otherLog), (.undecodable, .call): true
        default: false
        }
    }

    @Test("A log that another key signs is not followed")
    func otherKey() async throws {
        let meeting = try StagedMeeting()
        let other = try StagedMeeting()
        let replica = try meeting.replica()
        let subscription = try await meeting.subscription()
        subscription.accept(connection: 1, upTo: meeting.size)
        other.snapshot(subscription)
        try await replica.becomes { $0.condition == .startingAnew(.otherLog, attempt: 1) }
        #expect(replica.picture.state == nil)
    }

    @Test("What can never be followed is not tried without end")
    func givesUp() async throws {
        let meeting = try StagedMeeting()
        let replica = try meeting.replica()
        func fail() async throws {
            let subscription = try await meeting.subscription()
            #expect(subscription.token == nil)
            subscription.accept(connection: 1, upTo: meeting.size)
            subscription.put(
                .element(
                    ResumeToken(epoch: 1, sequence: 1),
                    isSnapshot: true,
                    FollowMeetingResponse()
                )
            )
        }
        let fault = FollowFault.follow(.unknownContent)
        for attempt in 1...5 {
            try await fail()
            try await replica.becomes { $0.condition == .startingAnew(fault, attempt: attempt) }
            await meeting.clock.passSleep()
        }
        try await fail()
        #expect(await replica.end() == .cannotFollow(fault))
        #expect(replica.error == .cannotFollow(fault))
        #expect(replica.picture.condition == .ended)
        #expect(replica.picture.state == nil)
    }

    @Test("What fails after it went well for long is counted anew")
    func standingTime() async throws {
        let meeting = try StagedMeeting()
        let (replica, first) = try await meeting.live()
        var subscription = first
        for _ in 1...8 {
            meeting.clock.advance(by: .seconds(30))
            subscription.put(.failure(RPCError(.internal, "broken")))
            try await replica.becomes {
                if case .startingAnew(_, attempt: 1) = $0.condition { true } else { false }
            }
            await meeting.clock.passSleep()
            subscription = try await meeting.subscription()
            subscription.accept(connection: 1, upTo: meeting.size)
            meeting.snapshot(subscription)
            subscription.isLive(connection: 1, upTo: meeting.size)
            try await replica.becomes { $0.condition == .live }
        }
    }

    // MARK: - Refusals

    @Test(
        "Who may not follow is told so",
        arguments: [
            Code.permissionDenied, .notFound, .unauthenticated, .unimplemented, .invalidArgument,
            .failedPrecondition,
        ]
    )
    func refused(_ code: Code) async throws {
        let refusal = RPCError(code, "no")
        let meeting = try StagedMeeting()
        // At the beginning.
        let early = try meeting.replica()
        try await meeting.subscription().refuse(refusal)
        #expect(await early.end() == .refused(refusal))
        // When it is asked for the proof.
        meeting.caller.beforeAnswer { () throws(RPCError) in throw refusal }
        let middle = try meeting.replica()
        try await meeting.subscription().accept(connection: 1, upTo: meeting.size)
        #expect(await middle.end() == .refused(refusal))
        // While it follows.
        meeting.caller.beforeAnswer(nil)
        let (late, subscription) = try await meeting.live()
        subscription.put(.failure(refusal))
        #expect(await late.end() == .refused(refusal))
        #expect(late.picture.state == meeting.session.state.snapshot(for: .members))
        #expect(late.picture.condition == .ended)
        await subscription.isOver()
    }

    @Test("What the client's certificate is refused for is not tried again")
    func lastingRefusal() async throws {
        let meeting = try StagedMeeting()
        let refusal = RPCError(
            .unavailable,
            "revoked",
            details: [StatusDetail(reason: "CLIENT_REVOKED", domain: "cabinet.rpc")]
        )
        let replica = try meeting.replica()
        try await meeting.subscription().refuse(refusal)
        #expect(await replica.end() == .refused(refusal))
    }
}

extension ReplicaCondition {
    var isOffline: Bool {
        if case .offline = self { true } else { false }
    }
}
