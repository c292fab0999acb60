internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetTLS

/// What somebody wants to follow, and whether they may: asked when they begin, and as long as they do.
struct FollowPermission: Sendable {
    /// Who may know who is connected (live.proto, `FollowPresence`).
    static let presence: [Role] = [.member, .chair, .secretary]

    private enum Admission: Sendable {
        case audience(Audience)
        case roles([Role])

        func admits(_ roles: RoleSet) -> Bool {
            switch self {
            case .audience(let audience): audience.admits(roles)
            case .roles(let admitted): admitted.contains(where: roles.contains)
            }
        }

        var roles: [Role] {
            switch self {
            case .audience(let audience): Role.allCases.filter { audience.admits([$0]) }
            case .roles(let roles): roles
            }
        }
    }

    private let calls: CallHandling
    private let peer: PeerIdentity
    private let meeting: MeetingID
    private let admission: Admission

    /// The events of a meeting that an audience gets.
    init(_ meeting: MeetingID, as audience: Audience, by peer: PeerIdentity, _ calls: CallHandling)
    {
        self.init(meeting, .audience(audience), peer, calls)
    }

    /// Who is connected of a meeting.
    init(presenceOf meeting: MeetingID, by peer: PeerIdentity, _ calls: CallHandling) {
        self.init(meeting, .roles(Self.presence), peer, calls)
    }

    private init(
        _ meeting: MeetingID,
        _ admission: Admission,
        _ peer: PeerIdentity,
        _ calls: CallHandling
    ) {
        self.meeting = meeting
        self.admission = admission
        self.peer = peer
        self.calls = calls
    }

    /// The meeting, for one who may follow it.
    ///
    /// - Throws: UNAUTHENTICATED / PRINCIPAL_UNKNOWN, NOT_FOUND / MEETING_NOT_FOUND, DATA_LOSS /
    ///   LOG_DAMAGED, PERMISSION_DENIED / ROLE_REQUIRED.
    func view() throws(RPCError) -> MeetingView {
        let caller = try calls.callers.caller(connectedAs: peer)
        let (view, _) = try calls.view(of: meeting, for: caller)
        let participant = view.state.proceedings.attendees[caller.id]?.participant
        guard let participant, admission.admits(participant.roles) else {
            throw RPCError(Rejection.roleRequired(roles: admission.roles))
        }
        // Who is connected today is no business of a meeting of yesterday.
        if case .roles = admission, view.state.isOver {
            throw RPCError(Rejection.meetingAdjourned)
        }
        return view
    }

    /// Why they may not follow it any more; `nil` while they may.
    @Sendable func refusal() -> RPCError? {
        do {
            _ = try view()
            return nil
        } catch {
            return error
        }
    }
}
