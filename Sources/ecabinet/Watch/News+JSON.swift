import CabinetBoard
import CabinetClient
import CabinetModel
import CabinetRPC

extension News {
    /// One object, with stable names.
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
        case .condition: "CONDITION"
        case .meeting: "MEETING"
        case .currentItem: "CURRENT_ITEM"
        case .attendance: "ATTENDANCE"
        case .removed: "REMOVED"
        case .devices: "DEVICES"
        case .poll: "POLL"
        case .ballot: "BALLOT"
        case .counts: "COUNTS"
        case .verdict: "VERDICT"
        }
    }

    private var members: [JSONValue.Member] {
        switch self {
        case .condition(let condition):
            condition.json
        case .meeting(let title, let phase):
            [.init("title", .string(title.value)), .init("state", .string(phase.jsonName))]
        case .currentItem(let item):
            [
                .init("agenda_item_id", .optional(item?.id.text)),
                .init("title", .optional(item?.title.value)),
            ]
        case .attendance(let participant, let attendance):
            participant.json + [.init("attendance", .string(attendance.jsonName))]
        case .removed(let participant):
            participant.json
        case .devices(let participant, let kinds):
            participant.json
                + [.init("devices", .array(kinds.map { .string($0.jsonName) }))]
        case .poll(let poll, let state):
            [.init("poll_id", .string(poll.text)), .init("state", .string(state.jsonName))]
        case .ballot(let poll, let participant, let line):
            [.init("poll_id", .string(poll.text))] + participant.json + [
                .init("mark", .string(line.jsonName)),
                .init("place", .optional(line.place?.jsonName)),
            ]
        case .counts(let poll, let counts):
            [
                .init("poll_id", .string(poll.text)), .init("tally", counts.tally.asJSON),
                .init("threshold", counts.threshold.asJSON),
            ]
        case .verdict(let poll, let verdict):
            [
                .init("poll_id", .string(poll.text)),
                .init("outcome", .string(verdict.outcome.jsonName)),
                .init("ground", .string(verdict.ground.jsonName)),
                .init("tally", verdict.tally.asJSON),
                .init("threshold", verdict.threshold.asJSON),
                .init("quorum", verdict.quorum.asJSON),
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
