import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport
import TestSupport
import Testing

/// What travels to those who follow a meeting. The seed is printed; CABINET_TEST_SEED repeats a run.
@Suite struct LiveTests {
    private func response(_ event: CabinetModel.MeetingEvent) throws -> FollowMeetingResponse {
        let bytes = FollowMeetingResponse(event).serialized()
        #expect(bytes.count <= 12_288)
        return try FollowMeetingResponse(serialized: bytes)
    }

    private func response(_ replica: ReplicaState) throws -> FollowMeetingResponse {
        let snapshot = try #require(FollowMeetingResponse(replica))
        return try FollowMeetingResponse(serialized: snapshot.serialized())
    }

    @Test func anEventOfEveryKindIsWhatItsBytesSay() throws {
        for body in sampleBodies {
            guard case .fact(let fact) = body else { continue }
            try check(.fact(fact))
        }
        try check(.redacted)
        try check(.fact(.signingKeyRevoked("m1", .named("m1"), reason: nil)))
        try check(.ballotRecorded("poll", .named("m1", Vote(.no, from: .remote))))
        try check(.ballotRecorded("poll", .counts(sampleTally)))
        try check(.ballotRecorded("poll", .nothing("m1", from: .room)))
        try check(.tieAnnounced("poll", .no))
        let lines: [CabinetModel.RollCall.Line] = [
            .notVoted, .voted(from: .room), .named(Vote(.yes, from: .remote)),
            .named(Vote(.no, from: .room)), .named(Vote(.abstain, from: .room)),
        ]
        try check(.verdictAnnounced("poll", sampleVerdict(.tieFailed), RollCall(lines: lines)))
    }

    private func check(_ body: CabinetModel.MeetingEvent.Body) throws {
        let event = MeetingEvent(sequenceNumber: 7, time: .at(3), body: body)
        guard case .event(let message) = try response(event).content else {
            Issue.record("no event")
            return
        }
        #expect(try MeetingEvent(message, sequenceNumber: 7) == event)
    }

    // MARK: - Random meetings

    @Test(arguments: UInt64(0)..<8)
    func aReplicaFedThroughBytesIsTheReplicaFedDirectly(_ run: UInt64) throws {
        var meeting = RandomMeeting(random: Seed.generator(520 + run), materials: .serialized)
        // One that was there from the beginning, and later others that began with a snapshot.
        var followers = CabinetModel.Audience.allCases.map { MeetingFollower(audience: $0) }
        try feed(&followers, meeting.session, from: 0)
        for step in 0..<400 {
            let before = meeting.session.log.count
            if meeting.step().isEmpty { continue }
            try feed(&followers, meeting.session, from: before)
            for follower in followers {
                let audience = follower.replica.audience
                #expect(follower.replica == meeting.session.replica(audience))
            }
            for audience in CabinetModel.Audience.allCases where step % 8 == 0 {
                let snapshot = meeting.session.state.snapshot(for: audience)
                var follower = MeetingFollower(audience: audience)
                try follower.take(
                    try response(snapshot),
                    sequenceNumber: snapshot.sequenceNumber
                )
                #expect(follower.replica == snapshot)
                if step % 80 == 0 { followers.append(follower) }
            }
        }
    }

    private func feed(
        _ followers: inout [MeetingFollower],
        _ session: Session,
        from index: Int
    ) throws {
        for audience in CabinetModel.Audience.allCases {
            for event in (session.events[audience] ?? []).dropFirst(index) {
                let response = try response(event)
                for position in followers.indices
                where followers[position].replica.audience == audience {
                    let told = try followers[position].take(
                        response,
                        sequenceNumber: event.sequenceNumber
                    )
                    #expect(told == event)
                }
            }
        }
    }

    @Test func aRollOfSeveralPartsIsCutAsTheLogKeepsIt() throws {
        let session = try Session.voting(members: 500, materials: .serialized)
        let snapshot = session.state.snapshot(for: .members)
        #expect(snapshot.proceedings.pollInProgress?.roll.parts.count == 3)
        var follower = MeetingFollower(audience: .members)
        try follower.take(try response(snapshot), sequenceNumber: snapshot.sequenceNumber)
        #expect(follower.replica == snapshot)
        #expect(follower.replica == session.replica(.members))
    }

    // MARK: - What must not be in the bytes

    @Test(arguments: UInt64(0)..<4)
    func nothingOfTheLogOrOfAnotherAudienceIsInTheBytes(_ run: UInt64) throws {
        var meeting = RandomMeeting(random: Seed.generator(540 + run), materials: .serialized)
        for _ in 0..<400 { _ = meeting.step() }
        let session = meeting.session
        for audience in CabinetModel.Audience.allCases {
            for (event, entry) in zip(session.events[audience] ?? [], session.log) {
                let bytes = FollowMeetingResponse(event).serialized()
                for secret in secrets(of: entry, before: audience) {
                    #expect(!bytes.contains(secret), "\(audience): \(entry)")
                }
            }
        }
    }

