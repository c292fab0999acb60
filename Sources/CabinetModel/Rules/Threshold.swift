/// Yes against what yes needs, by weight.
public struct ThresholdCount: Hashable, Sendable {
    /// Weight of the rule's base.
    public let baseWeight: UInt32
    /// Weight of yes that carries the motion.
    public let neededWeight: UInt32
    /// Weight of yes.
    public let yesWeight: UInt32

    /// A count that was made elsewhere, as an event brings it.
    public init(baseWeight: UInt32, neededWeight: UInt32, yesWeight: UInt32) {
        self.baseWeight = baseWeight
        self.neededWeight = neededWeight
        self.yesWeight = yesWeight
    }

    /// Counts.
    public init(rule: PollRule, tally: Tally, allMembers: HeadCount, presence: Presence) {
        let base =
            switch rule.thresholdBase {
            case .allMembers: allMembers.weight
            case .presentMembers: presence.total.weight
            case .votesCast: tally.cast.weight
            case .yesAndNo: (tally.yes.total + tally.no.total).weight
            }
        let needed =
            switch rule.comparison {
            case .moreThan: rule.threshold.floor(of: base).addingSaturated(1)
            case .atLeast: max(1, rule.threshold.ceiling(of: base))
            }
        self.init(
            baseWeight: base,
            neededWeight: needed,
            yesWeight: tally.yes.total.weight
        )
    }

    /// Whether yes has what it needs.
    public var isReached: Bool { yesWeight >= neededWeight }
}

extension ThresholdCount: CustomStringConvertible {
    /// The line of an open poll, for example «13 of 14 needed».
    public var description: String { "\(yesWeight) of \(neededWeight) needed" }
}
