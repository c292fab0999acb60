public import CabinetAPI
public import CabinetModel

extension CabinetModel.VerdictGround {
    /// What the ground and the tie choice of a message say together.
    init(_ ground: CabinetAPI.VerdictGround, tieChoice: TieChoice?) throws(InvalidField) {
        switch (ground, tieChoice) {
        case (.quorumNotMet, nil): self = .quorumNotMet
        case (.thresholdReached, nil): self = .thresholdReached
        case (.tieChairBallot, let choice?): self = .tieChairBallot(choice)
        case (.tieChairChoice, let choice?): self = .tieChairChoice(choice)
        case (.tieFailed, nil): self = .tieFailed
        case (.thresholdNotReached, nil): self = .thresholdNotReached
        case (.unspecified, _), (.unrecognized, _):
            throw InvalidField("ground", "the value is one that the schema knows and allows here")
        case (.tieChairBallot, nil), (.tieChairChoice, nil):
            throw InvalidField("tie_choice", "it is given where the chair decided a tie")
        default:
            throw InvalidField("tie_choice", "it is given only where the chair decided a tie")
        }
    }
}

extension CabinetModel.Verdict {
    /// A verdict that is complete.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.Verdict) throws(InvalidField) {
        let tieChoice: TieChoice? = try field(
            "tie_choice",
            try knownOrUnspecified(message.tieChoice)
        )
        self.init(
            ground: try VerdictGround(message.ground, tieChoice: tieChoice),
            tally: try nested("tally", try Tally(required("", message.tally))),
            quorum: try nested("quorum", try QuorumCount(required("", message.quorum))),
            threshold: ThresholdCount(try required("threshold", message.threshold)),
            rule: try nested("rule", try PollRule(required("", message.rule)))
        )
        guard message.outcome.rawValue == outcome.rawValue else {
            throw InvalidField("outcome", "it follows from the ground")
        }
    }
}

extension CabinetAPI.Verdict {
    /// A verdict that is complete.
    public init(_ verdict: CabinetModel.Verdict) {
        self.init(
            outcome: Outcome(verdict.outcome),
            ground: VerdictGround(rawValue: verdict.ground.number),
            tally: Tally(verdict.tally),
            quorum: QuorumCount(verdict.quorum),
            threshold: ThresholdCount(verdict.threshold),
            rule: PollRule(verdict.rule),
            tieChoice: Choice(verdict.ground.tieChoice)
        )
    }

    /// The counts as they stand, as far as they may be seen.
    public init(_ standing: Standing) {
        self.init(
            outcome: .pending,
            tally: standing.counts.map { Tally($0.tally) },
            quorum: QuorumCount(standing.quorum),
            threshold: standing.counts.map { ThresholdCount($0.threshold) },
            rule: PollRule(standing.rule)
        )
    }
}

extension Standing {
    /// The counts of a poll that has no verdict yet.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.Verdict) throws(InvalidField) {
        guard message.outcome == .pending else {
            throw InvalidField("outcome", "it is PENDING while there is no verdict")
        }
        let counts: Counts?
        switch (message.tally, message.threshold) {
        case (let tally?, let threshold?):
            counts = Counts(
                tally: try nested("tally", try Tally(tally)),
                threshold: ThresholdCount(threshold)
            )
        case (nil, nil):
            counts = nil
        default:
            throw InvalidField("threshold", "it is there where the tally is")
        }
        self.init(
            counts: counts,
            quorum: try nested("quorum", try QuorumCount(required("", message.quorum))),
            rule: try nested("rule", try PollRule(required("", message.rule)))
        )
    }
}
