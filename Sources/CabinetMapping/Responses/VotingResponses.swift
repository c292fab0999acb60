public import CabinetAPI
public import CabinetModel
public import CabinetRPC

// What VotingService answers that changes nothing.

extension GetPollResponse {
    /// The poll as an audience may see it, with its verdict or the counts as they stand.
    ///
    /// - Throws: `Rejection.fieldInvalid`, `pollNotFound`.
    public init(
        _ request: GetPollRequest,
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(Rejection) {
        let id = try PollID(requested: request.pollID)
        self.init(poll: Poll(try state.poll(id, for: audience), standing: state.standing(of: id)))
    }
}

extension ListPollsResponse {
    /// A page of the polls in the order of their creation.
    ///
    /// - Throws: `RPCError` with FIELD_INVALID or PAGE_TOKEN_INVALID.
    public init(
        _ request: ListPollsRequest,
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(RPCError) {
        let item: AgendaItemID?
        do {
            item = try field("agenda_item_id", try AgendaItemID.optional(request.agendaItemID))
        } catch {
            throw RPCError(error.rejection)
        }
        var rest = request
        rest.pageSize = 0
        rest.pageToken = ""
        let found = state.proceedings.polls.filter { poll in
            (audience == .secretariat || poll.opening != nil)
                && (item == nil || poll.agendaItem == item)
        }
        let page = try Pages(maximumSize: 100, usualSize: 20).page(
            of: found,
            size: request.pageSize,
            token: request.pageToken,
            of: rest
        ) { Poll($0, standing: state.standing(of: $0.id)) }
        self.init(polls: page.items, nextPageToken: page.nextToken)
    }
}

extension GetRollResponse {
    /// A part of a poll's roll, byte for byte as it is in the log.
    ///
    /// - Throws: `Rejection.fieldInvalid`, `pollNotFound`, `pollNotOpen`, `entryNotFound`.
    public init(
        _ request: GetRollRequest,
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(Rejection) {
        let id = try PollID(requested: request.pollID)
        let part = try state.rollPart(request.part, of: id, for: audience)
        let count = try state.poll(id, for: audience).opening?.rollPartCount ?? 0
        self.init(roll: RollFrozen(id, request.part, of: count, part))
    }
}

extension GetRollCallResponse {
    /// How each member on the roll voted.
    ///
    /// - Throws: `Rejection.fieldInvalid`, `pollNotFound`, `pollNotDecided`.
    public init(
        _ request: GetRollCallRequest,
        of state: CabinetModel.MeetingState,
        for audience: CabinetModel.Audience
    ) throws(Rejection) {
        let id = try PollID(requested: request.pollID)
        self.init(rollCall: RollCall(try state.rollCall(of: id, for: audience)))
    }
}
