public import CabinetModel

extension PollBase {
    /// As it follows «more than 1/2 of».
    public func text(in language: Language) -> String {
        switch self {
        case .allMembers: language.text(vi: "tổng số thành viên", en: "all members")
        case .presentMembers: language.text(vi: "số thành viên có mặt", en: "the members present")
        case .votesCast: language.text(vi: "số phiếu biểu quyết", en: "the votes cast")
        case .yesAndNo:
            language.text(
                vi: "số phiếu tán thành và không tán thành",
                en: "the votes in favour and against"
            )
        }
    }
}

extension Comparison {
    /// As it comes before a fraction.
    public func text(in language: Language) -> String {
        switch self {
        case .moreThan: language.text(vi: "quá", en: "more than")
        case .atLeast: language.text(vi: "ít nhất", en: "at least")
        }
    }
}

extension TieRule {
    /// A sentence.
    public func text(in language: Language) -> String {
        switch self {
        case .chairDecides:
            language.text(
                vi: "Khi số phiếu ngang nhau, quyết định theo ý kiến của chủ tọa.",
                en: "In a tie the chair's own choice decides."
            )
        case .fails:
            language.text(
                vi: "Khi số phiếu ngang nhau, nội dung biểu quyết không được thông qua.",
                en: "In a tie the motion fails."
            )
        }
    }
}

extension Visibility {
    /// A sentence.
    public func text(in language: Language) -> String {
        switch self {
        case .named:
            language.text(
                vi: "Trong khi biểu quyết, mọi người thấy ai đã biểu quyết và biểu quyết thế nào.",
                en: "While the poll is open, everyone sees who voted and how."
            )
        case .counts:
            language.text(
                vi: "Trong khi biểu quyết, chỉ hiện số phiếu, không hiện tên.",
                en: "While the poll is open, the counts are shown and no names."
            )
        case .nothing:
            language.text(
                vi: "Trong khi biểu quyết, chỉ hiện ai đã biểu quyết, không hiện số phiếu.",
                en: "While the poll is open, it is shown who has voted, and no counts."
            )
        }
    }
}

extension PollRule {
    /// What is needed for a motion to be carried, for example «more than 1/2 of all members».
    public func thresholdText(in language: Language) -> String {
        let comparison = comparison.text(in: language)
        let base = thresholdBase.text(in: language)
        return language.text(
            vi: "\(comparison) \(threshold) \(base) tán thành",
            en: "\(comparison) \(threshold) of \(base) in favour"
        )
    }

    /// The rule in sentences, one a line.
    public func explanation(in language: Language) -> [String] {
        [
            quorumSentence(in: language),
            language.text(
                vi: "Được thông qua khi có \(thresholdText(in: language)).",
                en: "Carried by \(thresholdText(in: language))."
            ),
            tie.text(in: language),
            isRevocable
                ? language.text(
                    vi: "Thành viên được thay đổi ý kiến cho đến khi kết thúc biểu quyết.",
                    en: "A member may change the ballot until the poll closes."
                )
                : language.text(
                    vi: "Phiếu đã gửi thì không thay đổi được.",
                    en: "A ballot that was cast cannot be changed."
                ),
            visibility.text(in: language),
        ]
    }

    private func quorumSentence(in language: Language) -> String {
        guard !quorum.isZero else {
            return language.text(vi: "Không yêu cầu túc số.", en: "No quorum is asked for.")
        }
        return quorumIncludesRemote
            ? language.text(
                vi: "Túc số: ít nhất \(quorum) tổng số thành viên, tính cả dự họp từ xa.",
                en: "Quorum: at least \(quorum) of all members, remote ones included."
            )
            : language.text(
                vi: "Túc số: ít nhất \(quorum) tổng số thành viên, không tính dự họp từ xa.",
                en: "Quorum: at least \(quorum) of all members, without remote ones."
            )
    }
}
