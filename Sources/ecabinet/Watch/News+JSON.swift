import CabinetBoard
import CabinetClient
import CabinetModel
import CabinetRPC

extension News {
    /// One object, with stable names; enumerated values are those of the schema without their prefix.
    ///
    /// - Parameters:
    ///   - time: When this program learned of it, in ISO 8601.
    ///   - sequence: Of the last event that the picture contains.
    func json(at time: String, sequence: UInt64?) -> JSONValue {
        .object(
            [
                .init("time", .string(time)),
                .init("sequence", sequence.map { .unsigned($0) } ?? .null),
                .init("event", .string(name)),
            ] + members
        )
    }

    private var name: String {
        switch self {
        case .condition: "condition"
        case .meeting: "meeting"
        case .currentItem: "current_item"
        case .attendance: "attendance"
        case .removed: "removed"
        case .devices: "devices"
        case .poll: "poll"
        case .ballot: "ballot"
        case .counts: "counts"
        case .verdict: "verdict"
        }
    }

    private var members: [JSONValue.Member] {
        switch self {
        case .condition(let condition):
            condition.json
        case .meeting(let title, let phase):
            [.init("title", .string(title.value)), .init("state", .string(phase.rawValue))]
        case .currentItem(let item):
            [
                .init("agenda_item_id", .optional(item?.id.text)),
                .init("title", .optional(item?.title.value)),
            ]
        case .attendance(let participant, let attendance):
            participant.json + [.init("attendance", .string(attendance.name))]
        case .removed(let participant):
            participant.json
        case .devices(let participant, let kinds):
            participant.json
                + [.init("devices", .array(kinds.map { .string($0.name) }))]
        case .poll(let poll, let state):
            [.init("poll_id", .string(poll.text)), .init("state", .string(state.name))]
        case .ballot(let poll, let participant, let line):
            [.init("poll_id", .string(poll.text))] + participant.json + line.json
        case .counts(let poll, let counts):
            [
                .init("poll_id", .string(poll.text)), .init("tally", counts.tally.json),
                .init("threshold", counts.threshold.json),
            ]
        case .verdict(let poll, let verdict):
            [
                .init("poll_id", .string(poll.text)),
                .init("outcome", .string(verdict.outcome.name)),
                .init("ground", .string(verdict.ground.name)),
                .init("tally", verdict.tally.json),
                .init("threshold", verdict.threshold.json),
                .init("quorum", verdict.quorum.json),
            ]
        }
    }
}

extension ReplicaCondition {
    fileprivate var json: [JSONValue.Member] {
        switch self {
        case .connecting: [.init("condition", .string("CONNECTING"))]
        case .catchingUp: [.init("condition", .string("CATCHING_UP"))]
        case .live: [.init("condition", .string("LIVE"))]
        case .offline(_, let reason):
            [
                .init("condition", .string("OFFLINE")),
                .init("reason", .optional(reason.details.first?.reason)),
                .init("message", .string(reason.message)),
            ]
        case .startingAnew(_, let attempt):
            [
                .init("condition", .string("STARTING_ANEW")),
                .init("attempt", .integer(Int64(attempt))),
            ]
        case .ended: [.init("condition", .string("ENDED"))]
        }
    }
}

extension Participant {
    fileprivate var json: [JSONValue.Member] {
        [
            .init("principal_id", .string(id.text)),
            .init("display_name", .string(displayName.value)),
        ]
    }
}

extension Attendance {
    fileprivate var name: String {
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

extension DeviceKind {
    fileprivate var name: String {
        switch self {
        case .seatTablet: "SEAT_TABLET"
        case .tablet: "TABLET"
        case .phone: "PHONE"
        case .computer: "COMPUTER"
        case .wallBoard: "WALL_BOARD"
        }
    }
}

extension Place {
    fileprivate var name: String {
        switch self {
        case .room: "ROOM"
        case .remote: "REMOTE"
        }
    }
}

extension Choice {
    fileprivate var name: String {
        switch self {
        case .yes: "YES"
        case .no: "NO"
        case .abstain: "ABSTAIN"
        }
    }
}

extension RollCall.Line {
    /// The mark, and where the ballot came from.
    fileprivate var json: [JSONValue.Member] {
        let mark =
            switch self {
            case .notVoted: "NOT_VOTED"
            case .voted: "VOTED"
            case .named(let vote): vote.choice.name
            }
        return [.init("mark", .string(mark)), .init("place", .optional(place?.name))]
    }
}

extension Outcome {
    fileprivate var name: String {
        switch self {
        case .carried: "CARRIED"
        case .notCarried: "NOT_CARRIED"
        }
    }
}

extension VerdictGround {
    fileprivate var name: String {
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

extension HeadCount {
    fileprivate var json: JSONValue {
        .object([
            .init("members", .unsigned(UInt64(members))),
            .init("weight", .unsigned(UInt64(weight))),
        ])
    }
}

extension ChoiceCount {
    fileprivate var json: JSONValue {
        .object([.init("room", room.json), .init("remote", remote.json)])
    }
}

extension Tally {
    fileprivate var json: JSONValue {
        .object([
            .init("yes", yes.json), .init("no", no.json), .init("abstain", abstain.json),
            .init("not_voted", notVoted.json),
        ])
    }
}

extension ThresholdCount {
    fileprivate var json: JSONValue {
        .object([
            .init("base_weight", .unsigned(UInt64(baseWeight))),
            .init("needed_weight", .unsigned(UInt64(neededWeight))),
            .init("yes_weight", .unsigned(UInt64(yesWeight))),
        ])
    }
}

extension QuorumCount {
    fileprivate var json: JSONValue {
        .object([
            .init("all_members", .unsigned(UInt64(allMembers))),
            .init("room_members", .unsigned(UInt64(roomMembers))),
            .init("remote_members", .unsigned(UInt64(remoteMembers))),
            .init("counted_members", .unsigned(UInt64(countedMembers))),
            .init("needed_members", .unsigned(UInt64(neededMembers))),
        ])
    }
}
