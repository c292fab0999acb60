internal import CabinetModel

/// Why a poll ended as it did, and by what rule, in sentences.
struct VerdictTexts {
    private let language: MinutesLanguage

    init(_ language: MinutesLanguage) {
        self.language = language
    }

    func outcome(_ outcome: Outcome) -> String {
        switch outcome {
        case .carried: language.text(vi: "Được thông qua", en: "Carried")
        case .notCarried: language.text(vi: "Không được thông qua", en: "Not carried")
        }
    }

    /// The ground first, then the counts that it follows from.
    func explanation(of verdict: Verdict) -> [String] {
        [ground(of: verdict), tally(verdict.tally), quorum(verdict.quorum, rule: verdict.rule)]
            + [weights(verdict)].compactMap(\.self)
    }

    // MARK: - Verdict

    private func ground(of verdict: Verdict) -> String {
        let outcome = outcome(verdict.outcome)
        let threshold = verdict.threshold
        switch verdict.ground {
        case .quorumNotMet:
            return outcome
                + language.text(
                    vi: ": không đủ số thành viên tham dự.",
                    en: ": the quorum was not met."
                )
        case .thresholdReached, .thresholdNotReached:
            let base = base(verdict.rule.thresholdBase)
            return outcome
                + language.text(
                    vi: ": \(threshold.yesWeight) phiếu tán thành, cần \(threshold.neededWeight), "
                        + "tính trên \(threshold.baseWeight) (\(base)).",
                    en: ": \(threshold.yesWeight) in favour, \(threshold.neededWeight) needed, "
                        + "of \(threshold.baseWeight) (\(base))."
                )
        case .tieChairBallot(let choice):
            return outcome
                + language.text(
                    vi: ": số phiếu ngang nhau (\(threshold.yesWeight)); quyết định theo lá phiếu "
                        + "của chủ tọa: \(name(choice)).",
                    en: ": a tie at \(threshold.yesWeight), decided by the ballot of the chair: "
                        + "\(name(choice))."
                )
        case .tieChairChoice(let choice):
            return outcome
                + language.text(
                    vi:
                        ": số phiếu ngang nhau (\(threshold.yesWeight)); chủ tọa quyết định sau khi "
                        + "kết thúc biểu quyết: \(name(choice)).",
                    en: ": a tie at \(threshold.yesWeight), decided by the chair after the close: "
                        + "\(name(choice))."
                )
        case .tieFailed:
            return outcome
                + language.text(
                    vi: ": số phiếu ngang nhau (\(threshold.yesWeight)).",
                    en: ": a tie at \(threshold.yesWeight), in which the motion fails."
                )
        }
    }

    private func name(_ choice: TieChoice) -> String {
        lowercased(language.name(of: choice == .yes ? .yes : .no))
    }

    private func tally(_ tally: Tally) -> String {
        let choices: [(Choice, ChoiceCount)] = [
            (.yes, tally.yes), (.no, tally.no), (.abstain, tally.abstain),
        ]
        let parts = choices.map { choice, count in
            language.name(of: choice) + " \(count.total.weight)" + places(count)
        }
        let missing = "\(language.notVoted) \(tally.notVoted.weight)"
        let further = (parts.dropFirst() + [missing]).map(lowercased)
        return (parts.prefix(1) + further).joined(separator: "; ") + "."
    }

    private func places(_ count: ChoiceCount) -> String {
        guard count.total.weight > 0 else { return "" }
        let room = "\(lowercased(language.name(of: .room))) \(count.room.weight)"
        let remote = "\(lowercased(language.name(of: .remote))) \(count.remote.weight)"
        return " (\(room), \(remote))"
    }

    /// The quorum as it was counted.
    func quorum(_ quorum: QuorumCount, rule: PollRule) -> String {
        let all = quorum.allMembers
        let counted = quorum.countedMembers
        let needed = quorum.neededMembers
        let difference = abs(quorum.marginMembers)
        let presence = language.text(
            vi: "\(counted) trên \(all) thành viên được tính là có mặt, cần \(needed)",
            en: "\(counted) of \(all) members counted as present, \(needed) needed"
        )
        if difference == 0 {
            return language.text(
                vi: "Vừa đủ số thành viên tham dự: \(presence).",
                en: "Quorum met exactly: \(presence)."
            )
        }
        if quorum.isMet {
            return language.text(
                vi: "Đủ số thành viên tham dự: \(presence), vượt \(difference).",
                en: "Quorum met by \(difference): \(presence)."
            )
        }
        return language.text(
            vi: "Không đủ số thành viên tham dự: \(presence), thiếu \(difference).",
            en: "Quorum missed by \(difference): \(presence)."
        )
    }

