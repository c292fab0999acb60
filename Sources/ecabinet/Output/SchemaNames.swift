import CabinetModel

// Names for programs, as those of the schema in lower case and without their prefix.

extension MeetingPhase.Name {
    var jsonName: String { rawValue.lowercased() }
}

extension PollState {
    var jsonName: String { name.lowercased() }
}

extension Role {
    var jsonName: String { name.lowercased() }
}

extension AgendaItemState {
    var jsonName: String {
        switch self {
        case .pending: "pending"
        case .discussing: "discussing"
        case .decided: "decided"
        case .deferred: "deferred"
        }
    }
}

extension Attendance {
    var jsonName: String {
        switch self {
        case .expected: "expected"
        case .present(.room, _): "in_room"
        case .present(.remote, _): "remote"
        case .left: "left"
        case .onLeave: "on_leave"
        case .absent: "absent"
        }
    }
}

extension Place {
    var jsonName: String {
        switch self {
        case .room: "room"
        case .remote: "remote"
        }
    }
}

extension Choice {
    var jsonName: String {
        switch self {
        case .yes: "yes"
        case .no: "no"
        case .abstain: "abstain"
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
        case .allMembers: "all_members"
        case .presentMembers: "present_members"
        case .votesCast: "votes_cast"
        case .yesAndNo: "yes_and_no"
        }
    }
}

extension Comparison {
    var jsonName: String {
        switch self {
        case .moreThan: "more_than"
        case .atLeast: "at_least"
        }
    }
}

extension TieRule {
    var jsonName: String {
        switch self {
        case .chairDecides: "chair_decides"
        case .fails: "fails"
        }
    }
}

extension Visibility {
    var jsonName: String {
        switch self {
        case .named: "named"
        case .counts: "counts"
        case .nothing: "nothing"
        }
    }
}

extension PollCloseCause {
    var jsonName: String {
        switch self {
        case .order: "order"
        case .timer: "timer"
        }
    }
}

extension Outcome {
    var jsonName: String {
        switch self {
        case .carried: "carried"
        case .notCarried: "not_carried"
        }
    }
}

extension VerdictGround {
    var jsonName: String {
        switch self {
        case .quorumNotMet: "quorum_not_met"
        case .thresholdReached: "threshold_reached"
        case .tieChairBallot: "tie_chair_ballot"
        case .tieChairChoice: "tie_chair_choice"
        case .tieFailed: "tie_failed"
        case .thresholdNotReached: "threshold_not_reached"
        }
    }
}
