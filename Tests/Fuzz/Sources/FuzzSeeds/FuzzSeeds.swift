internal import CabinetAPI
internal import CabinetCodec
internal import CabinetRPC
internal import Foundation
internal import FuzzInput

/// Writes the seeds of the decoding target into a folder, one file for each message.
@main
struct FuzzSeeds {
    static func main() throws {
        guard CommandLine.arguments.count == 2 else {
            FileHandle.standardError.write(Data("usage: FuzzSeeds FOLDER\n".utf8))
            exit(64)
        }
        let folder = URL(fileURLWithPath: CommandLine.arguments[1], isDirectory: true)
        for (name, input) in Seeds.all {
            try Data(input).write(to: folder.appendingPathComponent(name))
        }
    }
}

/// Valid messages that between them have every kind of field: a fuzzer that mutates them starts
/// behind the tags that it would take long to guess.
private enum Seeds {
    static let all: [(name: String, input: [UInt8])] = [
        ("hello", FuzzInput.input(hello)),
        ("metadata", FuzzInput.input(metadata)),
        ("status", FuzzInput.input(status)),
        (
            "go-away",
            FuzzInput.input(GoAway(reason: .drain, graceMs: 5000, reconnectAfterMs: 250))
        ),
        ("fraction", FuzzInput.input(Fraction(numerator: 2, denominator: 3))),
        ("document", FuzzInput.input(document)),
        ("commit", FuzzInput.input(commit)),
        ("receipt", FuzzInput.input(receipt)),
        ("principal", FuzzInput.input(principal)),
        ("participant", FuzzInput.input(participant)),
        ("list-principals", FuzzInput.input(ListPrincipalsResponse(principals: [principal]))),
        ("motion", FuzzInput.input(motion)),
        ("rule", FuzzInput.input(rule)),
        ("roll", FuzzInput.input(roll)),
        ("roll-call", FuzzInput.input(rollCall)),
        ("statement", FuzzInput.input(statement)),
        ("statement-empty", FuzzInput.input(BallotStatement())),
        ("cast-ballot", FuzzInput.input(CastBallotRequest(ballot: ballot))),
        ("cast-ballot-response", FuzzInput.input(CastBallotResponse(receipt: receipt))),
        ("decide-tie", FuzzInput.input(DecideTieRequest(ballot: ballot))),
        ("verdict", FuzzInput.input(verdict)),
        ("poll", FuzzInput.input(poll)),
        (
            "list-polls",
            FuzzInput.input(ListPollsResponse(polls: [poll, Poll()], nextPageToken: "3"))
        ),
        ("create-poll", FuzzInput.input(createPoll)),
        ("meeting", FuzzInput.input(meeting)),
        ("attendance", FuzzInput.input(attendance)),
        ("agenda-item", FuzzInput.input(agendaItem)),
        (
            "admit",
            FuzzInput.input(
                AdmitParticipantsRequest(
                    meetingID: "m-1",
                    admissions: [Admission(principalID: "a", roles: [.member, .chair], weight: 1)]
                )
            )
        ),
        ("entry-ballot", FuzzInput.input(entry(.ballotCast(BallotCast(ballot: ballot))))),
        (
            "entry-verdict",
            FuzzInput.input(entry(.verdictReached(VerdictReached(verdict: verdict))))
        ),
        ("entry-recess", FuzzInput.input(entry(.recessStarted(RecessStarted())))),
        ("receipt-by-index", FuzzInput.input(GetReceiptRequest(meetingID: "m", entry: .index(7)))),
        (
            "export-log",
            FuzzInput.input(ExportLogResponse(firstIndex: 1, entries: [[1], [], [2, 3]]))
        ),
        ("event-redacted", FuzzInput.input(event(.redacted(Redacted())))),
        ("event-agenda", FuzzInput.input(event(.agendaItemSet(AgendaItemSet(item: agendaItem))))),
        ("snapshot", FuzzInput.input(snapshot)),
        ("follow-meeting", FuzzInput.input(FollowMeetingResponse(content: .snapshot(snapshot)))),
        (
            "presence",
            FuzzInput.input(
                PresenceChange(
                    changes: [
                        Presence(principalID: "a", devices: [.seatTablet, .unrecognized(99)])
                    ]
                )
            )
        ),
        ("empty", FuzzInput.input(GetSelfRequest())),
    ]

    private static let digest = [UInt8](repeating: 0xd1, count: 32)

