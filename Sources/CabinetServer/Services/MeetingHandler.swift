internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// Serves `cabinet.v1.MeetingService`.
struct MeetingHandler: MeetingService.Handler {
    let calls: CallHandling
    let identity: LogIdentity

    // MARK: - Reading

    func getMeeting(
        _ request: GetMeetingRequest,
        context: CallContext
    ) async throws -> GetMeetingResponse {
        try calls.read(request.meetingID, context) { (state, _) throws(Rejection) in
            try GetMeetingResponse(of: state)
        }
    }

    func listMeetings(
        _ request: ListMeetingsRequest,
        context: CallContext
    ) async throws -> ListMeetingsResponse {
        let caller = try calls.callers.caller(of: context)
        let views = calls.sequencer.views
        let isAuditor = caller.facts.roles.contains(.auditor)
        return try ListMeetingsResponse(
            request,
            of: views.meetings(of: isAuditor ? nil : caller.id)
        ) { id in
            guard case .served(let view)? = views[id] else { return nil }
            return Meeting(view.state.proceedings)
        }
    }

    func listParticipants(
        _ request: ListParticipantsRequest,
        context: CallContext
    ) async throws -> ListParticipantsResponse {
        let (view, audience, _) = try calls.view(of: request.meetingID, for: context)
        return try ListParticipantsResponse(
            request,
            of: view.state,
            in: view.participants,
            for: audience
        )
    }

    func listAgendaItems(
        _ request: ListAgendaItemsRequest,
        context: CallContext
    ) async throws -> ListAgendaItemsResponse {
        let (view, _, _) = try calls.view(of: request.meetingID, for: context)
        return try ListAgendaItemsResponse(request, of: view.state)
    }

    // MARK: - The meeting's life

    func scheduleMeeting(
        _ request: ScheduleMeetingRequest,
        context: CallContext
    ) async throws -> ScheduleMeetingResponse {
        let meeting = try CallHandling.meeting(request.meetingID)
        let log = try newLog(of: meeting)
        return try await calls.execute(
            request,
            context,
            by: { (caller) throws(Rejection) in
                try MeetingCommand(request, log: log, caller: caller.facts)
            },
            answering: ScheduleMeetingResponse.init
        )
    }

    private func newLog(of meeting: MeetingID) throws(RPCError) -> NewLog {
        do throws(InvalidValue) {
            return try identity.newLog(of: meeting, epoch: .random())
        } catch {
            throw RPCError(.fieldInvalid(field: "meeting_id", rule: error.rule))
        }
    }

    func openMeeting(
        _ request: OpenMeetingRequest,
        context: CallContext
    ) async throws -> OpenMeetingResponse {
        try await calls.execute(request, context, MeetingCommand.init, OpenMeetingResponse.init)
    }

    func startRecess(
        _ request: StartRecessRequest,
        context: CallContext
    ) async throws -> StartRecessResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            StartRecessResponse.init(commit:)
        )
    }

    func resumeMeeting(
        _ request: ResumeMeetingRequest,
        context: CallContext
    ) async throws -> ResumeMeetingResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            ResumeMeetingResponse.init(commit:)
        )
    }

    func adjournMeeting(
        _ request: AdjournMeetingRequest,
        context: CallContext
    ) async throws -> AdjournMeetingResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            AdjournMeetingResponse.init(commit:)
        )
    }

    // MARK: - Participants

    func admitParticipants(
        _ request: AdmitParticipantsRequest,
        context: CallContext
    ) async throws -> AdmitParticipantsResponse {
        let directory = calls.callers.directory.state
        let now = calls.callers.clock()
        return try await calls.execute(
            request,
            context,
            { (request) throws(Rejection) in
                do throws(Rejection) {
                    return try MeetingCommand(request) { id in
                        directory.principals[id].map { DirectoryFacts($0, at: now) }
                    }
                } catch {
                    throw admissionRefusal(error, request, context)
                }
            },
            AdmitParticipantsResponse.init(commit:)
        )
    }

    func removeParticipant(
        _ request: RemoveParticipantRequest,
        context: CallContext
    ) async throws -> RemoveParticipantResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            RemoveParticipantResponse.init(commit:)
        )
    }

    func checkIn(
        _ request: CheckInRequest,
        context: CallContext
    ) async throws -> CheckInResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            CheckInResponse.init(commit:)
        )
    }

    func checkOut(
        _ request: CheckOutRequest,
        context: CallContext
    ) async throws -> CheckOutResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            CheckOutResponse.init(commit:)
        )
    }

    func recordLeave(
        _ request: RecordLeaveRequest,
        context: CallContext
    ) async throws -> RecordLeaveResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            RecordLeaveResponse.init(commit:)
        )
    }

    func recordAbsence(
        _ request: RecordAbsenceRequest,
        context: CallContext
    ) async throws -> RecordAbsenceResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            RecordAbsenceResponse.init(commit:)
        )
    }

    /// What the directory says of whom is told to those only who may admit: a rejection of the request
    /// may come from there, whatever it is. The identifier of the meeting does not.
    ///
    /// A request that can be mapped is authorized by the sequencer, which knows it if it comes again.
    private func admissionRefusal(
        _ rejection: Rejection,
        _ request: AdmitParticipantsRequest,
        _ context: CallContext
    ) -> Rejection {
        guard (try? MeetingID(requested: request.meetingID)) != nil else { return rejection }
        guard let (view, _, caller) = try? calls.view(of: request.meetingID, for: context),
            let commanding = try? caller.commanding(context)
        else { return .meetingNotFound }
        do {
            _ = try view.state.authorize(.admitParticipants([]), by: .principal(commanding))
            return rejection
        } catch {
            return error
        }
    }

    // MARK: - The agenda

    func setAgendaItem(
        _ request: SetAgendaItemRequest,
        context: CallContext
    ) async throws -> SetAgendaItemResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            SetAgendaItemResponse.init(commit:)
        )
    }

    func removeAgendaItem(
        _ request: RemoveAgendaItemRequest,
        context: CallContext
    ) async throws -> RemoveAgendaItemResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            RemoveAgendaItemResponse.init(commit:)
        )
    }

    func moveToAgendaItem(
        _ request: MoveToAgendaItemRequest,
        context: CallContext
    ) async throws -> MoveToAgendaItemResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            MoveToAgendaItemResponse.init(commit:)
        )
    }
}
