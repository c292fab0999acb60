import CabinetAPI
import CabinetClient
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC

/// What the server answers about one meeting, as the model has it.
struct MeetingDesk: Sendable {
    let id: MeetingID
    let rpc: any RPCCaller
    let meetings: MeetingService.Client
    let voting: VotingService.Client

    init(of id: MeetingID, over rpc: any RPCCaller) {
        self.id = id
        self.rpc = rpc
        meetings = MeetingService.Client(rpc)
        voting = VotingService.Client(rpc)
    }

    func summary() async throws -> MeetingSummary {
        let response = try await meetings.getMeeting(GetMeetingRequest(meetingID: id.text))
        let summary = try MeetingSummary(response.meeting)
        guard summary.id == id else { throw Failure(malformedAnswer: "it is another meeting's") }
        return summary
    }

    /// Participants in the order of their names.
    func attendees(_ role: CabinetAPI.Role = .unspecified) async throws -> [Attendee] {
        var request = ListParticipantsRequest(meetingID: id.text, role: role, pageSize: 200)
        return try await Paging.all { token in
            request.pageToken = token
            let page = try await meetings.listParticipants(request)
            return (try page.participants.map { try Attendee($0) }, page.nextPageToken)
        }
    }

    /// The agenda in its order.
    func agenda() async throws -> [CabinetModel.AgendaItem] {
        try await agendaMessages().map { try CabinetModel.AgendaItem($0) }
    }

    /// The agenda as the server sends it, to send items back.
    func agendaMessages() async throws -> [CabinetAPI.AgendaItem] {
        var request = ListAgendaItemsRequest(meetingID: id.text, pageSize: 100)
        return try await Paging.all { token in
            request.pageToken = token
            let page = try await meetings.listAgendaItems(request)
            return (page.items, page.nextPageToken)
        }
    }

    /// Polls in the order of their creation.
    func polls(of item: AgendaItemID? = nil) async throws -> [PollSummary] {
        var request = ListPollsRequest(
            meetingID: id.text,
            agendaItemID: item?.text ?? "",
            pageSize: 100
        )
        return try await Paging.all { token in
            request.pageToken = token
            let page = try await voting.listPolls(request)
            return (try page.polls.map { try PollSummary($0) }, page.nextPageToken)
        }
    }

    func poll(_ poll: PollID) async throws -> PollSummary {
        let response = try await voting.getPoll(
            GetPollRequest(meetingID: id.text, pollID: poll.text)
        )
        let summary = try PollSummary(answered(response.poll))
        guard summary.poll.id == poll else {
            throw Failure(malformedAnswer: "it is another poll's")
        }
        return summary
    }

    /// Who may vote in a poll that has opened, with the digest computed anew.
    func roll(of poll: CabinetModel.Poll) async throws -> CabinetModel.Roll? {
        guard let opening = poll.opening else { return nil }
        var parts: [[UInt8]] = []
        // At most 16: the poll's opening was checked.
        for part in 0..<opening.rollPartCount {
            let response = try await voting.getRoll(
                GetRollRequest(meetingID: id.text, pollID: poll.id.text, part: part)
            )
            parts.append(try answered(response.roll).roll)
        }
        let roll = try FrozenRoll(parts: parts)
        guard roll.digest == opening.rollDigest else {
            throw Failure(malformedAnswer: "the roll is not the one that the poll has")
        }
        return roll.roll
    }

    /// How each member on the roll of a decided poll voted.
    func rollCall(of poll: PollID) async throws -> CabinetModel.RollCall {
        let response = try await voting.getRollCall(
            GetRollCallRequest(meetingID: id.text, pollID: poll.text)
        )
        return try CabinetModel.RollCall(answered(response.rollCall))
    }
}
