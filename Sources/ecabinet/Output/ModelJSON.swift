import CabinetModel

// What polls and meetings are made of, as JSON.

extension Fraction {
    var asJSON: JSONValue { .string(description) }
}

extension PollRule {
    var asJSON: JSONValue {
        .object([
            .init("quorum", quorum.asJSON),
            .init("quorum_includes_remote", .bool(quorumIncludesRemote)),
            .init("threshold_base", .string(thresholdBase.jsonName)),
            .init("threshold", threshold.asJSON),
            .init("comparison", .string(comparison.jsonName)),
            .init("tie", .string(tie.jsonName)),
            .init("revocable", .bool(isRevocable)),
            .init("visibility", .string(visibility.jsonName)),
        ])
    }
}

extension QuorumCount {
    var asJSON: JSONValue {
        .object([
            .init("all_members", .integer(Int64(allMembers))),
            .init("room_members", .integer(Int64(roomMembers))),
            .init("remote_members", .integer(Int64(remoteMembers))),
            .init("counted_members", .integer(Int64(countedMembers))),
            .init("needed_members", .integer(Int64(neededMembers))),
            .init("met", .bool(isMet)),
        ])
    }
}

extension ThresholdCount {
    var asJSON: JSONValue {
        .object([
            .init("base_weight", .integer(Int64(baseWeight))),
            .init("needed_weight", .integer(Int64(neededWeight))),
            .init("yes_weight", .integer(Int64(yesWeight))),
        ])
    }
}

extension HeadCount {
    var asJSON: JSONValue {
        .object([
            .init("members", .integer(Int64(members))), .init("weight", .integer(Int64(weight))),
        ])
    }
}

extension ChoiceCount {
    fileprivate var asJSON: JSONValue {
        .object([.init("room", room.asJSON), .init("remote", remote.asJSON)])
    }
}

extension Tally {
    var asJSON: JSONValue {
        .object([
            .init("yes", yes.asJSON), .init("no", no.asJSON), .init("abstain", abstain.asJSON),
            .init("not_voted", notVoted.asJSON),
        ])
    }
}

extension Verdict {
    var asJSON: JSONValue {
        .object([
            .init("outcome", .string(outcome.jsonName)),
            .init("ground", .string(ground.jsonName)),
            .init("tie_choice", .optional(ground.tieChoice?.jsonName)),
            .init("tally", tally.asJSON),
            .init("quorum", quorum.asJSON),
            .init("threshold", threshold.asJSON),
        ])
    }
}

extension Standing {
    var asJSON: JSONValue {
        .object([
            .init("tally", counts?.tally.asJSON ?? .null),
            .init("quorum", quorum.asJSON),
            .init("threshold", counts?.threshold.asJSON ?? .null),
        ])
    }
}

extension Moment? {
    /// `null` where there is none.
    var asJSON: JSONValue {
        map { Times.here.json(unixMilliseconds: $0.unixMilliseconds) } ?? .null
    }
}

extension Moment {
    /// In the user's zone, for people.
    var local: String { Times.here.local(unixMilliseconds: unixMilliseconds) }

    var asJSON: JSONValue { Times.here.json(unixMilliseconds: unixMilliseconds) }
}
