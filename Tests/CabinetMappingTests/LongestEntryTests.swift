import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

/// No command leads to an entry, or to an event, that is longer than the schema says: a meeting in
/// which everything has the longest value that is legal.
@Suite struct LongestEntryTests {
    /// The identifier of a member, as long as it can be.
    private static func id<Subject>(_ number: Int) -> Identifier<Subject> {
        let digits = String(number)
        return try! Identifier(text(64 - digits.utf8.count) + digits)
    }

    private static func document(_ number: Int) -> CabinetModel.DocumentReference {
        try! DocumentReference(
            title: DocumentTitle(text(256)),
            digest: .standIn("document \(number)"),
            mediaType: MediaType(text(64)),
            sizeBytes: .max
        )
    }

    private static func participant(_ number: Int) -> CabinetModel.Participant {
        try! Participant(
            id(number),
            displayName: DisplayName(text(128)),
            office: Office(text(256)),
            roles: number == 1
                ? [.member, .chair, .secretary, .display] : [.member, .secretary, .display],
            weight: 1_000,
            keys: SigningKeys((0..<4).map { .named("\(number) \($0)") })
        )
    }

    private static let rule = try! PollRule(
        quorum: Fraction(0, 1_000),
        thresholdBase: .yesAndNo,
        threshold: Fraction(999, 1_000),
        comparison: .moreThan,
        tie: .chairDecides,
        isRevocable: true,
        visibility: .named
    )

    private static let motion = try! CabinetModel.Motion(
        bytes: [UInt8](repeating: 7, count: 8_192),
        digest: .standIn("motion")
    )

    /// The materials of ballots whose parts are as long as they can be.
    private static let materials = Materials(
        motion: { _ in motion },
        roll: { try! FrozenRoll(freezing: $0) },
        ballot: { statement, key in
            try! VerifiedBallot(
                statement: statement,
                statementBytes: [UInt8](repeating: 1, count: 512),
                signature: [UInt8](repeating: 2, count: 512),
                algorithm: .ed25519,
                keyFingerprint: key,
                certificate: [UInt8](repeating: 3, count: 4_096)
            )
        }
    )

    /// A session of 600 members that has come to everything that a log can hold.
    private func session() throws -> Session {
        var session = Session(materials: Self.materials)
        // The last milliseconds that there are: times take all their bytes.
        session.clock = Int64.max - 1_000
        let chair: PrincipalID = Self.id(1)
        try session.run(
            .scheduleMeeting(
                ScheduleMeeting(
                    log: LogOpened(
                        meeting: Self.id(0),
                        origin: LogOrigin(text(255)),
                        publicKey: LogPublicKey(Digest.standIn("key").bytes),
                        epoch: Epoch(.max)
                    ),
                    title: Title(text(512)),
                    scheduled: .at(.max),
                    defaultRule: Self.rule,
                    secretaryName: DisplayName(text(128)),
                    secretaryOffice: Office(text(256))
                )
            ),
            by: session.caller(chair, key: .numbered(1), directory: [.secretary])
        )
        try session.run(.admitParticipants((1...600).map(Self.participant)), by: chair)
        for number in 1...600 {
            try session.run(.checkIn(nil, from: .remote), by: Self.id(number))
        }
        try session.run(
            .setAgendaItem(
                SetAgendaItem(
                    Self.id(1),
                    title: Title(text(512)),
                    reportingOffice: Office(text(256)),
                    documents: (1...16).map(Self.document),
                    state: .deferred
                )
            ),
            by: chair
        )
        try session.run(.openMeeting, by: chair)
        try session.run(.moveToAgendaItem(Self.id(1), leaving: .deferred), by: chair)
        try poll(&session, Self.id(1), by: chair)
        try session.run(.recordLeave(Self.id(600)), by: chair)
        try session.run(
            .revokeSigningKey(
                Self.id(2),
                .named("2 0"),
                reason: RevocationReason(text(256))
            ),
            by: .server
        )
        try session.run(.restoreLog(Epoch(.max - 1), reason: Explanation(text(512))), by: .server)
        return session
    }

