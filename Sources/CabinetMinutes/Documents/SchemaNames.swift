internal import CabinetModel

// The names of enum values in the JSON of a bundle: those of the schema, without their prefix.

extension Choice {
    var name: String {
        switch self {
        case .yes: "YES"
        case .no: "NO"
        case .abstain: "ABSTAIN"
        }
    }
}

extension Place {
    var name: String {
        switch self {
        case .room: "ROOM"
        case .remote: "REMOTE"
        }
    }
}

extension Outcome {
    var name: String {
        switch self {
        case .carried: "CARRIED"
        case .notCarried: "NOT_CARRIED"
        }
    }
}

extension VerdictGround {
    var name: String {
        switch self {
        case .quorumNotMet: "QUORUM_NOT_MET"
        case .thresholdReached: "THRESHOLD_REACHED"
        case .tieChairBallot: "TIE_CHAIR_BALLOT"
        case .tieChairChoice: "TIE_CHAIR_CHOICE"
        case .tieFailed: "TIE_FAILED"
        case .thresholdNotReached: "THRESHOLD_NOT_REACHED"
        }
    }
}

extension PollBase {
    var name: String {
        switch self {
        case .allMembers: "ALL_MEMBERS"
        case .presentMembers: "PRESENT_MEMBERS"
        case .votesCast: "VOTES_CAST"
        case .yesAndNo: "YES_AND_NO"
        }
    }
}

extension Comparison {
    var name: String {
        switch self {
        case .moreThan: "MORE_THAN"
        case .atLeast: "AT_LEAST"
        }
    }
}

extension TieRule {
    var name: String {
        switch self {
        case .chairDecides: "CHAIR_DECIDES"
        case .fails: "FAILS"
        }
    }
}

extension Visibility {
    var name: String {
        switch self {
        case .named: "NAMED"
        case .counts: "COUNTS"
        case .nothing: "NOTHING"
        }
    }
}

extension PollCloseCause {
    var name: String {
        switch self {
        case .order: "ORDER"
        case .timer: "TIMER"
        }
    }
}

extension AgendaItemState {
    var name: String {
        switch self {
        case .pending: "PENDING"
        case .discussing: "DISCUSSING"
        case .decided: "DECIDED"
        case .deferred: "DEFERRED"
        }
    }
}

extension Attendance {
    var name: String {
        switch self {
        case .expected: "EXPECTED"
        case .present(.room, _): "IN_ROOM"
        case .present(.remote, _): "REMOTE"
        case .left: "LEFT"
        case .onLeave: "ON_LEAVE"
        case .absent: "ABSENT"
        }
    }
}

extension SignatureAlgorithm {
    var name: String {
        switch self {
        case .ecdsaP256SHA256: "ECDSA_P256_SHA256"
        case .rsaPSSSHA256: "RSA_PSS_SHA256"
        case .ed25519: "ED25519"
        }
    }
}

extension Entry {
    /// The field of `LedgerEntry` that the body is in, as the schema writes it.
    var bodyName: String {
        switch body {
        case .ballotCast: "ballot_cast"
        case .tieDecided: "tie_decided"
        case .verdictReached: "verdict_reached"
        case .fact(let fact): fact.bodyName
        }
    }
}

extension Fact {
    fileprivate var bodyName: String {
        switch self {
        case .logOpened: "log_opened"
        case .logRestored: "log_restored"
        case .meetingScheduled: "meeting_scheduled"
        case .meetingOpened: "meeting_opened"
        case .recessStarted: "recess_started"
        case .meetingResumed: "meeting_resumed"
        case .meetingAdjourned: "meeting_adjourned"
        case .participantsAdmitted: "participants_admitted"
        case .participantRemoved: "participant_removed"
        case .signingKeyRevoked: "signing_key_revoked"
        case .agendaItemSet: "agenda_item_set"
        case .agendaItemRemoved: "agenda_item_removed"
        case .currentItemChanged: "current_item_changed"
        case .checkedIn: "checked_in"
        case .checkedOut: "checked_out"
        case .leaveRecorded: "leave_recorded"
        case .absenceRecorded: "absence_recorded"
        case .pollCreated: "poll_created"
        case .rollFrozen: "roll_frozen"
        case .pollOpened: "poll_opened"
        case .pollHeld: "poll_held"
        case .pollResumed: "poll_resumed"
        case .pollClosed: "poll_closed"
        case .pollVoided: "poll_voided"
        }
    }
}
