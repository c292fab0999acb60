import BallotTestSupport
import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetMapping
import CabinetModel
import CabinetRPC
import ModelTestSupport
import Testing

@Suite struct CommandMappingTests {
    /// One request of every keyed method, and the command that it is.
    private static let commands:
        [(method: String, command: @Sendable () throws -> MeetingCommand, expected: Command)] = [
            (
                "ScheduleMeeting",
                { try MeetingCommand(validSchedule, log: newLog, caller: directory("s")!) },
                .scheduleMeeting(
                    ScheduleMeeting(
                        log: .of("meeting"),
                        title: "Phiên họp",
                        scheduled: .at(5),
                        defaultRule: nil,
                        secretaryName: "Thư ký",
                        secretaryOffice: "Văn phòng"
                    )
                )
            ),
            (
                "AdmitParticipants",
                { try MeetingCommand(validAdmission, directory: directory) },
                .admitParticipants([
                    try! Participant(
                        "m1",
                        displayName: "Thành viên",
                        roles: [.member, .chair],
                        weight: 3,
                        keys: SigningKeys([.named("m1")])
                    ),
                    try! Participant(
                        "s",
                        displayName: "Thư ký",
                        office: "Văn phòng",
                        roles: [.secretary]
                    ),
                ])
            ),
            (
                "RemoveParticipant",
                {
                    try MeetingCommand(
                        RemoveParticipantRequest(meetingID: "meeting", principalID: "m1")
                    )
                },
                .removeParticipant("m1")
            ),
            (
                "OpenMeeting",
                { try MeetingCommand(OpenMeetingRequest(meetingID: "meeting")) },
                .openMeeting
            ),
            (
                "StartRecess",
                { try MeetingCommand(StartRecessRequest(meetingID: "meeting")) },
                .startRecess
            ),
            (
                "ResumeMeeting",
                { try MeetingCommand(ResumeMeetingRequest(meetingID: "meeting")) },
                .resumeMeeting
            ),
            (
                "AdjournMeeting",
                { try MeetingCommand(AdjournMeetingRequest(meetingID: "meeting")) },
                .adjournMeeting
            ),
            (
                "SetAgendaItem",
                { try MeetingCommand(validItem) },
                .setAgendaItem(
                    SetAgendaItem(
                        "item",
                        title: "Dự thảo nghị quyết",
                        reportingOffice: "Bộ Tư pháp",
                        documents: sampleItem.documents,
                        state: .deferred,
                        position: 2
                    )
                )
            ),
            (
                "RemoveAgendaItem",
                {
                    try MeetingCommand(
                        RemoveAgendaItemRequest(meetingID: "meeting", agendaItemID: "item")
                    )
                },
                .removeAgendaItem("item")
            ),
            (
                "MoveToAgendaItem",
                {
                    try MeetingCommand(
                        MoveToAgendaItemRequest(
                            meetingID: "meeting",
                            agendaItemID: "item",
                            previousItemState: .decided
                        )
                    )
                },
                .moveToAgendaItem("item", leaving: .decided)
            ),
            (
                "CheckIn",
                {
                    try MeetingCommand(
                        CheckInRequest(meetingID: "meeting", principalID: "m1", place: .remote)
                    )
                },
                .checkIn("m1", from: .remote)
            ),
            (
                "CheckOut",
                { try MeetingCommand(CheckOutRequest(meetingID: "meeting")) },
                .checkOut(nil)
            ),
            (
                "RecordLeave",
                {
                    try MeetingCommand(
                        RecordLeaveRequest(meetingID: "meeting", principalID: "m1")
                    )
                },
                .recordLeave("m1")
            ),
            (
                "RecordAbsence",
                {
                    try MeetingCommand(
                        RecordAbsenceRequest(meetingID: "meeting", principalID: "m1")
                    )
                },
                .recordAbsence("m1")
            ),
            (
                "CreatePoll",
                { try MeetingCommand(validPoll) },
                .createPoll(
                    CreatePoll(
                        "poll",
                        agendaItem: "item",
                        motion: sampleMotion,
                        rule: .governmentDefault
                    )
                )
            ),
            (
                "OpenPoll",
                {
                    try MeetingCommand(
                        OpenPollRequest(meetingID: "meeting", pollID: "poll", durationMs: 1_000)
                    )
                },
                .openPoll(
                    "poll",
                    roll: nil,
                    duration: try! PollDuration(milliseconds: 1_000)
                )
            ),
            (
                "HoldPoll",
                { try MeetingCommand(HoldPollRequest(meetingID: "meeting", pollID: "poll")) },
                .holdPoll("poll")
            ),
            (
                "ResumePoll",
                { try MeetingCommand(ResumePollRequest(meetingID: "meeting", pollID: "poll")) },
                .resumePoll("poll")
            ),
            (
                "ClosePoll",
                { try MeetingCommand(ClosePollRequest(meetingID: "meeting", pollID: "poll")) },
                .closePoll("poll")
            ),
            (
                "VoidPoll",
                {
                    try MeetingCommand(
                        VoidPollRequest(meetingID: "meeting", pollID: "poll", reason: "sai")
                    )
                },
                .voidPoll("poll", reason: "sai")
            ),
            (
                "CastBallot",
                {
                    try MeetingCommand(
                        CastBallotRequest(ballot: signed(.vote(.yes, 1))),
                        commandKey: CommandKey(.numbered(1))
                    )
                },
                .castBallot(verified(.vote(.yes, 1)))
            ),
            (
                "DecideTie",
                {
                    try MeetingCommand(
                        DecideTieRequest(ballot: signed(.tie(.no))),
                        commandKey: CommandKey(.numbered(1))
                    )
                },
                .decideTie(verified(.tie(.no)))
            ),
        ]

