/// All that a poll's result follows from: rule, roll, attendance and ballots. ``standing`` and
/// ``verdict`` are functions of it and of nothing else, and make the same counts.
public struct Scrutiny: Hashable, Sendable {
    /// A member on the roll.
    public struct Voter: Hashable, Sendable {
        /// The weight on the roll.
        public let weight: Weight
        /// Where the member is checked in: now, or when the poll closed. `nil` where nowhere.
        public let attendance: Place?
        /// The ballot that counts; `nil` where there is none.
        public let vote: Vote?

        public init(weight: Weight, attendance: Place?, vote: Vote?) {
            self.weight = weight
            self.attendance = attendance
            self.vote = vote
        }
    }

    /// The rule of the poll.
    public let rule: PollRule
    /// The roll in its order.
    public let voters: [Voter]
    /// Position on the roll of the chair who was frozen with it.
    public let chairPosition: Int?
    /// The choice that the chair signed after the close; `nil` where there is none.
    public let tieChoice: TieChoice?

    public init(
        rule: PollRule,
        voters: [Voter],
        chairPosition: Int?,
        tieChoice: TieChoice? = nil
    ) {
        self.rule = rule
        self.voters = voters
        self.chairPosition = chairPosition
        self.tieChoice = tieChoice
    }

    /// The counts as they stand, for the line «13 of 14 needed» of an open poll.
    ///
    /// - Complexity: O(*n*) in the voters.
    public var standing: Standing {
        let (tally, quorum, threshold) = counts
        return Standing(
            counts: Standing.Counts(tally: tally, threshold: threshold),
            quorum: quorum,
            rule: rule
        )
    }

    /// The verdict, if the poll is closed; `nil` where it waits for the chair's choice in a tie.
    ///
    /// - Complexity: O(*n*) in the voters.
    public var verdict: Verdict? {
        let (tally, quorum, threshold) = counts
        return ground(tally, quorum, threshold).map { ground in
            Verdict(
                ground: ground,
                tally: tally,
                quorum: quorum,
                threshold: threshold,
                rule: rule
            )
        }
    }

    private var counts: (Tally, QuorumCount, ThresholdCount) {
        let tally = Tally(of: voters.lazy.map { (weight: $0.weight, vote: $0.vote) })
        let presence = Presence(
            of: voters.lazy.map { (weight: $0.weight, place: $0.attendance ?? $0.vote?.place) }
        )
        let all = voters.reduce(HeadCount.zero) { $0 + $1.weight }
        return (
            tally,
            QuorumCount(rule: rule, allMembers: all.members, presence: presence),
            ThresholdCount(rule: rule, tally: tally, allMembers: all, presence: presence)
        )
    }

    /// The rules in the order in which they are tried (voting.proto, `VerdictGround`).
    private func ground(
        _ tally: Tally,
        _ quorum: QuorumCount,
        _ threshold: ThresholdCount
    ) -> VerdictGround? {
        guard quorum.isMet else { return .quorumNotMet }
        if threshold.isReached { return .thresholdReached }
        let isTie =
            tally.yes.total.weight == tally.no.total.weight && tally.yes.total.weight != 0
        guard isTie else { return .thresholdNotReached }
        switch rule.tie {
        case .fails: return .tieFailed
        case .chairDecides:
            if let choice = chairVote.flatMap(TieChoice.init) { return .tieChairBallot(choice) }
            return tieChoice.map(VerdictGround.tieChairChoice)
        }
    }

    private var chairVote: Choice? {
        guard let position = chairPosition, voters.indices.contains(position) else { return nil }
        return voters[position].vote?.choice
    }
}
