public import CabinetModel

extension Verdict {
    /// The result and what it follows from, in one line: «Carried: 25 of 27 in favour, 14 needed, quorum 18
    /// met by 25».
    public func summary(in language: Language) -> String {
        outcome.text(in: language).capitalizedFirst + ": " + figures(in: language)
    }

    /// «25 of 27 in favour, 14 needed, quorum 18 met by 25».
    public func figures(in language: Language) -> String {
        threshold.text(of: rule.thresholdBase, in: language) + weightNote(in: language)
            + quorum.clause(in: language)
    }

    /// Why the poll ended as it did, in sentences, one a line: the rule that decided, the counts, the
    /// quorum, the number needed, and the tie where there was one.
    public func explanation(in language: Language) -> [String] {
        [
            outcome.text(in: language).capitalizedFirst + ": " + ground.text(in: language) + ".",
            tally.text(in: language) + ".",
            quorum.sentence(rule: rule, in: language),
            threshold.sentence(rule: rule, in: language),
        ] + tieSentence(in: language)
    }

    private func tieSentence(in language: Language) -> [String] {
        switch ground {
        case .tieChairBallot, .tieChairChoice, .tieFailed: [rule.tie.text(in: language)]
        case .quorumNotMet, .thresholdReached, .thresholdNotReached: []
        }
    }

    private func weightNote(in language: Language) -> String {
        tally.isWeighted ? language.text(vi: " (tính theo trọng số)", en: " (by weight)") : ""
    }
}

extension VerdictGround {
    /// The rule that decided, as a clause.
    public func text(in language: Language) -> String {
        switch self {
        case .quorumNotMet:
            language.text(
                vi: "không đủ túc số",
                en: "too few members were present for a quorum"
            )
        case .thresholdReached:
            language.text(
                vi: "đạt số phiếu tán thành cần thiết",
                en: "those in favour reached the number needed"
            )
        case .tieChairBallot(let choice):
            language.text(
                vi: "số phiếu ngang nhau; theo phiếu của chủ tọa: \(choice.text(in: language))",
                en: "a tie, which the chair's own ballot decided: \(choice.text(in: language))"
            )
        case .tieChairChoice(let choice):
            language.text(
                vi: "số phiếu ngang nhau; theo ý kiến của chủ tọa sau khi kết thúc biểu quyết: "
                    + choice.text(in: language),
                en: "a tie, which the chair decided after the close: \(choice.text(in: language))"
            )
        case .tieFailed:
            language.text(
                vi: "số phiếu ngang nhau",
                en: "a tie, in which the motion fails"
            )
        case .thresholdNotReached:
            language.text(
                vi: "không đạt số phiếu tán thành cần thiết",
                en: "those in favour did not reach the number needed"
            )
        }
    }
}

extension Tally {
    /// Whether some vote counts for more than one.
    public var isWeighted: Bool {
        [yes.total, no.total, abstain.total, notVoted].contains { $0.weight != $0.members }
    }

    /// «In favour 25 (21 in the room, 4 remote); against 0; abstaining 0; not voted 2». Where votes have
    /// weights the numbers are of members, with the weight beside them.
    public func text(in language: Language) -> String {
        let counts = [
            (Choice.yes, yes), (.no, no), (.abstain, abstain),
        ].map { choice, count in
            choice.text(in: language) + " " + head(count.total, in: language)
                + places(count, in: language)
        }
        let missing =
            language.text(vi: "chưa biểu quyết ", en: "not voted ") + head(notVoted, in: language)
        return (counts + [missing]).joined(separator: "; ").capitalizedFirst
    }

    /// «In favour 25, against 0, abstaining 0, not voted 2», where there is little room. Of members, without
    /// weights and places.
    public func shortText(in language: Language) -> String {
        let counts = [(Choice.yes, yes), (.no, no), (.abstain, abstain)].map { choice, count in
            choice.text(in: language) + " " + language.number(count.total.members)
        }
        let missing =
            language.text(vi: "chưa biểu quyết ", en: "not voted ")
            + language.number(notVoted.members)
        return (counts + [missing]).joined(separator: ", ").capitalizedFirst
    }

    private func head(_ count: HeadCount, in language: Language) -> String {
        let members = language.number(count.members)
        guard isWeighted else { return members }
        let weight = language.number(count.weight)
        return members + language.text(vi: " (trọng số \(weight))", en: " (weight \(weight))")
    }

    private func places(_ count: ChoiceCount, in language: Language) -> String {
        guard count.total.members > 0 else { return "" }
        let parts = [(count.room, Place.room), (count.remote, .remote)]
            .filter { $0.0.members > 0 }
            .map { language.number($0.0.members) + " " + $0.1.text(in: language) }
        return " (" + parts.joined(separator: ", ") + ")"
    }
}

