public import CabinetRPC

/// The reasons of failures in the domain `cabinet.v1` (common.proto, `Reason`), which explains them.
public enum FailureReason: String, Hashable, Sendable, CaseIterable {
    case principalUnknown = "PRINCIPAL_UNKNOWN"
    case roleRequired = "ROLE_REQUIRED"
    case fieldInvalid = "FIELD_INVALID"
    case pageTokenInvalid = "PAGE_TOKEN_INVALID"
    case idempotencyKeyRequired = "IDEMPOTENCY_KEY_REQUIRED"
    case idempotencyKeyReused = "IDEMPOTENCY_KEY_REUSED"
    case meetingNotFound = "MEETING_NOT_FOUND"
    case logDamaged = "LOG_DAMAGED"
    case principalNotFound = "PRINCIPAL_NOT_FOUND"
    case principalChanged = "PRINCIPAL_CHANGED"
    case certificateInvalid = "CERTIFICATE_INVALID"
    case certificateExists = "CERTIFICATE_EXISTS"
    case certificateNotFound = "CERTIFICATE_NOT_FOUND"
    case meetingExists = "MEETING_EXISTS"
    case meetingNotScheduled = "MEETING_NOT_SCHEDULED"
    case meetingNotOpen = "MEETING_NOT_OPEN"
    case meetingNotInRecess = "MEETING_NOT_IN_RECESS"
    case meetingAdjourned = "MEETING_ADJOURNED"
    case limitReached = "LIMIT_REACHED"
    case chairRequired = "CHAIR_REQUIRED"
    case quorumNotMet = "QUORUM_NOT_MET"
    case participantNotFound = "PARTICIPANT_NOT_FOUND"
    case participantInUse = "PARTICIPANT_IN_USE"
    case notCheckedIn = "NOT_CHECKED_IN"
    case checkedIn = "CHECKED_IN"
    case agendaItemNotFound = "AGENDA_ITEM_NOT_FOUND"
    case agendaItemInUse = "AGENDA_ITEM_IN_USE"
    case pollNotFound = "POLL_NOT_FOUND"
    case pollExists = "POLL_EXISTS"
    case pollRuleInvalid = "POLL_RULE_INVALID"
    case pollNotDraft = "POLL_NOT_DRAFT"
    case pollNotOpen = "POLL_NOT_OPEN"
    case pollNotHeld = "POLL_NOT_HELD"
    case pollInProgress = "POLL_IN_PROGRESS"
    case pollFinished = "POLL_FINISHED"
    case pollNotDecided = "POLL_NOT_DECIDED"
    case tieNotPending = "TIE_NOT_PENDING"
    case statementInvalid = "STATEMENT_INVALID"
    case ballotIDMismatch = "BALLOT_ID_MISMATCH"
    case signatureInvalid = "SIGNATURE_INVALID"
    case notOnRoll = "NOT_ON_ROLL"
    case signingKeyNotOnRoll = "SIGNING_KEY_NOT_ON_ROLL"
    case signingKeyRevoked = "SIGNING_KEY_REVOKED"
    case motionDigestMismatch = "MOTION_DIGEST_MISMATCH"
    case rollDigestMismatch = "ROLL_DIGEST_MISMATCH"
    case ballotNotRevocable = "BALLOT_NOT_REVOCABLE"
    case revisionStale = "REVISION_STALE"
    case entryNotFound = "ENTRY_NOT_FOUND"
    case beyondLog = "BEYOND_LOG"
    case chairSignatureRequired = "CHAIR_SIGNATURE_REQUIRED"
    case administratorRequired = "ADMINISTRATOR_REQUIRED"
    case logUnreadable = "LOG_UNREADABLE"

    /// As it travels in a status detail.
    public var name: String { rawValue }

    /// The canonical code that goes with the reason.
    public var code: Code {
        switch self {
        case .principalUnknown:
            .unauthenticated
        case .roleRequired, .notOnRoll, .signingKeyNotOnRoll, .signingKeyRevoked,
            .chairSignatureRequired:
            .permissionDenied
        case .fieldInvalid, .pageTokenInvalid, .idempotencyKeyRequired, .certificateInvalid,
            .pollRuleInvalid, .statementInvalid, .ballotIDMismatch, .signatureInvalid:
            .invalidArgument
        case .idempotencyKeyReused, .certificateExists, .meetingExists, .pollExists:
            .alreadyExists
        case .meetingNotFound, .principalNotFound, .certificateNotFound, .participantNotFound,
            .agendaItemNotFound, .pollNotFound, .entryNotFound:
            .notFound
        case .logDamaged:
            .dataLoss
        case .principalChanged:
            .aborted
        case .meetingNotScheduled, .meetingNotOpen, .meetingNotInRecess, .meetingAdjourned,
            .chairRequired, .quorumNotMet, .participantInUse, .notCheckedIn, .checkedIn,
            .agendaItemInUse, .pollNotDraft, .pollNotOpen, .pollNotHeld, .pollInProgress,
            .pollFinished, .pollNotDecided, .tieNotPending, .motionDigestMismatch,
            .rollDigestMismatch, .ballotNotRevocable, .revisionStale, .administratorRequired:
            .failedPrecondition
        case .limitReached:
            .resourceExhausted
        case .beyondLog:
            .outOfRange
        case .logUnreadable:
            .unavailable
        }
    }
}
