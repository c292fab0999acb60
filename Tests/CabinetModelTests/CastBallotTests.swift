import CabinetModel
import ModelTestSupport
import Testing

/// A ballot that is refused, and why.
struct RefusedBallot: Sendable, CustomStringConvertible {
    let description: String
    /// Brings a meeting of five, whose poll is open and revocable, to the point.
    let prepare: @Sendable (inout Session) throws -> Void
    let ballot: @Sendable (Session) -> VerifiedBallot
    /// Who carries it.
    var carrier: PrincipalID = "m2"
    /// The call's idempotency key; `nil` is the ballot's id.
    var key: CommandKey?
    let expected: Rejection

    init(
        _ description: String,
        carrier: PrincipalID = "m2",
        key: CommandKey? = nil,
        _ expected: Rejection,
        prepare: @escaping @Sendable (inout Session) throws -> Void = { _ in },
        ballot: @escaping @Sendable (Session) -> VerifiedBallot = {
            $0.ballot("m2", .vote(.yes, 1))
        }
    ) {
        self.description = description
        self.prepare = prepare
        self.ballot = ballot
        self.carrier = carrier
        self.key = key
        self.expected = expected
    }
}

private let revoke: @Sendable (inout Session) throws -> Void = { session in
    try session.run(
        .revokeSigningKey("m2", .named("m2"), reason: "lost"),
        by: session.caller("admin", key: .numbered(-2), directory: [.administrator])
    )
}

private let refusedBallots: [RefusedBallot] = [
    .init("by who takes no part in the meeting", carrier: "stranger", .meetingNotFound),
    .init(
        "for a poll that is not there",
        .pollNotFound,
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), poll: "other")
        }
    ),
    .init(
        "for a draft, which its carrier does not see",
        .pollNotFound,
        prepare: { try $0.draft("other") },
        ballot: { $0.ballot("m2", .vote(.yes, 1), poll: "other") }
    ),
    .init(
        "for a draft, carried by the chair, who sees it",
        carrier: "m1",
        .pollNotOpen(state: .draft),
        prepare: { try $0.draft("other") },
        ballot: { $0.ballot("m2", .vote(.yes, 1), poll: "other") }
    ),
    .init(
        "for a voided draft, which its carrier never saw",
        .pollNotFound,
        prepare: {
            try $0.draft("other")
            try $0.run(.voidPoll("other", reason: "wrong"), by: "secretary")
        },
        ballot: { $0.ballot("m2", .vote(.yes, 1), poll: "other") }
    ),
    .init(
        "for another meeting",
        .statementInvalid(rule: "the meeting is this one"),
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), meeting: "2019-07-01")
        }
    ),
    .init(
        "that is a tie choice",
        .statementInvalid(rule: "the purpose is VOTE"),
        ballot: {
            $0.ballot("m1", .tie(.yes))
        }
    ),
    .init("under another idempotency key", key: .numbered(9), .ballotIDMismatch),
    .init(
        "of who is not on the roll",
        .notOnRoll,
        ballot: {
            $0.ballot("guest", .vote(.yes, 1))
        }
    ),
    .init(
        "of a member who was admitted after the roll was frozen",
        .notOnRoll,
        prepare: {
            try $0.run(.admitParticipants([.member("m9")]), by: "secretary")
            try $0.run(.checkIn(nil, from: .room), by: "m9")
        },
        ballot: { $0.ballot("m9", .vote(.yes, 1)) }
    ),
    .init(
        "signed with a key of nobody",
        .signingKeyNotOnRoll,
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), key: .named("unknown"))
        }
    ),
    .init(
        "signed with the key of another member",
        .signingKeyNotOnRoll,
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), key: .named("m3"))
        }
    ),
    .init(
        "signed with a key that the member got after the roll was frozen",
        .signingKeyNotOnRoll,
        prepare: {
            let renewed = try Participant(
                "m2",
                displayName: "Member",
                roles: [.member],
                keys: SigningKeys([.named("new")])
            )
            try $0.run(.admitParticipants([renewed]), by: "secretary")
        },
        ballot: { $0.ballot("m2", .vote(.yes, 1), key: .named("new")) }
    ),
    .init("signed with a key that was revoked", .signingKeyRevoked, prepare: revoke),
    .init(
        "while the poll is held",
        .pollNotOpen(state: .held),
        prepare: { try $0.run(.holdPoll("poll"), by: "m1") }
    ),
    .init(
        "after the poll has closed with a verdict",
        .pollNotOpen(state: .decided),
        prepare: { try $0.run(.closePoll("poll"), by: "m1") }
    ),
    .init(
        "after the poll has closed without a verdict",
        .pollNotOpen(state: .closed),
        prepare: {
            try $0.cast("m3", .yes)
            try $0.cast("m4", .no)
            try $0.run(.closePoll("poll"), by: "m1")
        }
    ),
    .init(
        "after the poll was voided",
        .pollNotOpen(state: .voided),
        prepare: { try $0.run(.voidPoll("poll", reason: "wrong text"), by: "m1") }
    ),
    .init(
        "when the time is over, and the timer's entry not yet written",
        .pollNotOpen(state: .closed),
        prepare: { $0.clock += 60_000 }
    ),
    .init(
        "of a member who has left",
        .notCheckedIn,
        prepare: { try $0.run(.checkOut(nil), by: "m2") }
    ),
    .init(
        "for another motion",
        .motionDigestMismatch,
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), motion: .standIn("another motion"))
        }
    ),
    .init(
        "for another roll",
        .rollDigestMismatch,
        ballot: {
            $0.ballot("m2", .vote(.yes, 1), roll: .standIn("another roll"))
        }
    ),
    .init(
        "that is the first and says that it is the second",
        .statementInvalid(rule: "the first ballot has the revision 1"),
        ballot: {
            $0.ballot("m2", .vote(.yes, 2))
        }
    ),
    .init(
        "with the revision of the last",
        .revisionStale(last: 1),
        prepare: { try $0.cast("m2", .no) }
    ),
    .init(
        "with a lower revision than the last",
        .revisionStale(last: 7),
        prepare: {
            try $0.cast("m2", .no)
            try $0.cast("m2", .yes, revision: 7)
        },
        ballot: { $0.ballot("m2", .vote(.no, 6)) }
    ),
]