    @Test func eachRequestIsItsCommand() throws {
        for (method, command, expected) in Self.commands {
            let mapped = try command()
            #expect(mapped.meeting == "meeting")
            #expect(mapped.command == expected, "\(method)")
        }
    }

    @Test func thereIsACommandForEveryKeyedMethod() {
        let keyed = CabinetSchema.methods.filter {
            $0.idempotency == .keyed
                && ($0.name.contains("MeetingService") || $0.name.contains("VotingService"))
        }
        let names = keyed.compactMap { $0.name.split { "/.".contains($0) }.last.map(String.init) }
        #expect(Set(names) == Set(Self.commands.map(\.method)))
        #expect(Self.commands.count == 22)
    }

    // MARK: - What is left out

    @Test func whatIsLeftOutHasItsMeaning() throws {
        #expect(
            try MeetingCommand(OpenPollRequest(meetingID: "meeting", pollID: "poll")).command
                == .openPoll("poll", roll: nil, duration: nil)
        )
        var poll = validPoll
        poll.rule = nil
        guard case .createPoll(let created) = try MeetingCommand(poll).command else { return }
        #expect(created.rule == nil)
        #expect(
            try MeetingCommand(CheckInRequest(meetingID: "meeting", place: .room)).command
                == .checkIn(nil, from: .room)
        )
        var item = validItem
        item.item?.state = .unspecified
        item.item?.reportingOffice = ""
        guard case .setAgendaItem(let set) = try MeetingCommand(item).command else { return }
        #expect(set.state == .keep)
        #expect(set.reportingOffice == nil)
    }

    /// It is ignored where there is no item to leave; where there is one, the meeting wants a state.
    @Test(arguments: [
        CabinetAPI.AgendaItemState.unspecified, .discussing, .unrecognized(9),
    ])
    func aStateThatNoItemCanBeLeftInIsNone(_ state: CabinetAPI.AgendaItemState) throws {
        let request = MoveToAgendaItemRequest(meetingID: "meeting", previousItemState: state)
        #expect(try MeetingCommand(request).command == .moveToAgendaItem(nil, leaving: nil))
    }

    // MARK: - The roll

    @Test func theRollOfAPollIsAddedWhereItIsDecided() throws {
        var session = try Session.open()
        try session.draft("poll")
        let command = Command.openPoll("poll", roll: nil, duration: nil).withRoll(of: session.state)
        guard case .openPoll("poll", let roll?, nil) = command else {
            Issue.record("no roll")
            return
        }
        #expect(roll.roll == session.state.rollOfMembers)
        #expect(session.rejection(of: command, by: "m1") == nil)
        #expect(Command.openMeeting.withRoll(of: session.state) == .openMeeting)
    }
}

