import CabinetAPI
import CabinetMapping
import CabinetModel
import LogTestSupport
import ModelTestSupport

/// Bodies of every kind, with what is optional there and not there.
let sampleBodies: [EntryBody] = [
    .fact(.logOpened(.of("meeting"))),
    .fact(.logRestored(try! Epoch(.max), reason: "Đĩa hỏng")),
    .fact(.meetingScheduled(title: "Phiên họp", scheduled: .at(1), defaultRule: sampleRule)),
    .fact(.meetingOpened(quorum: sampleQuorum)),
    .fact(.recessStarted),
    .fact(.meetingResumed),
    .fact(.meetingAdjourned),
    .fact(
        .participantsAdmitted([
            .member("m1", weight: 1_000, isChair: true),
            .of([.secretary, .display], "s"), .of([.guest], "g"),
        ])
    ),
    .fact(.participantRemoved("m1")),
    .fact(.signingKeyRevoked("m1", .named("m1"), reason: "mất thẻ")),
    .fact(.agendaItemSet(sampleItem, position: 3)),
    .fact(.agendaItemSet(try! AgendaItem("plain", title: "Plain"), position: 0)),
    .fact(.agendaItemRemoved("item")),
    .fact(.currentItemChanged("item", leaving: .deferred)),
    .fact(.currentItemChanged(nil, leaving: .decided)),
    .fact(.currentItemChanged("item", leaving: nil)),
    .fact(.checkedIn("m1", from: .room)),
    .fact(.checkedIn("m1", from: .remote)),
    .fact(.checkedOut("m1")),
    .fact(.leaveRecorded("m1")),
    .fact(.absenceRecorded("m1")),
    .fact(.pollCreated("poll", agendaItem: "item", motion: sampleMotion, rule: sampleRule)),
    .fact(.rollFrozen("poll", part: 0, partCount: 1, sampleRoll.parts[0])),
    .fact(.pollOpened(sampleOpening(closesAt: nil))),
    .fact(.pollOpened(sampleOpening(closesAt: .at(77)))),
    .fact(.pollHeld("poll", remainingMilliseconds: nil)),
    .fact(.pollHeld("poll", remainingMilliseconds: 5)),
    .fact(.pollResumed("poll", closesAt: nil)),
    .fact(.pollResumed("poll", closesAt: .at(9))),
    .fact(.pollClosed("poll", .order)),
    .fact(.pollClosed("poll", .timer)),
    .fact(.pollVoided("poll", reason: "wrong")),
    .ballotCast(sampleBallot(.vote(.abstain, 7)), from: .remote),
    .tieDecided(sampleBallot(.tie(.no))),
    .verdictReached("poll", sampleVerdict(.quorumNotMet)),
    .verdictReached("poll", sampleVerdict(.thresholdReached)),
    .verdictReached("poll", sampleVerdict(.tieChairBallot(.yes))),
    .verdictReached("poll", sampleVerdict(.tieChairChoice(.no))),
    .verdictReached("poll", sampleVerdict(.tieFailed)),
    .verdictReached("poll", sampleVerdict(.thresholdNotReached)),
]

let sampleRule = try! PollRule(
    quorum: Fraction(0, 1),
    quorumIncludesRemote: false,
    thresholdBase: .yesAndNo,
    threshold: Fraction(999, 1_000),
    comparison: .atLeast,
    tie: .fails,
    isRevocable: true,
    visibility: .nothing
)

let sampleQuorum = QuorumCount(
    allMembers: 27,
    roomMembers: 1,
    remoteMembers: 2,
    countedMembers: 3,
    neededMembers: 18
)

let sampleItem = try! AgendaItem(
    "item",
    title: "Dự thảo nghị quyết",
    reportingOffice: "Bộ Tư pháp",
    documents: [
        try! DocumentReference(
            title: "Tờ trình",
            digest: .standIn("document"),
            mediaType: "application/pdf",
            sizeBytes: .max
        )
    ],
    state: .discussing
)

let sampleMotion = try! CabinetModel.Motion(
    serializing: CabinetAPI.Motion(text: "Thông qua Nghị quyết.\nĐiều 1.")
)

let sampleRoll = try! FrozenRoll(
    freezing: Roll([
        RollVoter("m1", weight: 2, keys: try! SigningKeys([.named("a"), .named("b")])),
        RollVoter("m2"),
    ])
)

func sampleOpening(closesAt: Moment?) -> CabinetModel.PollOpened {
    PollOpened(
        poll: "poll",
        agendaItem: "item",
        motion: sampleMotion,
        rule: .governmentDefault,
        rollDigest: sampleRoll.digest,
        roll: sampleRoll.roll.total,
        chair: "m1",
        closesAt: closesAt
    )
}

func sampleBallot(_ purpose: CabinetModel.BallotStatement.Purpose) -> VerifiedBallot {
    Materials.serialized.ballot(
        BallotStatement(
            ballot: .numbered(1),
            meeting: "meeting",
            poll: "poll",
            member: "m1",
            purpose: purpose,
            motionDigest: sampleMotion.digest,
            rollDigest: sampleRoll.digest
        ),
        .named("m1")
    )
}

func sampleVerdict(_ ground: CabinetModel.VerdictGround) -> CabinetModel.Verdict {
    Verdict(
        ground: ground,
        tally: sampleTally,
        quorum: sampleQuorum,
        threshold: ThresholdCount(baseWeight: 27, neededWeight: 14, yesWeight: 13),
        rule: sampleRule
    )
}

let sampleTally = Tally(
    yes: ChoiceCount(
        room: HeadCount(members: 1, weight: 2),
        remote: HeadCount(members: 3, weight: 4)
    ),
    no: ChoiceCount(
        room: HeadCount(members: 5, weight: 6),
        remote: HeadCount(members: 7, weight: 8)
    ),
    abstain: .zero,
    notVoted: HeadCount(members: 9, weight: 10)
)

/// An entry with this body, as a principal, or the server, would have caused it.
func sampleEntry(_ body: EntryBody, at index: UInt64 = 5) -> Entry {
    switch body {
    case .ballotCast(let ballot, _), .tieDecided(let ballot):
        Entry(
            index: index,
            time: .at(1_561_341_600_000),
            author: .principal("tablet-7", transportKey: .named("tablet"), role: nil),
            commandKey: CommandKey(ballot.statement.ballot),
            body: body
        )
    case .verdictReached, .fact(.logRestored):
        Entry(index: index, time: .at(1), author: .server, commandKey: nil, body: body)
    case .fact:
        Entry(
            index: index,
            time: .at(1_561_341_600_000),
            author: .principal("s", transportKey: .named("tablet"), role: .secretary),
            commandKey: .numbered(4),
            body: body
        )
    }
}
