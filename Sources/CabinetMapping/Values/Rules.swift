public import CabinetAPI
public import CabinetModel

extension CabinetModel.Fraction {
    init(_ message: CabinetAPI.Fraction) throws(InvalidField) {
        do {
            try self.init(message.numerator, of: message.denominator)
        } catch {
            let isWhole = Limits.denominator.contains(message.denominator)
            throw InvalidField(isWhole ? "numerator" : "denominator", error.rule)
        }
    }
}

extension CabinetAPI.Fraction {
    init(_ fraction: CabinetModel.Fraction) {
        self.init(numerator: fraction.numerator, denominator: fraction.denominator)
    }
}

extension CabinetModel.PollRule {
    /// A rule, which is complete.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.PollRule) throws(InvalidField) {
        let quorum = try nested("quorum", try Fraction(required("", message.quorum)))
        let base: CabinetModel.PollBase = try field(
            "threshold_base",
            try known(message.thresholdBase)
        )
        let threshold = try nested("threshold", try Fraction(required("", message.threshold)))
        let comparison: CabinetModel.Comparison = try field(
            "comparison",
            try known(message.comparison)
        )
        let tie: CabinetModel.TieRule = try field("tie", try known(message.tie))
        let visibility: CabinetModel.Visibility = try field(
            "visibility",
            try known(message.visibility)
        )
        do throws(Rejection) {
            try self.init(
                quorum: quorum,
                quorumIncludesRemote: message.quorumIncludesRemote,
                thresholdBase: base,
                threshold: threshold,
                comparison: comparison,
                tie: tie,
                isRevocable: message.revocable,
                visibility: visibility
            )
        } catch {
            guard case .pollRuleInvalid(let rule) = error else {
                throw InvalidField("", error.description)
            }
            throw InvalidField("", rule, isContradictoryRule: true)
        }
    }
}

extension CabinetAPI.PollRule {
    /// A rule, complete.
    public init(_ rule: CabinetModel.PollRule) {
        self.init(
            quorum: Fraction(rule.quorum),
            quorumIncludesRemote: rule.quorumIncludesRemote,
            thresholdBase: PollBase(rule.thresholdBase),
            threshold: Fraction(rule.threshold),
            comparison: Comparison(rule.comparison),
            tie: TieRule(rule.tie),
            revocable: rule.isRevocable,
            visibility: Visibility(rule.visibility)
        )
    }
}