    private static let hello = Hello(
        versions: [1, 2, 300],
        limits: Limits(maxCalls: 64, maxFrameBytes: 65_536, initialCreditBytes: 65_536),
        pingIntervalMs: 15_000,
        schemaHash: digest,
        agent: "tablet/1.0"
    )
    private static let metadata = Metadata(
        entries: [MetadataEntry(name: "trace", value: [0, 255]), MetadataEntry(name: "empty")]
    )
    private static let status = Status(
        code: .failedPrecondition,
        message: "cuộc biểu quyết chưa mở",
        details: [
            StatusDetail(
                reason: "POLL_NOT_OPEN",
                domain: "cabinet.v1",
                attributes: [StatusAttribute(name: "state", value: "HELD")],
                payload: [8, 1]
            )
        ]
    )
    private static let document = DocumentReference(
        title: "Tờ trình số 12/TTr",
        digest: digest,
        mediaType: "application/pdf",
        sizeBytes: .max
    )
    private static let commit = Commit(
        firstIndex: 1 << 40,
        entryCount: 2,
        timeUnixMs: -1
    )
    private static let receipt = Receipt(
        index: 3,
        entry: [UInt8](repeating: 7, count: 200),
        inclusionHashes: [digest, digest],
        checkpoint: Checkpoint(note: Array("origin\n4\nroot\n\n— key sig\n".utf8))
    )
    private static let principal = Principal(
        principalID: "bo-truong-y-te",
        displayName: "Nguyễn Văn An",
        office: "Bộ trưởng Bộ Y tế",
        roles: [.member, .unrecognized(-1)],
        certificates: [Certificate(fingerprint: digest, use: .signing, deviceKind: .phone)],
        suspended: true,
        revision: 4
    )
    private static let participant = Participant(
        principalID: "bo-truong-y-te",
        displayName: "Nguyễn Văn An",
        office: "Bộ trưởng Bộ Y tế",
        roles: [.member, .chair],
        weight: 1,
        keyFingerprints: [digest, digest]
    )
    private static let motion = Motion(text: "Thông qua\nnghị quyết", documents: [document])
    private static let rule = PollRule(
        quorum: Fraction(numerator: 2, denominator: 3),
        quorumIncludesRemote: true,
        thresholdBase: .allMembers,
        threshold: Fraction(numerator: 1, denominator: 2),
        comparison: .moreThan,
        tie: .chairDecides,
        visibility: .counts
    )
    private static let roll = Roll(
        voters: [RollVoter(memberID: "a", weight: 1, keyFingerprints: [digest]), RollVoter()]
    )
    private static let rollCall = RollCall(
        marks: [.yes, .no, .notVoted],
        places: [.room, .remote]
    )
    private static let statement = BallotStatement(
        ballotID: [UInt8](repeating: 9, count: 16),
        meetingID: "m-1",
        pollID: "p-1",
        memberID: "a",
        purpose: .vote,
        choice: .yes,
        motionDigest: digest,
        rollDigest: digest,
        revision: 1
    )
    private static let ballot = SignedBallot(
        statement: statement.serialized(),
        signature: [UInt8](repeating: 0x30, count: 71),
        algorithm: .ecdsaP256Sha256,
        keyFingerprint: digest,
        certificate: [UInt8](repeating: 0x82, count: 300)
    )
    private static let verdict = Verdict(
        outcome: .carried,
        ground: .thresholdReached,
        tally: Tally(
            yes: ChoiceCount(roomMembers: 14, remoteMembers: 3, roomWeight: 14, remoteWeight: 3),
            no: ChoiceCount(roomMembers: 1, roomWeight: 1),
            abstain: ChoiceCount(),
            notVotedMembers: 9
        ),
        quorum: QuorumCount(allMembers: 27, countedMembers: 18, marginMembers: -3),
        threshold: ThresholdCount(baseWeight: 27, neededWeight: 14, yesWeight: 17),
        rule: rule
    )
    private static let poll = Poll(
        pollID: "p-1",
        agendaItemID: "i-1",
        state: .decided,
        motion: motion.serialized(),
        motionDigest: digest,
        rule: rule,
        openedUnixMs: 1_751_335_200_000,
        closeCause: .timer,
        verdict: verdict,
        voidReason: "nhầm",
        chairID: "a"
    )
    private static let createPoll = CreatePollRequest(
        meetingID: "m-1",
        pollID: "p-2",
        agendaItemID: "i-1",
        motion: motion,
        rule: rule
    )
    private static let meeting = Meeting(
        meetingID: "m-1",
        title: "Phiên họp thường kỳ",
        state: .open,
        scheduledUnixMs: 1_751_335_200_000,
        defaultRule: rule,
        currentAgendaItemID: "i-1"
    )
    private static let attendance = Attendance(
        participant: participant,
        state: .inRoom,
        changedUnixMs: 1_751_335_200_001
    )
    private static let agendaItem = AgendaItem(
        agendaItemID: "i-1",
        title: "Dự án luật",
        reportingOffice: "Bộ Tư pháp",
        documents: [document, document],
        state: .discussing
    )
    private static let snapshot = MeetingSnapshot(
        meeting: meeting,
        participants: [attendance, attendance],
        agenda: [agendaItem],
        polls: [poll],
        pollInProgress: PollInProgress(
            pollID: "p-1",
            roll: roll.serialized(),
            rollCall: rollCall
        ),
        log: LogOpened(formatVersion: 1, meetingID: "m-1", logPublicKey: digest, epoch: 1)
    )

    private static func entry(_ body: LedgerEntry.Body) -> LedgerEntry {
        LedgerEntry(
            index: 5,
            timeUnixMs: 1_751_335_200_000,
            actor: Actor(principalID: "a", transportKeyFingerprint: digest, role: .member),
            commandKey: [1, 2, 3],
            body: body
        )
    }

    private static func event(_ body: MeetingEvent.Body) -> MeetingEvent {
        MeetingEvent(timeUnixMs: 1_751_335_200_000, body: body)
    }
}
