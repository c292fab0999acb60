/// What the needed number is a fraction of. Raw values are those of `cabinet.v1.PollBase`.
public enum PollBase: Int32, Hashable, Sendable, CaseIterable {
    /// The weight of the whole roll, present or not.
    case allMembers = 1
    /// The weight of the members on the roll who are present, in the room or remote. Whether remote
    /// members count towards the quorum does not matter here.
    case presentMembers = 2
    /// The weight of the ballots that count: yes, no and abstain.
    case votesCast = 3
    /// The weight of the ballots that count for yes or no.
    case yesAndNo = 4
}

/// How yes is compared with the fraction. Raw values are those of `cabinet.v1.Comparison`.
public enum Comparison: Int32, Hashable, Sendable, CaseIterable {
    /// The weight needed is ⌊base × fraction⌋ + 1.
    case moreThan = 1
    /// The weight needed is ⌈base × fraction⌉, and never less than 1.
    case atLeast = 2
}

/// What decides a tie. Raw values are those of `cabinet.v1.TieRule`.
public enum TieRule: Int32, Hashable, Sendable, CaseIterable {
    /// The chair's own ballot, where it is yes or no; otherwise the poll waits for the chair's
    /// choice.
    case chairDecides = 1
    /// The motion fails.
    case fails = 2
}

/// What is learnt of the ballots before the verdict. Raw values are those of
/// `cabinet.v1.Visibility`.
public enum Visibility: Int32, Hashable, Sendable, CaseIterable {
    /// Who voted, and how.
    case named = 1
    /// The tally after each ballot, and no names.
    case counts = 2
    /// Who voted, and no counts.
    case nothing = 3
}

/// Everything that decides a poll, apart from the weights, which are on the roll (voting.proto,
/// `PollRule`).
public struct PollRule: Hashable, Sendable {
    /// The part of all members on the roll, by head, that has to be present. 0 asks for no quorum.
    public let quorum: Fraction
    /// Whether remote members count towards the quorum.
    public let quorumIncludesRemote: Bool
    /// What the threshold is a fraction of.
    public let thresholdBase: PollBase
    /// The fraction of the base that yes has to pass or reach. Above 0.
    public let threshold: Fraction
    /// Whether yes has to pass or to reach it. ``Comparison/moreThan`` goes with a fraction below 1.
    public let comparison: Comparison
    /// What decides a tie.
    public let tie: TieRule
    /// Whether a member may replace the ballot until the poll closes.
    public let isRevocable: Bool
    /// What is shown before the verdict.
    public let visibility: Visibility

    /// A rule; what is not given is as in ``governmentDefault``.
    ///
    /// - Throws: ``Rejection/pollRuleInvalid(rule:)`` for a threshold of 0, which nothing can miss,
    ///   and for «more than 1», which nothing can pass.
    public init(
        quorum: Fraction = .twoThirds,
        quorumIncludesRemote: Bool = true,
        thresholdBase: PollBase = .allMembers,
        threshold: Fraction = .half,
        comparison: Comparison = .moreThan,
        tie: TieRule = .chairDecides,
        isRevocable: Bool = false,
        visibility: Visibility = .counts
    ) throws(Rejection) {
        guard !threshold.isZero else {
            throw .pollRuleInvalid(rule: "threshold is above 0")
        }
        guard comparison == .atLeast || !threshold.isOne else {
            throw .pollRuleInvalid(rule: "threshold is below 1 where comparison is MORE_THAN")
        }
        self.quorum = quorum
        self.quorumIncludesRemote = quorumIncludesRemote
        self.thresholdBase = thresholdBase
        self.threshold = threshold
        self.comparison = comparison
        self.tie = tie
        self.isRevocable = isRevocable
        self.visibility = visibility
    }

    private init(provenDefault: Void) {
        quorum = .twoThirds
        quorumIncludesRemote = true
        thresholdBase = .allMembers
        threshold = .half
        comparison = .moreThan
        tie = .chairDecides
        isRevocable = false
        visibility = .counts
    }

    /// The rule of the Law on Organization of the Government of Viet Nam (2015, No. 76/2015/QH13,
    /// articles 44 and 46): quorum at least 2/3 of all members, carried by more than 1/2 of all
    /// members, a tie decided by the chair. Remote members count, no ballot is changed, counts are
    /// shown.
    public static let governmentDefault = PollRule(provenDefault: ())
}