    /// Bytes that the event of an entry may not hold.
    private func secrets(
        of entry: Entry,
        before audience: CabinetModel.Audience
    ) -> [[UInt8]] {
        var secrets: [[UInt8]] = []
        if case .principal(_, let key, _) = entry.author { secrets.append(key.bytes) }
        if let key = entry.commandKey { secrets.append(key.bytes) }
        switch entry.body {
        case .ballotCast(let ballot, _), .tieDecided(let ballot):
            secrets += [
                ballot.statementBytes, ballot.signature, ballot.certificate,
                ballot.keyFingerprint.bytes,
            ]
        case .fact(.pollCreated(let id, _, let motion, _)) where audience != .secretariat:
            secrets += [motion.bytes, Array(id.text.utf8)]
        case .fact(.signingKeyRevoked(let id, let key, let reason)) where audience == .display:
            secrets += [Array(id.text.utf8), key.bytes, Array((reason?.value ?? "").utf8)]
        case .fact(.signingKeyRevoked(_, _, let reason?)) where audience == .members:
            secrets.append(Array(reason.value.utf8))
        case .fact(.participantsAdmitted(let participants)) where audience == .display:
            secrets += participants.flatMap { $0.membership?.keys.fingerprints ?? [] }
                .map(\.bytes)
        default:
            break
        }
        return secrets
    }

    @Test func aSnapshotHoldsNothingOfAnotherAudience() throws {
        var session = try Session.open(materials: .serialized)
        try session.draft("hidden-draft")
        let key = KeyFingerprint.named("m2").bytes
        let draft = Array("hidden-draft".utf8)
        let expected: [(CabinetModel.Audience, hasKey: Bool, hasDraft: Bool)] = [
            (.secretariat, true, true), (.members, true, false), (.display, false, false),
        ]
        for (audience, hasKey, hasDraft) in expected {
            let replica = session.state.snapshot(for: audience)
            let bytes = try #require(FollowMeetingResponse(replica)).serialized()
            #expect(bytes.contains(key) == hasKey)
            #expect(bytes.contains(draft) == hasDraft)
        }
    }

    @Test func aHiddenTallyIsNotInASnapshot() throws {
        for visibility in CabinetModel.Visibility.allCases {
            var session = try Session.voting(
                rule: try PollRule(visibility: visibility),
                materials: .serialized
            )
            try session.cast("m2", .no)
            let replica = session.state.snapshot(for: .members)
            let snapshot = try #require(MeetingSnapshot(replica))
            let verdict = try #require(snapshot.polls[0].verdict)
            #expect(verdict.outcome == .pending)
            #expect((verdict.tally == nil) == (visibility == .nothing))
            #expect((verdict.threshold == nil) == (visibility == .nothing))
            let marks = snapshot.pollInProgress?.rollCall?.marks
            switch visibility {
            case .named: #expect(marks == [.notVoted, .no, .notVoted, .notVoted, .notVoted])
            case .counts: #expect(marks == nil)
            case .nothing: #expect(marks == [.notVoted, .voted, .notVoted, .notVoted, .notVoted])
            }
        }
    }

    // MARK: - What a client does not take

    @Test func aFollowerNoticesAGap() throws {
        let session = try Session.open(materials: .serialized)
        let events = try #require(session.events[.members])
        var follower = MeetingFollower(audience: .members)
        try follower.take(try response(events[0]), sequenceNumber: 1)
        let before = follower.replica
        #expect(throws: FollowError.gap(expected: 2, found: 3)) {
            try follower.take(try response(events[2]), sequenceNumber: 3)
        }
        #expect(throws: FollowError.unknownContent) {
            try follower.take(FollowMeetingResponse(), sequenceNumber: 2)
        }
        #expect(follower.replica == before)
    }

    @Test func anEventOfALaterVersionTellsNothing() throws {
        let event = try MeetingEvent(
            CabinetAPI.MeetingEvent(timeUnixMs: 1, body: nil),
            sequenceNumber: 3
        )
        #expect(event.body == .redacted)
    }

    @Test func aFollowerNoticesARollThatIsNotTheOneOfTheDigest() throws {
        let session = try Session.voting(materials: .serialized)
        let events = try #require(session.events[.members])
        var follower = MeetingFollower(audience: .members)
        for event in events {
            var sent = event
            if case .fact(.rollFrozen(let id, let part, let count, _)) = event.body {
                let roll = try Roll([RollVoter("m2", weight: 1_000)])
                let forged = try FrozenRoll(freezing: roll).parts[0]
                sent = MeetingEvent(
                    sequenceNumber: event.sequenceNumber,
                    time: event.time,
                    body: .fact(.rollFrozen(id, part: part, partCount: count, forged))
                )
            }
            guard case .fact(.pollOpened) = event.body else {
                try follower.take(try response(sent), sequenceNumber: sent.sequenceNumber)
                continue
            }
            do throws(FollowError) {
                try follower.take(FollowMeetingResponse(sent), sequenceNumber: sent.sequenceNumber)
                Issue.record("accepted")
            } catch {
                guard case .outOfOrder = error else {
                    Issue.record("\(error)")
                    return
                }
            }
            return
        }
    }
}
