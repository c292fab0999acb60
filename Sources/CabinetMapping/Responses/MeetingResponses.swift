public import CabinetAPI
public import CabinetModel
public import CabinetRPC

// What MeetingService answers that changes nothing.

extension GetMeetingResponse {
    /// - Throws: `Rejection.meetingNotFound` before the meeting is scheduled.
    public init(of state: CabinetModel.MeetingState) throws(Rejection) {
        guard let meeting = Meeting(state.proceedings) else { throw .meetingNotFound }
        self.init(meeting: meeting)
    }
}

extension ListMeetingsResponse {
    /// A page of meetings, the latest scheduled time first.
    ///
    /// - Parameter meetings: All those that the caller takes part in, in any order.
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListMeetingsRequest,
        of meetings: [CabinetAPI.Meeting]
    ) throws(RPCError) {
        if case .unrecognized = request.state {
            throw RPCError(.fieldInvalid(field: "state", rule: "the value is one of the schema"))
        }
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let found =
            meetings
            .filter { request.state == .unspecified || $0.state == request.state }
            .sorted {
                ($1.scheduledUnixMs, $0.meetingID) < ($0.scheduledUnixMs, $1.meetingID)
            }
        let page = try Pages(maximumSize: 100, usualSize: 20).page(
            of: found,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { $0 }
        self.init(meetings: page.items, nextPageToken: page.nextToken)
    }
}

extension ListParticipantsResponse {
    /// A page of participants, sorted by display name in Vietnamese collation, then by identifier.
    ///
    /// - Parameter audience: Of the caller: displays do not see keys.
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListParticipantsRequest,
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(RPCError) {
        let role: CabinetModel.Role?
        do {
            role = try field("role", try knownOrUnspecified(request.role))
        } catch {
            throw RPCError(error.rejection)
        }
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let found = state.proceedings.attendance
            .filter { attendee in role.map(attendee.participant.roles.contains) ?? true }
            .map { (CollationKey($0.participant.displayName.value), $0) }
            .sorted { ($0.0, $0.1.participant.id) < ($1.0, $1.1.participant.id) }
            .map(\.1)
        let page = try Pages(maximumSize: 200, usualSize: 100).page(
            of: found,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { attendee in
            var message = Attendance(attendee)
            if audience == .display { message.participant?.keyFingerprints = [] }
            return message
        }
        self.init(participants: page.items, nextPageToken: page.nextToken)
    }
}

extension ListAgendaItemsResponse {
    /// A page of the agenda in its order.
    ///
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListAgendaItemsRequest,
        of state: CabinetModel.MeetingState
    ) throws(RPCError) {
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let page = try Pages(maximumSize: 100, usualSize: 50).page(
            of: state.proceedings.agenda.items,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { AgendaItem($0) }
        self.init(items: page.items, nextPageToken: page.nextToken)
    }
}