    /// Said where votes have different weights: counts are weights then, and not heads.
    private func weights(_ verdict: Verdict) -> String? {
        let tally = verdict.tally
        let cast = tally.cast + tally.notVoted
        guard cast.members != cast.weight else { return nil }
        return language.text(
            vi: "Phiếu được tính theo trọng số: \(cast.weight) trên \(cast.members) thành viên.",
            en: "Ballots count by weight: \(cast.weight) in all, of \(cast.members) members."
        )
    }

    // MARK: - Rule

    /// A rule, a sentence for each of its parts.
    func lines(_ rule: PollRule) -> [String] {
        [quorum(rule), threshold(rule), tie(rule.tie), revocation(rule), visibility(rule)]
    }

    private func quorum(_ rule: PollRule) -> String {
        guard !rule.quorum.isZero else {
            return language.text(
                vi: "Không yêu cầu số thành viên tham dự tối thiểu.",
                en: "No quorum is asked for."
            )
        }
        let fraction = rule.quorum
        return rule.quorumIncludesRemote
            ? language.text(
                vi: "Cần ít nhất \(fraction) tổng số thành viên tham dự, kể cả từ xa.",
                en: "Quorum: at least \(fraction) of all members, remote ones included."
            )
            : language.text(
                vi: "Cần ít nhất \(fraction) tổng số thành viên có mặt tại phòng họp.",
                en: "Quorum: at least \(fraction) of all members, in the room."
            )
    }

    private func threshold(_ rule: PollRule) -> String {
        let base = base(rule.thresholdBase)
        switch rule.comparison {
        case .moreThan:
            return language.text(
                vi: "Được thông qua khi trên \(rule.threshold) (\(base)) tán thành.",
                en: "Carried by more than \(rule.threshold) (\(base)) in favour."
            )
        case .atLeast:
            return language.text(
                vi: "Được thông qua khi ít nhất \(rule.threshold) (\(base)) tán thành.",
                en: "Carried by at least \(rule.threshold) (\(base)) in favour."
            )
        }
    }

    private func base(_ base: PollBase) -> String {
        switch base {
        case .allMembers: language.text(vi: "tổng số thành viên", en: "all members")
        case .presentMembers: language.text(vi: "số thành viên có mặt", en: "members present")
        case .votesCast: language.text(vi: "số phiếu đã bỏ", en: "ballots cast")
        case .yesAndNo:
            language.text(
                vi: "số phiếu tán thành và không tán thành",
                en: "ballots in favour and against"
            )
        }
    }

    private func tie(_ rule: TieRule) -> String {
        switch rule {
        case .chairDecides:
            language.text(
                vi: "Khi số phiếu ngang nhau, quyết định theo ý kiến của chủ tọa.",
                en: "A tie is decided by the chair."
            )
        case .fails:
            language.text(
                vi: "Khi số phiếu ngang nhau, không được thông qua.",
                en: "In a tie the motion fails."
            )
        }
    }

    private func revocation(_ rule: PollRule) -> String {
        rule.isRevocable
            ? language.text(
                vi: "Thành viên có thể thay đổi lá phiếu cho đến khi kết thúc biểu quyết.",
                en: "A ballot may be changed until the close."
            )
            : language.text(
                vi: "Lá phiếu đã bỏ không được thay đổi.",
                en: "A ballot that was cast is not changed."
            )
    }

    private func visibility(_ rule: PollRule) -> String {
        switch rule.visibility {
        case .named:
            language.text(
                vi: "Trước khi có kết quả: công khai lá phiếu của từng thành viên.",
                en: "Before the verdict each member's ballot is shown."
            )
        case .counts:
            language.text(
                vi: "Trước khi có kết quả: chỉ công khai số phiếu.",
                en: "Before the verdict only the counts are shown."
            )
        case .nothing:
            language.text(
                vi: "Trước khi có kết quả: chỉ công khai ai đã bỏ phiếu.",
                en: "Before the verdict only who has voted is shown."
            )
        }
    }

    /// For the middle of a sentence. Only the first letter of these names is a capital.
    private func lowercased(_ text: String) -> String {
        text.prefix(1).lowercased() + text.dropFirst()
    }
}
