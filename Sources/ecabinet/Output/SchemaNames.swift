import CabinetModel

// Names for programs: those of the schema without their prefix.

extension MeetingPhase.Name {
    var jsonName: String { rawValue }
}

extension PollState {
    var jsonName: String { name }
}

extension Role {
    var jsonName: String { name }
}

extension AgendaItemState {
    var jsonName: String {
        switch self {
        case .pending: "PENDING"
        case .discussing: "DISCUSSING"
        case .decided: "DECIDED"
        case .deferred: "DEFERRED"
        }
    }
}

extension Attendance {
    var jsonName: String {
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

extension Place {
    var jsonName: String {
        switch self {
        case .room: "ROOM"
        case .remote: "REMOTE"
        }
    }
}

extension CabinetModel.DeviceKind {
    var jsonName: String {
        switch self {
        case .seatTablet: "SEAT_TABLET"
        case .tablet: "TABLET"
        case .phone: "PHONE"
        case .computer: "COMPUTER"
        case .wallBoard: "WALL_BOARD"
        }
    }
}

extension RollCall.Line {
    /// The mark, without where the ballot came from.
    var jsonName: String {
        switch self {
        case .notVoted: "NOT_VOTED"
        case .voted: "VOTED"
        case .named(let vote): vote.choice.jsonName
        }
    }
}

extension Choice {
    var jsonName: String {
        switch self {
        case .yes: "YES"
        case .no: "NO"
        case .abstain: "ABSTAIN"
        }
    }
}

extension TieChoice {
    var jsonName: String {
        switch self {
        case .yes: Choice.yes.jsonName
        case .no: Choice.no.jsonName
        }
    }
}

extension PollBase {
    var jsonName: String {
        switch self {
        case .allMembers: "ALL_MEMBERS"
        case .presentMembers: "PRESENT_MEMBERS"
        case .votesCast: "VOTES_CAST"
        case .yesAndNo: "YES_AND_NO"
        }
    }
}

extension Comparison {
    var jsonName: String {
        switch self {
        case .moreThan: "MORE_THAN"
        case .atLeast: "AT_LEAST"
        }
    }
}

extension TieRule {
    var jsonName: String {
        switch self {
        case .chairDecides: "CHAIR_DECIDES"
        case .fails: "FAILS"
        }
    }
}

extension Visibility {
    var jsonName: String {
        switch self {
        case .named: "NAMED"
        case .counts: "COUNTS"
        case .nothing: "NOTHING"
        }
    }
}

extension PollCloseCause {
    var jsonName: String {
        switch self {
        case .order: "ORDER"
        case .timer: "TIMER"
        }
    }
}

extension Outcome {
    var jsonName: String {
        switch self {
        case .carried: "CARRIED"
        case .notCarried: "NOT_CARRIED"
        }
    }
}

extension VerdictGround {
    var jsonName: String {
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
