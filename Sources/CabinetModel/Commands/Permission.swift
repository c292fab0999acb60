/// Who may give a command.
public enum Permission: Hashable, Sendable {
    /// Participants with one of these roles in the meeting. The first that the caller has permits it.
    case roles([Role])
    /// Any participant for itself, which needs no role; one with this role for anyone.
    case oneselfOr(Role)
    /// Any participant, whatever its role.
    case anyParticipant
    /// Principals with this role in the directory, whether they take part or not.
    case directory(Role)
    /// Principals with this role in the directory, and the server.
    case directoryOrServer(Role)
    /// The server and nobody else.
    case server
}

extension Command {
    /// Who may give the command: the roles in the comment of each rpc. What is not named is denied.
    public var permission: Permission {
        switch self {
        case .scheduleMeeting:
            .directory(.secretary)
        case .admitParticipants, .removeParticipant, .recordLeave, .recordAbsence:
            .roles([.secretary])
        case .openMeeting, .startRecess, .resumeMeeting, .adjournMeeting, .setAgendaItem,
            .removeAgendaItem, .moveToAgendaItem, .createPoll, .openPoll, .holdPoll, .resumePoll,
            .closePoll, .voidPoll:
            .roles([.chair, .secretary])
        case .checkIn, .checkOut:
            .oneselfOr(.secretary)
        case .castBallot, .decideTie:
            .anyParticipant
        case .revokeSigningKey:
            .directoryOrServer(.administrator)
        case .timeIsUp, .restoreLog:
            .server
        }
    }

    /// Whom a command about attendance is about; `nil` for the caller, and for other commands.
    fileprivate var attendee: PrincipalID? {
        switch self {
        case .checkIn(let id, _), .checkOut(let id): id
        default: nil
        }
    }
}

extension MeetingState {
    /// Finds the role that permits a command to its actor.
    ///
    /// - Returns: The author of the command's entries.
    /// - Throws: ``Rejection/meetingNotFound`` to who takes no part in the meeting, so that nobody
    ///   learns of it; ``Rejection/roleRequired(roles:)`` to everyone else who may not.
    public func authorize(_ command: Command, by actor: Actor) throws(Rejection) -> Author {
        switch (command.permission, actor) {
        case (.server, .server), (.directoryOrServer, .server):
            return .server
        case (.server, .principal):
            throw .roleRequired(roles: [])
        case (.roles(let roles), .server):
            throw .roleRequired(roles: roles)
        case (.oneselfOr(let role), .server), (.directory(let role), .server):
            throw .roleRequired(roles: [role])
        case (.anyParticipant, .server):
            throw .roleRequired(roles: Participant.possibleRoles.roles)
        case (.directory(let role), .principal(let caller)),
            (.directoryOrServer(let role), .principal(let caller)):
            guard caller.directoryRoles.contains(role) else { throw .roleRequired(roles: [role]) }
            return author(caller, role)
        case (.anyParticipant, .principal(let caller)):
            _ = try roles(of: caller)
            return author(caller, nil)
        case (.roles(let permitted), .principal(let caller)):
            let roles = try roles(of: caller)
            guard let role = permitted.first(where: roles.contains) else {
                throw .roleRequired(roles: permitted)
            }
            return author(caller, role)
        case (.oneselfOr(let role), .principal(let caller)):
            let roles = try roles(of: caller)
            if (command.attendee ?? caller.id) == caller.id { return author(caller, nil) }
            guard roles.contains(role) else { throw .roleRequired(roles: [role]) }
            return author(caller, role)
        }
    }

    private func roles(of caller: Caller) throws(Rejection) -> RoleSet {
        guard let attendee = proceedings.attendees[caller.id] else { throw .meetingNotFound }
        return attendee.participant.roles
    }

    private func author(_ caller: Caller, _ role: Role?) -> Author {
        .principal(caller.id, transportKey: caller.transportKey, role: role)
    }
}