@Suite struct CastBallotTests {
    private func revocable() throws -> Session {
        try .voting(rule: PollRule(isRevocable: true), duration: 60_000)
    }

    @Test(arguments: refusedBallots)
    func aBallotIsRefused(_ line: RefusedBallot) throws {
        var session = try revocable()
        try line.prepare(&session)
        let ballot = line.ballot(session)
        let carrier = session.caller(
            line.carrier,
            key: line.key ?? CommandKey(ballot.statement.ballot)
        )
        #expect(session.rejection(of: .castBallot(ballot), by: carrier) == line.expected)
    }

    @Test func withoutAnythingWrongItIsAccepted() throws {
        let session = try revocable()
        let ballot = session.ballot("m2", .vote(.yes, 1))
        let carrier = session.caller("m2", key: CommandKey(ballot.statement.ballot))
        #expect(session.rejection(of: .castBallot(ballot), by: carrier) == nil)
    }

    @Test func anyParticipantMayCarryIt() throws {
        let session = try revocable()
        let ballot = session.ballot("m2", .vote(.yes, 1))
        for carrier: PrincipalID in ["m1", "m3", "secretary", "guest", "wall"] {
            let caller = session.caller(carrier, key: CommandKey(ballot.statement.ballot))
            #expect(session.rejection(of: .castBallot(ballot), by: caller) == nil)
        }
    }

    @Test func aBallotThatIsNotRevocableIsTheLast() throws {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        #expect(throws: Rejection.ballotNotRevocable) { try session.cast("m2", .no, revision: 2) }
        #expect(session.state.ballotBoxes["poll"]?.ballot(of: "m2")?.vote.choice == .yes)
    }

    @Test func theHighestRevisionCountsAndTheWeightCountsOnce() throws {
        var session = try Session.voting(
            rule: PollRule(isRevocable: true),
            weights: [1, 5]
        )
        try session.cast("m2", .yes)
        try session.cast("m2", .no, revision: 2)
        try session.cast("m2", .abstain, revision: 9)
        let tally = try #require(session.state.ballotBoxes["poll"]?.tally)
        #expect(tally.cast == HeadCount(members: 1, weight: 5))
        #expect(tally.abstain.total.weight == 5)
    }

    @Test func theSameBallotTwiceCountsOnceEvenIfItsKeyIsForgotten() throws {
        for isRevocable in [false, true] {
            var session = try Session.voting(rule: PollRule(isRevocable: isRevocable))
            let ballot = session.ballot("m2", .vote(.yes, 1))
            let carrier = session.caller("m2", key: CommandKey(ballot.statement.ballot))
            try session.run(.castBallot(ballot), by: carrier)
            #expect(
                session.rejection(of: .castBallot(ballot), by: carrier)
                    == (isRevocable ? .revisionStale(last: 1) : .ballotNotRevocable)
            )
        }
    }

    @Test func aBallotKeepsThePlaceThatItWasCastFrom() throws {
        var session = try Session.voting()
        try session.cast("m2", .yes)
        try session.run(.checkIn(nil, from: .remote), by: "m2")
        let tally = try #require(session.state.ballotBoxes["poll"]?.tally)
        #expect(tally.yes.room.members == 1)
        #expect(session.state.scrutiny(of: "poll")?.standing.quorum.remoteMembers == 1)
    }

    @Test func ballotsCastBeforeARevocationStayCounted() throws {
        var session = try revocable()
        try session.cast("m2", .yes)
        try revoke(&session)
        #expect(throws: Rejection.signingKeyRevoked) { try session.cast("m2", .no, revision: 2) }
        #expect(session.state.ballotBoxes["poll"]?.tally.yes.total.members == 1)
    }
}