    private func poll(
        _ session: inout Session,
        _ id: PollID,
        by chair: PrincipalID
    ) throws {
        for poll in [id, Self.id(2)] {
            try session.run(
                .createPoll(CreatePoll(poll, agendaItem: Self.id(1), motion: Self.motion)),
                by: chair
            )
        }
        try session.run(.voidPoll(Self.id(2), reason: Explanation(text(512))), by: chair)
        try session.run(session.openPollCommand(id, duration: 86_400_000), by: chair)
        let keys = [chair, Self.id(2), Self.id(600)]
        for (offset, member) in keys.enumerated() {
            let ballot = session.ballot(
                member,
                .vote(offset == 1 ? .yes : .abstain, 1),
                id: offset,
                poll: id,
                meeting: Self.id(0),
                key: .named("\([1, 2, 600][offset]) 0")
            )
            try session.run(
                .castBallot(ballot),
                by: session.caller(member, key: CommandKey(ballot.statement.ballot))
            )
        }
        try session.run(.checkOut(nil), by: Self.id(600))
        try session.run(.holdPoll(id), by: chair)
        try session.run(.closePoll(id), by: chair)
    }

    @Test func noEntryIsLongerThanItMayBe() throws {
        let session = try session()
        var coding = EntryCoding()
        var longest: [String: Int] = [:]
        for entry in session.log {
            let byteCount = try coding.serialize(entry).count
            let kind = Mirror(reflecting: try #require(LedgerEntry(entry).body)).children.first
            let name = kind?.label ?? ""
            longest[name] = max(longest[name] ?? 0, byteCount)
        }
        #expect(longest.values.allSatisfy { $0 <= EntryCoding.maximumBytes }, "\(longest)")
        // The kinds that come near the limit have been there.
        for kind in ["participantsAdmitted", "rollFrozen", "pollCreated", "pollOpened"] {
            #expect(longest[kind] ?? 0 > 8_192, "\(kind)")
        }
        #expect(longest.count >= 18)
    }

    @Test func noEventIsLongerThanItMayBe() throws {
        let session = try session()
        for audience in CabinetModel.Audience.allCases {
            for event in session.events[audience] ?? [] {
                #expect(FollowMeetingResponse(event).serialized().count <= 12_288)
            }
        }
    }

    /// Items and polls are added until the meeting refuses more; then one of the polls opens.
    @Test func noSnapshotIsLongerThanItMayBe() throws {
        var session = try session()
        let chair: PrincipalID = Self.id(1)
        var count = 2
        var rejection: Rejection?
        while rejection == nil {
            count += 1
            let poll = CreatePoll(Self.id(count), agendaItem: Self.id(1), motion: Self.motion)
            do throws(Rejection) {
                try session.run(.createPoll(poll), by: chair)
            } catch {
                rejection = error
            }
        }
        #expect(rejection == .limitReached(.snapshotBytes, maximum: 1_048_576))
        try session.run(session.openPollCommand(Self.id(3)), by: chair)
        let replica = session.state.snapshot(for: .secretariat)
        let byteCount = try #require(FollowMeetingResponse(replica)).serialized().count
        #expect(byteCount <= 1_048_576)
        #expect(byteCount > 900_000)
    }

    @Test func theLongestStatementStaysWithinItsBound() throws {
        let statement = CabinetModel.BallotStatement(
            ballot: .numbered(1),
            meeting: Self.id(1),
            poll: Self.id(1),
            member: Self.id(1),
            purpose: .vote(.abstain, 4_294_967_295),
            motionDigest: .standIn("motion"),
            rollDigest: .standIn("roll")
        )
        #expect(UnsignedBallot(statement).statementBytes.count <= 512)
    }

    @Test func theLongestMotionOfARequestFitsIntoAnEntry() throws {
        let message = CabinetAPI.Motion(
            text: text(4_096),
            documents: (1...8).map { number in
                CabinetAPI.DocumentReference(
                    title: text(256),
                    digest: Digest.standIn("\(number)").bytes,
                    mediaType: text(64),
                    sizeBytes: .max
                )
            }
        )
        #expect(try Motion(serializing: message).bytes.count <= 8_192)
    }
}
