/// What became of a motion. Raw values are those of `cabinet.v1.Outcome`.
public enum Outcome: Int32, Hashable, Sendable {
    /// Carried.
    case carried = 2
    /// Not carried.
    case notCarried = 3
}

/// The rule that decided, in the order in which the rules are tried (voting.proto,
/// `VerdictGround`). The outcome follows from it.
public enum VerdictGround: Hashable, Sendable {
    /// Too few members were present: not carried.
    case quorumNotMet
    /// Yes reached the weight needed: carried.
    case thresholdReached
    /// A tie, decided by the ballot that the chair had cast.
    case tieChairBallot(TieChoice)
    /// A tie, decided by the choice that the chair signed after the close.
    case tieChairChoice(TieChoice)
    /// A tie, in which the motion fails.
    case tieFailed
    /// Yes did not reach the weight needed, and there was no tie: not carried.
    case thresholdNotReached

    /// What became of the motion.
    public var outcome: Outcome {
        switch self {
        case .thresholdReached, .tieChairBallot(.yes), .tieChairChoice(.yes): .carried
        case .quorumNotMet, .tieChairBallot(.no), .tieChairChoice(.no), .tieFailed,
            .thresholdNotReached:
            .notCarried
        }
    }

    /// The chair's choice that decided the tie; `nil` where none did.
    public var tieChoice: TieChoice? {
        switch self {
        case .tieChairBallot(let choice), .tieChairChoice(let choice): choice
        case .quorumNotMet, .thresholdReached, .tieFailed, .thresholdNotReached: nil
        }
    }

    /// The number in `cabinet.v1.VerdictGround`.
    public var number: Int32 {
        switch self {
        case .quorumNotMet: 1
        case .thresholdReached: 2
        case .tieChairBallot: 3
        case .tieChairChoice: 4
        case .tieFailed: 5
        case .thresholdNotReached: 6
        }
    }
}

/// The result of a poll, with all that it follows from.
public struct Verdict: Hashable, Sendable {
    /// Which rule decided.
    public let ground: VerdictGround
    /// Counts by choice.
    public let tally: Tally
    /// The quorum, and by how much it was met.
    public let quorum: QuorumCount
    /// The base, the weight needed and the weight of yes.
    public let threshold: ThresholdCount
    /// The rule that was applied.
    public let rule: PollRule

    public init(
        ground: VerdictGround,
        tally: Tally,
        quorum: QuorumCount,
        threshold: ThresholdCount,
        rule: PollRule
    ) {
        self.ground = ground
        self.tally = tally
        self.quorum = quorum
        self.threshold = threshold
        self.rule = rule
    }

    /// What became of the motion.
    public var outcome: Outcome { ground.outcome }
}

/// How a poll in progress stands: the verdict that is still pending, as far as it may be seen.
public struct Standing: Hashable, Sendable {
    /// What shows the ballots, and so may be hidden.
    public struct Counts: Hashable, Sendable {
        /// Counts by choice.
        public let tally: Tally
        /// For example «13 of 14 needed».
        public let threshold: ThresholdCount

        public init(tally: Tally, threshold: ThresholdCount) {
            self.tally = tally
            self.threshold = threshold
        }
    }

    /// The counts; `nil` where they may not be seen yet.
    public let counts: Counts?
    /// The quorum as it stands.
    public let quorum: QuorumCount
    /// The rule that is applied.
    public let rule: PollRule

    public init(counts: Counts?, quorum: QuorumCount, rule: PollRule) {
        self.counts = counts
        self.quorum = quorum
        self.rule = rule
    }
}
