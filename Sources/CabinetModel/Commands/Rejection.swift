/// Why a meeting does not do what a command asks for, with the values that its reader needs.
///
/// Each case is the reason of the same name in common.proto, `Reason`, which explains it. A rejected
/// command leaves no entry and no other trace.
public enum Rejection: Error, Hashable, Sendable {
    /// A limit that a command would pass. Raw values name it in the attribute "limit".
    public enum Limit: String, Hashable, Sendable {
        case participants
        case members
        case agendaItems = "agenda_items"
        case polls
        case attendanceChanges = "attendance_changes"
        case ballotsOfMember = "ballots_of_member"
        case snapshotBytes = "snapshot_bytes"
    }

    case roleRequired(roles: [Role])
    case fieldInvalid(field: String, rule: String)
    case meetingNotFound
    case principalNotFound(PrincipalID)
    case certificateInvalid(rule: String)
    case meetingExists
    case meetingNotScheduled(state: MeetingPhase.Name)
    case meetingNotOpen(state: MeetingPhase.Name)
    case meetingNotInRecess(state: MeetingPhase.Name)
    case meetingAdjourned
    case limitReached(Limit, maximum: Int)
    case chairRequired
    case quorumNotMet(counted: UInt32, needed: UInt32)
    case participantNotFound
    case participantInUse
    case notCheckedIn
    case checkedIn
    case agendaItemNotFound
    case agendaItemInUse
    case pollNotFound
    case pollExists
    case pollRuleInvalid(rule: String)
    case pollNotDraft(state: PollState)
    case pollNotOpen(state: PollState)
    case pollNotHeld(state: PollState)
    case pollInProgress(PollID)
    case pollFinished(state: PollState)
    case pollNotDecided(state: PollState)
    case tieNotPending(state: PollState)
    case statementInvalid(rule: String)
    case ballotIDMismatch
    case signatureInvalid
    case notOnRoll
    case signingKeyNotOnRoll
    case signingKeyRevoked
    case motionDigestMismatch
    case rollDigestMismatch
    case ballotNotRevocable
    case revisionStale(last: Revision)
    case entryNotFound
    case chairSignatureRequired

    /// The stable reason.
    public var reason: Reason {
        switch self {
        case .roleRequired: .roleRequired
        case .fieldInvalid: .fieldInvalid
        case .meetingNotFound: .meetingNotFound
        case .principalNotFound: .principalNotFound
        case .certificateInvalid: .certificateInvalid
        case .meetingExists: .meetingExists
        case .meetingNotScheduled: .meetingNotScheduled
        case .meetingNotOpen: .meetingNotOpen
        case .meetingNotInRecess: .meetingNotInRecess
        case .meetingAdjourned: .meetingAdjourned
        case .limitReached: .limitReached
        case .chairRequired: .chairRequired
        case .quorumNotMet: .quorumNotMet
        case .participantNotFound: .participantNotFound
        case .participantInUse: .participantInUse
        case .notCheckedIn: .notCheckedIn
        case .checkedIn: .checkedIn
        case .agendaItemNotFound: .agendaItemNotFound
        case .agendaItemInUse: .agendaItemInUse
        case .pollNotFound: .pollNotFound
        case .pollExists: .pollExists
        case .pollRuleInvalid: .pollRuleInvalid
        case .pollNotDraft: .pollNotDraft
        case .pollNotOpen: .pollNotOpen
        case .pollNotHeld: .pollNotHeld
        case .pollInProgress: .pollInProgress
        case .pollFinished: .pollFinished
        case .pollNotDecided: .pollNotDecided
        case .tieNotPending: .tieNotPending
        case .statementInvalid: .statementInvalid
        case .ballotIDMismatch: .ballotIDMismatch
        case .signatureInvalid: .signatureInvalid
        case .notOnRoll: .notOnRoll
        case .signingKeyNotOnRoll: .signingKeyNotOnRoll
        case .signingKeyRevoked: .signingKeyRevoked
        case .motionDigestMismatch: .motionDigestMismatch
        case .rollDigestMismatch: .rollDigestMismatch
        case .ballotNotRevocable: .ballotNotRevocable
        case .revisionStale: .revisionStale
        case .entryNotFound: .entryNotFound
        case .chairSignatureRequired: .chairSignatureRequired
        }
    }

    /// The canonical code.
    public var code: CanonicalCode { reason.code }

    /// The attributes of the status detail, named as common.proto does.
    public var attributes: [String: String] {
        switch self {
        case .roleRequired(let roles):
            ["roles": roles.map(\.name).joined(separator: ",")]
        case .fieldInvalid(let field, let rule):
            ["field": field, "rule": rule]
        case .meetingNotScheduled(let state), .meetingNotOpen(let state),
            .meetingNotInRecess(let state):
            ["state": state.rawValue]
        case .limitReached(let limit, let maximum):
            ["limit": limit.rawValue, "maximum": String(maximum)]
        case .quorumNotMet(let counted, let needed):
            ["counted": String(counted), "needed": String(needed)]
        case .principalNotFound(let id):
            ["principal_id": id.text]
        case .certificateInvalid(let rule), .pollRuleInvalid(let rule),
            .statementInvalid(let rule):
            ["rule": rule]
        case .pollNotDraft(let state), .pollNotOpen(let state), .pollNotHeld(let state),
            .pollFinished(let state), .pollNotDecided(let state), .tieNotPending(let state):
            ["state": state.name]
        case .pollInProgress(let poll):
            ["poll_id": poll.text]
        case .revisionStale(let last):
            ["revision": String(last.number)]
        case .meetingNotFound, .meetingExists, .meetingAdjourned, .chairRequired,
            .participantNotFound, .participantInUse, .notCheckedIn, .checkedIn,
            .agendaItemNotFound, .agendaItemInUse, .pollNotFound, .pollExists,
            .ballotIDMismatch, .signatureInvalid, .notOnRoll, .signingKeyNotOnRoll,
            .signingKeyRevoked,
            .motionDigestMismatch, .rollDigestMismatch, .ballotNotRevocable, .entryNotFound,
            .chairSignatureRequired:
            [:]
        }
    }
}

extension Rejection: CustomStringConvertible {
    public var description: String {
        let details = attributes.sorted { $0.key < $1.key }.map { " \($0.key)=\($0.value)" }
        return "\(code.name) / \(reason.name)" + details.joined()
    }
}
