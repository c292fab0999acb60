internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// Serves `cabinet.v1.LiveService`.
struct LiveHandler: LiveService.Handler {
    let calls: CallHandling
    let presence: PresenceBoard

    func followMeeting(
        _ request: FollowMeetingRequest,
        context: CallContext
    ) async throws -> ChannelSubscription<FollowMeetingResponse> {
        guard let audience = CabinetModel.Audience(rawValue: request.audience.rawValue) else {
            throw RPCError(
                Rejection.fieldInvalid(
                    field: "audience",
                    rule: "it is MEMBERS, SECRETARIAT or DISPLAY"
                )
            )
        }
        let permission = FollowPermission(
            try CallHandling.meeting(request.meetingID),
            as: audience,
            by: context.peer,
            calls
        )
        return ChannelSubscription(
            try permission.view().channels[audience],
            refusal: permission.refusal
        )
    }

    func followPresence(
        _ request: FollowPresenceRequest,
        context: CallContext
    ) async throws -> ChannelSubscription<FollowPresenceResponse> {
        let meeting = try CallHandling.meeting(request.meetingID)
        let permission = FollowPermission(presenceOf: meeting, by: context.peer, calls)
        _ = try permission.view()
        return ChannelSubscription(
            presence.channel(of: meeting),
            refusal: permission.refusal
        )
    }
}
