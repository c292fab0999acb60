public import CabinetModel

// The words for votes.

extension Choice {
    /// For example «in favour».
    public func text(in language: Language) -> String {
        switch self {
        case .yes: language.text(vi: "tán thành", en: "in favour")
        case .no: language.text(vi: "không tán thành", en: "against")
        case .abstain: language.text(vi: "không có ý kiến", en: "abstaining")
        }
    }
}

extension TieChoice {
    /// For example «in favour».
    public func text(in language: Language) -> String {
        switch self {
        case .yes: Choice.yes.text(in: language)
        case .no: Choice.no.text(in: language)
        }
    }
}

extension PollState {
    /// For example «open».
    public func text(in language: Language) -> String {
        switch self {
        case .draft: language.text(vi: "đang chuẩn bị", en: "draft")
        case .open: language.text(vi: "đang biểu quyết", en: "open")
        case .held: language.text(vi: "tạm dừng biểu quyết", en: "on hold")
        case .closed:
            language.text(
                vi: "đã kết thúc biểu quyết, chờ ý kiến của chủ tọa",
                en: "closed, waiting for the chair's choice"
            )
        case .decided: language.text(vi: "đã có kết quả", en: "decided")
        case .voided: language.text(vi: "đã hủy", en: "voided")
        }
    }
}

extension PollCloseCause {
    /// For example «by order». Whose order it was, the chair's or a secretary's, it does not say.
    public func text(in language: Language) -> String {
        switch self {
        case .order: language.text(vi: "theo lệnh", en: "by order")
        case .timer: language.text(vi: "khi hết giờ", en: "as its time was over")
        }
    }
}

extension Outcome {
    /// For example «carried».
    public func text(in language: Language) -> String {
        switch self {
        case .carried: language.text(vi: "được thông qua", en: "carried")
        case .notCarried: language.text(vi: "không được thông qua", en: "not carried")
        }
    }
}

extension RollCall.Line {
    /// For example «in favour, remote».
    public func text(in language: Language) -> String {
        switch self {
        case .notVoted: language.text(vi: "chưa biểu quyết", en: "not voted")
        case .voted(let place):
            language.text(vi: "đã biểu quyết", en: "voted") + ", " + place.text(in: language)
        case .named(let vote):
            vote.choice.text(in: language) + ", " + vote.place.text(in: language)
        }
    }
}
