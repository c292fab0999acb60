internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// Who may call a method.
enum Access: Hashable, Sendable {
    /// Whoever has a certificate that the server accepts, also before the directory knows it.
    case anyConnection
    /// Any principal of the directory.
    case anyPrincipal
    /// Principals with one of these roles in the directory.
    case directory([CabinetModel.Role])
    /// Participants of the meeting that the request names, and auditors by the directory.
    case participants
    /// Participants of the meeting that the request names, with one of these roles in it.
    case attending([CabinetModel.Role])
    /// Participants whom the audience that the request names admits.
    case audience
    /// Auditors by the directory.
    case auditors
    /// Whom the meeting that the request names lets give such a command: its own roles decide, once the
    /// request is known.
    case meeting(Permission)
}

extension Access: CustomStringConvertible {
    var description: String {
        switch self {
        case .anyConnection: "anyone connected"
        case .anyPrincipal: "any principal"
        case .directory(let roles): Self.list(roles)
        case .participants: "any participant, auditor"
        case .attending(let roles): "\(Self.list(roles)) of the meeting"
        case .audience: "whom the audience admits"
        case .auditors: "auditor"
        case .meeting(.roles(let roles)): "\(Self.list(roles)) of the meeting"
        case .meeting(.oneselfOr(let role)):
            "any participant for itself, \(Self.list([role])) of the meeting"
        case .meeting(.anyParticipant): "any participant"
        case .meeting(.directory(let role)), .meeting(.directoryOrServer(let role)):
            Self.list([role])
        case .meeting(.server): "nobody"
        }
    }

    private static func list(_ roles: [CabinetModel.Role]) -> String {
        roles.map { $0.name.lowercased() }.joined(separator: ", ")
    }
}

/// Who may call which method: all of it, in one place. A method that is not here is refused.
enum AccessTable {
    static let methods: [UInt16: Access] = [
        DirectoryService.Methods.getSelf.description.number: .anyPrincipal,
        DirectoryService.Methods.getPrincipal.description.number: .directory(readers),
        DirectoryService.Methods.listPrincipals.description.number: .directory(readers),
        DirectoryService.Methods.putPrincipal.description.number: .directory([.administrator]),
        DirectoryService.Methods.addCertificate.description.number: .directory([.administrator]),
        DirectoryService.Methods.revokeCertificate.description.number: .directory([.administrator]),

        MeetingService.Methods.getMeeting.description.number: .participants,
        MeetingService.Methods.listMeetings.description.number: .anyPrincipal,
        MeetingService.Methods.listParticipants.description.number: .participants,
        MeetingService.Methods.listAgendaItems.description.number: .participants,
        MeetingService.Methods.scheduleMeeting.description.number: .directory([.secretary]),
        MeetingService.Methods.admitParticipants.description.number: secretary,
        MeetingService.Methods.removeParticipant.description.number: secretary,
        MeetingService.Methods.openMeeting.description.number: presidium,
        MeetingService.Methods.startRecess.description.number: presidium,
        MeetingService.Methods.resumeMeeting.description.number: presidium,
        MeetingService.Methods.adjournMeeting.description.number: presidium,
        MeetingService.Methods.setAgendaItem.description.number: presidium,
        MeetingService.Methods.removeAgendaItem.description.number: presidium,
        MeetingService.Methods.moveToAgendaItem.description.number: presidium,
        MeetingService.Methods.checkIn.description.number: .meeting(.oneselfOr(.secretary)),
        MeetingService.Methods.checkOut.description.number: .meeting(.oneselfOr(.secretary)),
        MeetingService.Methods.recordLeave.description.number: secretary,
        MeetingService.Methods.recordAbsence.description.number: secretary,

        VotingService.Methods.getPoll.description.number: .participants,
        VotingService.Methods.listPolls.description.number: .participants,
        VotingService.Methods.getRoll.description.number: .participants,
        VotingService.Methods.getRollCall.description.number: .participants,
        VotingService.Methods.createPoll.description.number: presidium,
        VotingService.Methods.openPoll.description.number: presidium,
        VotingService.Methods.holdPoll.description.number: presidium,
        VotingService.Methods.resumePoll.description.number: presidium,
        VotingService.Methods.closePoll.description.number: presidium,
        VotingService.Methods.voidPoll.description.number: presidium,
        VotingService.Methods.castBallot.description.number: .meeting(.anyParticipant),
        VotingService.Methods.decideTie.description.number: .meeting(.anyParticipant),

        LedgerService.Methods.getCheckpoint.description.number: .participants,
        LedgerService.Methods.getReceipt.description.number: .participants,
        LedgerService.Methods.getConsistencyProof.description.number: .participants,
        LedgerService.Methods.exportLog.description.number: .auditors,

        LiveService.Methods.followMeeting.description.number: .audience,
        LiveService.Methods.followPresence.description.number: .attending(
            FollowPermission.presence
        ),

        HealthService.Methods.check.description.number: .anyConnection,
        HealthService.Methods.watch.description.number: .anyConnection,
        ReflectionService.Methods.listServices.description.number: .anyPrincipal,
        ReflectionService.Methods.getMethod.description.number: .anyPrincipal,
        ReflectionService.Methods.getFileDescriptorSet.description.number: .anyPrincipal,
    ]

    private static let readers: [CabinetModel.Role] = [.administrator, .secretary, .auditor]
    private static let secretary = Access.meeting(.roles([.secretary]))
    private static let presidium = Access.meeting(.roles([.chair, .secretary]))

    /// Decides as far as it can be decided before the request is decoded.
    ///
    /// - Throws: PERMISSION_DENIED / ROLE_REQUIRED, UNAUTHENTICATED / PRINCIPAL_UNKNOWN.
    static func authorize(_ context: CallContext, _ callers: Callers) throws(RPCError) {
        guard let access = methods[context.method.number] else {
            throw RPCError(Rejection.roleRequired(roles: []))
        }
        if access == .anyConnection { return }
        let caller = try callers.caller(of: context)
        switch access {
        case .directory(let roles):
            try require(roles, of: caller)
        case .auditors:
            try require([.auditor], of: caller)
        case .anyConnection, .anyPrincipal, .participants, .attending, .audience, .meeting:
            break
        }
    }

    private static func require(_ roles: [CabinetModel.Role], of caller: KnownCaller)
        throws(RPCError)
    {
        guard roles.contains(where: caller.facts.roles.contains) else {
            throw RPCError(Rejection.roleRequired(roles: roles))
        }
    }
}