// MARK: - Requests that are right

let validSchedule = ScheduleMeetingRequest(
    meetingID: "meeting",
    title: "Phiên họp",
    scheduledUnixMs: 5
)

let newLog: NewLog = {
    let log = CabinetModel.LogOpened.of("meeting")
    return NewLog(origin: log.origin, publicKey: log.publicKey, epoch: log.epoch)
}()

let validAdmission = AdmitParticipantsRequest(
    meetingID: "meeting",
    admissions: [
        Admission(principalID: "m1", roles: [.member, .chair], weight: 3),
        Admission(principalID: "s", roles: [.secretary]),
    ]
)

let validItem = SetAgendaItemRequest(
    meetingID: "meeting",
    item: CabinetAPI.AgendaItem(
        agendaItemID: "item",
        title: "Dự thảo nghị quyết",
        reportingOffice: "Bộ Tư pháp",
        documents: [
            CabinetAPI.DocumentReference(
                title: "Tờ trình",
                digest: Digest.standIn("document").bytes,
                mediaType: "application/pdf",
                sizeBytes: .max
            )
        ],
        state: .deferred
    ),
    position: 2
)

let validPoll = CreatePollRequest(
    meetingID: "meeting",
    pollID: "poll",
    agendaItemID: "item",
    motion: CabinetAPI.Motion(text: "Thông qua Nghị quyết.\nĐiều 1."),
    rule: validRule
)

let validRule = CabinetAPI.PollRule(
    quorum: CabinetAPI.Fraction(numerator: 2, denominator: 3),
    quorumIncludesRemote: true,
    thresholdBase: .allMembers,
    threshold: CabinetAPI.Fraction(numerator: 1, denominator: 2),
    comparison: .moreThan,
    tie: .chairDecides,
    revocable: false,
    visibility: .counts
)

/// A directory of a member and a secretary.
func directory(_ id: PrincipalID) -> DirectoryFacts? {
    switch id {
    case "m1":
        DirectoryFacts(
            displayName: "Thành viên",
            roles: [.member, .chair],
            signingKeys: try! SigningKeys([.named("m1")])
        )
    case "s":
        DirectoryFacts(
            displayName: "Thư ký",
            office: "Văn phòng",
            roles: [.secretary],
            signingKeys: try! SigningKeys([.named("s")])
        )
    default:
        nil
    }
}

/// A signature in ECDSA is another one each time: the ballots of this file are signed once.
private func signed(_ purpose: CabinetModel.BallotStatement.Purpose) -> SignedBallot {
    if case .vote = purpose { signedVote } else { signedTie }
}

private func verified(_ purpose: CabinetModel.BallotStatement.Purpose) -> VerifiedBallot {
    let ballot = signed(purpose)
    return try! VerifiedBallot(
        verifying: ballot,
        as: purpose.message,
        commandKey: CommandKey(.numbered(1))
    )
}

private let signedVote = sign(.vote(.yes, 1))
private let signedTie = sign(.tie(.no))

private func sign(_ purpose: CabinetModel.BallotStatement.Purpose) -> SignedBallot {
    let ballot = UnsignedBallot(sampleBallot(purpose).statement)
    return ballot.signed(
        with: try! TestKeys.p256.sign(ballot.messageToSign),
        by: TestKeys.p256.publicKey,
        certificate: try! certificate(of: TestKeys.p256)
    )
}
