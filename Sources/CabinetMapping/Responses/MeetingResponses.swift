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
    /// A page of meetings.
    ///
    /// - Parameters:
    ///   - meetings: What stands for those that the caller may know of, the latest scheduled time first,
    ///     then by identifier.
    ///   - message: Makes the meeting of it, where there is one. Where the request wants all it is asked
    ///     for no more than the page and the next.
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init<Listed>(
        _ request: ListMeetingsRequest,
        of meetings: [Listed],
        _ message: (Listed) -> CabinetAPI.Meeting?
    ) throws(RPCError) {
        if case .unrecognized = request.state {
            throw RPCError(.fieldInvalid(field: "state", rule: "the value is one of the schema"))
        }
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let page = try Pages(maximumSize: 100, usualSize: 20).page(
            of: meetings,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { listed -> CabinetAPI.Meeting? in
            guard let meeting = message(listed),
                request.state == .unspecified || meeting.state == request.state
            else { return nil }
            return meeting
        }
        self.init(meetings: page.items, nextPageToken: page.nextToken)
    }
}

extension ListParticipantsResponse {
    /// A page of participants, sorted by display name in Vietnamese collation, then by identifier.
    ///
    /// - Parameters:
    ///   - order: `Proceedings.listedParticipants`, which takes its time and seldom changes.
    ///   - audience: Of the caller: displays do not see keys.
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListParticipantsRequest,
        of state: CabinetModel.MeetingState,
        in order: [PrincipalID],
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
        let page = try Pages(maximumSize: 200, usualSize: 100).page(
            of: order,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { id -> CabinetAPI.Attendance? in
            guard let attendee = state.proceedings.attendees[id],
                role.map(attendee.participant.roles.contains) ?? true
            else { return nil }
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
