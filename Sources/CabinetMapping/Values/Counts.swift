public import CabinetAPI
public import CabinetModel

extension CabinetModel.ChoiceCount {
    init(_ message: CabinetAPI.ChoiceCount) {
        self.init(
            room: HeadCount(members: message.roomMembers, weight: message.roomWeight),
            remote: HeadCount(members: message.remoteMembers, weight: message.remoteWeight)
        )
    }
}

extension CabinetAPI.ChoiceCount {
    init(_ count: CabinetModel.ChoiceCount) {
        self.init(
            roomMembers: count.room.members,
            remoteMembers: count.remote.members,
            roomWeight: count.room.weight,
            remoteWeight: count.remote.weight
        )
    }
}

extension CabinetModel.Tally {
    init(_ message: CabinetAPI.Tally) throws(InvalidField) {
        self.init(
            yes: ChoiceCount(try required("yes", message.yes)),
            no: ChoiceCount(try required("no", message.no)),
            abstain: ChoiceCount(try required("abstain", message.abstain)),
            notVoted: HeadCount(
                members: message.notVotedMembers,
                weight: message.notVotedWeight
            )
        )
    }
}

extension CabinetAPI.Tally {
    init(_ tally: CabinetModel.Tally) {
        self.init(
            yes: ChoiceCount(tally.yes),
            no: ChoiceCount(tally.no),
            abstain: ChoiceCount(tally.abstain),
            notVotedMembers: tally.notVoted.members,
            notVotedWeight: tally.notVoted.weight
        )
    }
}

extension CabinetModel.QuorumCount {
    /// Members present against members needed.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.QuorumCount) throws(InvalidField) {
        self.init(
            allMembers: message.allMembers,
            roomMembers: message.roomMembers,
            remoteMembers: message.remoteMembers,
            countedMembers: message.countedMembers,
            neededMembers: message.neededMembers
        )
        guard marginMembers == Int(message.marginMembers) else {
            throw InvalidField("margin_members", "it is the counted members less the needed")
        }
    }
}

extension CabinetAPI.QuorumCount {
    /// Members present against members needed.
    public init(_ count: CabinetModel.QuorumCount) {
        self.init(
            allMembers: count.allMembers,
            roomMembers: count.roomMembers,
            remoteMembers: count.remoteMembers,
            countedMembers: count.countedMembers,
            neededMembers: count.neededMembers,
            marginMembers: Int32(clamping: count.marginMembers)
        )
    }
}

extension CabinetModel.ThresholdCount {
    init(_ message: CabinetAPI.ThresholdCount) {
        self.init(
            baseWeight: message.baseWeight,
            neededWeight: message.neededWeight,
            yesWeight: message.yesWeight
        )
    }
}

extension CabinetAPI.ThresholdCount {
    init(_ count: CabinetModel.ThresholdCount) {
        self.init(
            baseWeight: count.baseWeight,
            neededWeight: count.neededWeight,
            yesWeight: count.yesWeight
        )
    }
}
