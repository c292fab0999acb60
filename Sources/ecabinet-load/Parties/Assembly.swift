import CabinetAPI
import CabinetCodec
import CabinetCrypto
import CabinetLedger
import CabinetLoad
import CabinetModel
import CabinetRPC

/// A meeting that is open, with everybody present, and polls one after the other.
struct Assembly: Sendable {
    /// Members, and others who take part, of one meeting.
    static let members = 1...Scenario.maximumParticipants
    /// Polls that one meeting may have.
    static let maximumPolls = Limits.polls
    /// Ballots that a member may cast in a poll.
    static let maximumBallots = Int(Limits.ballotsOfMember)

    private static let agendaItem = "item"
    /// Calls of the secretary's device under way.
    private static let callsAtOnce = 16

    let meeting: MeetingID
    /// What the receipts are verified with.
    let log: LogTrust
    private let secretary: RPCClient

    /// Schedules a meeting, has everybody check in, and opens it.
    ///
    /// - Parameters:
    ///   - participants: Who is admitted.
    ///   - secretary: The connection of the secretary's device.
    ///   - auditor: That of the auditor's, who reads how the log begins.
    ///   - visibility: What is shown of ballots before the verdict.
    ///   - agenda: What there is to read.
    ///   - place: Where the member of a number is; `nil` where it does not come.
    init(
        of participants: Participants,
        _ meeting: MeetingID,
        showing visibility: CabinetAPI.Visibility = .counts,
        agenda: Scenario.Agenda = Scenario.Agenda(),
        place: @escaping @Sendable (Int) -> CabinetAPI.Place? = {
            $0.isMultiple(of: 5) ? .remote : .room
        },
        secretary: RPCClient,
        auditor: RPCClient
    ) async throws {
        self.meeting = meeting
        self.secretary = secretary
        let service = MeetingService.Client(secretary)
        let id = meeting.text
        _ = try await service.scheduleMeeting(
            ScheduleMeetingRequest(
                meetingID: id,
                title: "Phiên họp thử tải",
                scheduledUnixMs: 1_561_341_600_000,
                defaultRule: Self.rule(visibility)
            )
        )
        _ = try await service.admitParticipants(
            AdmitParticipantsRequest(
                meetingID: id,
                admissions: participants.admissions
            )
        )
        try await concurrently(
            participants.members.enumerated().map { ($0.offset, $0.element) },
            atMost: Self.callsAtOnce
        ) { index, member in
            guard let place = place(index) else { return }
            _ = try await service.checkIn(
                CheckInRequest(meetingID: id, principalID: member, place: place)
            )
        }
        for number in 0..<agenda.items {
            _ = try await service.setAgendaItem(
                SetAgendaItemRequest(meetingID: id, item: Self.item(number, of: agenda))
            )
        }
        _ = try await service.openMeeting(OpenMeetingRequest(meetingID: id))
        log = try await LogTrust(of: meeting, auditor: auditor)
    }

    private static func item(_ number: Int, of agenda: Scenario.Agenda) -> CabinetAPI.AgendaItem {
        CabinetAPI.AgendaItem(
            agendaItemID: number == 0 ? agendaItem : "\(agendaItem)-\(number + 1)",
            title: "Dự thảo nghị quyết",
            documents: (0..<agenda.documents).map { document in
                DocumentReference(
                    title: "Tờ trình \(document + 1) về dự thảo nghị quyết",
                    digest: [UInt8](repeating: UInt8(truncatingIfNeeded: document), count: 32),
                    mediaType: "application/pdf",
                    sizeBytes: UInt64(agenda.documentBytes)
                )
            }
        )
    }

    /// The default rule, with ballots that can be replaced.
    private static func rule(_ visibility: CabinetAPI.Visibility) -> CabinetAPI.PollRule {
        CabinetAPI.PollRule(
            quorum: Fraction(numerator: 2, denominator: 3),
            quorumIncludesRemote: true,
            thresholdBase: .allMembers,
            threshold: Fraction(numerator: 1, denominator: 2),
            comparison: .moreThan,
            tie: .fails,
            revocable: true,
            visibility: visibility
        )
    }

    /// Creates a poll, and opens it.
    func openPoll(_ poll: PollID) async throws -> OpenPoll {
        let service = VotingService.Client(secretary)
        let created = try await service.createPoll(
            CreatePollRequest(
                meetingID: meeting.text,
                pollID: poll.text,
                agendaItemID: Self.agendaItem,
                motion: CabinetAPI.Motion(text: "Thông qua dự thảo nghị quyết.")
            )
        )
        _ = try await service.openPoll(
            OpenPollRequest(meetingID: meeting.text, pollID: poll.text)
        )
        let opened = try await service.getPoll(
            GetPollRequest(meetingID: meeting.text, pollID: poll.text)
        )
        return OpenPoll(
            meeting: meeting,
            poll: poll,
            motionDigest: try Digest(created.motionDigest),
            rollDigest: try Digest(opened.poll?.rollDigest ?? []),
            log: log
        )
    }

    func closePoll(_ poll: PollID) async throws -> ClosePollResponse {
        try await VotingService.Client(secretary).closePoll(
            ClosePollRequest(meetingID: meeting.text, pollID: poll.text)
        )
    }
}

/// What a member is shown of a poll that is open.
struct OpenPoll: Sendable {
    let meeting: MeetingID
    let poll: PollID
    let motionDigest: Digest
    let rollDigest: Digest
    let log: LogTrust
}

/// The name and the key of a log.
///
/// People have the key from elsewhere. A load believes what the log begins with: it is to find out
/// whether the server keeps to its word, not whose it is.
struct LogTrust: Sendable {
    let origin: NoteLine
    let key: NoteVerifierKey

    /// - Returns: `nil` where the name is none.
    init?(origin: String, publicKey: Ed25519PublicKey) {
        guard let name = NoteKeyName(origin) else { return nil }
        self.origin = name.line
        key = NoteVerifierKey(name: name, publicKey: publicKey)
    }

    /// Reads the first entry of a log.
    init(of meeting: MeetingID, auditor: RPCClient) async throws {
        let first = try await LedgerService.Client(auditor).getReceipt(
            GetReceiptRequest(meetingID: meeting.text, entry: .index(0))
        )
        let entry = try LedgerEntry(serialized: first.receipt?.entry ?? [])
        guard case .logOpened(let opening) = entry.body, let name = NoteKeyName(opening.origin)
        else { throw Failure(.requestsFailed, "the log of «\(meeting)» does not begin as one") }
        origin = name.line
        key = NoteVerifierKey(name: name, publicKey: try Ed25519PublicKey(opening.logPublicKey))
    }
}