extension QuorumCount {
    /// «, quorum 18 met by 25»; nothing where none is asked for.
    fileprivate func clause(in language: Language) -> String {
        guard neededMembers > 0 else { return "" }
        let needed = language.number(neededMembers)
        let counted = language.number(countedMembers)
        return isMet
            ? language.text(
                vi: "; đủ túc số \(needed) (có \(counted))",
                en: ", quorum \(needed) met by \(counted)"
            )
            : language.text(
                vi: "; không đủ túc số \(needed) (có \(counted))",
                en: ", quorum \(needed) not met by \(counted)"
            )
    }

    /// «Quorum 18 of 27: present 25 (21 in the room, 4 remote)», for who reads how it stands.
    public func text(in language: Language) -> String {
        let all = language.number(allMembers)
        let needed = language.number(neededMembers)
        let present = presentText(in: language)
        return language.text(
            vi: "Túc số \(needed)/\(all): có mặt \(present)",
            en: "Quorum \(needed) of \(all): present \(present)"
        )
    }

    fileprivate func sentence(rule: PollRule, in language: Language) -> String {
        let present = presentText(in: language)
        guard neededMembers > 0 else {
            return language.text(
                vi: "Không yêu cầu túc số; có mặt \(present).",
                en: "No quorum is asked for; \(present) were present."
            )
        }
        let all = language.number(allMembers)
        let needed = language.number(neededMembers)
        let counted = language.number(countedMembers)
        let result =
            isMet
            ? language.text(vi: "đủ túc số", en: "the quorum is met")
            : language.text(vi: "không đủ túc số", en: "the quorum is not met")
        let remote =
            rule.quorumIncludesRemote
            ? ""
            : language.text(
                vi: " (không tính dự họp từ xa)",
                en: " (remote members do not count)"
            )
        return language.text(
            vi: "Túc số ít nhất \(rule.quorum) của \(all) thành viên, tức là \(needed); "
                + "có mặt \(present), được tính \(counted)\(remote): \(result).",
            en: "Quorum: at least \(rule.quorum) of \(all) members, which is \(needed); "
                + "\(present) were present, \(counted) count\(remote): \(result)."
        )
    }

    private func presentText(in language: Language) -> String {
        let total = language.number(roomMembers.addingCapped(remoteMembers))
        let room = language.number(roomMembers)
        let remote = language.number(remoteMembers)
        return language.text(
            vi: "\(total) (\(room) tại phòng họp, \(remote) từ xa)",
            en: "\(total) (\(room) in the room, \(remote) remote)"
        )
    }
}

extension UInt32 {
    /// Numbers that a server lies about stop at the end of the range and do not trap.
    fileprivate func addingCapped(_ other: UInt32) -> UInt32 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension ThresholdCount {
    /// «13 of 14 needed», the line of an open poll.
    public func text(in language: Language) -> String {
        let yes = language.number(yesWeight)
        let needed = language.number(neededWeight)
        return language.text(vi: "\(yes)/\(needed) phiếu cần có", en: "\(yes) of \(needed) needed")
    }

    /// «25 of 27 in favour, 14 needed».
    fileprivate func text(of base: PollBase, in language: Language) -> String {
        let yes = language.number(yesWeight)
        let whole = language.number(baseWeight)
        let needed = language.number(neededWeight)
        switch base {
        case .allMembers:
            return language.text(
                vi: "\(yes)/\(whole) tán thành, cần \(needed)",
                en: "\(yes) of \(whole) in favour, \(needed) needed"
            )
        case .presentMembers:
            return language.text(
                vi: "\(yes)/\(whole) thành viên có mặt tán thành, cần \(needed)",
                en: "\(yes) of \(whole) present in favour, \(needed) needed"
            )
        case .votesCast:
            return language.text(
                vi: "\(yes)/\(whole) phiếu biểu quyết tán thành, cần \(needed)",
                en: "\(yes) of \(whole) votes cast in favour, \(needed) needed"
            )
        case .yesAndNo:
            return language.text(
                vi: "\(yes)/\(whole) phiếu tán thành và không tán thành, cần \(needed)",
                en: "\(yes) of \(whole) votes for and against in favour, \(needed) needed"
            )
        }
    }

    fileprivate func sentence(rule: PollRule, in language: Language) -> String {
        let yes = language.number(yesWeight)
        let whole = language.number(baseWeight)
        let needed = language.number(neededWeight)
        let comparison = rule.comparison.text(in: language)
        let base = rule.thresholdBase.text(in: language)
        return language.text(
            vi: "Cần \(comparison) \(rule.threshold) \(base) (\(whole)), tức là \(needed); "
                + "tán thành \(yes).",
            en:
                "Needed: \(comparison) \(rule.threshold) of \(base) (\(whole)), which is \(needed); "
                + "in favour \(yes)."
        )
    }
}

extension Standing {
    /// How an open poll stands, as far as it may be seen: «13 of 14 needed».
    public func text(in language: Language) -> String {
        counts?.threshold.text(in: language)
            ?? language.text(
                vi: "Số phiếu được công bố sau khi kết thúc biểu quyết",
                en: "The counts are shown after the close"
            )
    }
}

extension String {
    /// With a capital at the beginning, and the rest as it is.
    var capitalizedFirst: String { prefix(1).uppercased() + dropFirst() }
}
