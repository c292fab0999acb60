/// The canonical codes that rejections have. Raw values are those of `cabinet.rpc` and `google.rpc`.
public enum CanonicalCode: Int32, Hashable, Sendable {
    case invalidArgument = 3
    case notFound = 5
    case alreadyExists = 6
    case permissionDenied = 7
    case resourceExhausted = 8
    case failedPrecondition = 9
    case aborted = 10
    case unauthenticated = 16

    /// As in the schema, for example `FAILED_PRECONDITION`.
    public var name: String {
        switch self {
        case .invalidArgument: "INVALID_ARGUMENT"
        case .notFound: "NOT_FOUND"
        case .alreadyExists: "ALREADY_EXISTS"
        case .permissionDenied: "PERMISSION_DENIED"
        case .resourceExhausted: "RESOURCE_EXHAUSTED"
        case .failedPrecondition: "FAILED_PRECONDITION"
        case .aborted: "ABORTED"
        case .unauthenticated: "UNAUTHENTICATED"
        }
    }
}

/// The stable reasons that a meeting rejects a command with: those of `cabinet.v1.Reason` that do
/// not belong to transport or pages, and that an admission or a ballot is refused with before the
/// meeting sees it: PRINCIPAL_NOT_FOUND, CERTIFICATE_INVALID and SIGNATURE_INVALID.
public enum Reason: String, Hashable, Sendable, CaseIterable {
    case roleRequired = "ROLE_REQUIRED"
    case fieldInvalid = "FIELD_INVALID"
    case meetingNotFound = "MEETING_NOT_FOUND"
    case principalNotFound = "PRINCIPAL_NOT_FOUND"
    case certificateInvalid = "CERTIFICATE_INVALID"
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
    case chairSignatureRequired = "CHAIR_SIGNATURE_REQUIRED"

    /// As it travels in a status detail: the name in the schema without its prefix.
    public var name: String { rawValue }

    /// The code that goes with the reason (common.proto, `Reason`).
    public var code: CanonicalCode {
        switch self {
        case .fieldInvalid, .pollRuleInvalid, .statementInvalid, .ballotIDMismatch,
            .certificateInvalid, .signatureInvalid:
            .invalidArgument
        case .meetingNotFound, .principalNotFound, .participantNotFound, .agendaItemNotFound,
            .pollNotFound, .entryNotFound:
            .notFound
        case .meetingExists, .pollExists:
            .alreadyExists
        case .roleRequired, .notOnRoll, .signingKeyNotOnRoll, .signingKeyRevoked,
            .chairSignatureRequired:
            .permissionDenied
        case .limitReached:
            .resourceExhausted
        case .meetingNotScheduled, .meetingNotOpen, .meetingNotInRecess, .meetingAdjourned,
            .chairRequired, .quorumNotMet, .participantInUse, .notCheckedIn, .checkedIn,
            .agendaItemInUse, .pollNotDraft, .pollNotOpen, .pollNotHeld, .pollInProgress,
            .pollFinished, .pollNotDecided, .tieNotPending, .motionDigestMismatch,
            .rollDigestMismatch, .ballotNotRevocable, .revisionStale:
            .failedPrecondition
        }
    }
}
