internal import CabinetClientTexts
internal import CabinetModel
public import CabinetTexts

extension News {
    /// A line for people. What comes from the server is sanitized.
    ///
    /// - Parameter now: Of the clock that the replica has.
    public func text(in language: Language, now: ContinuousClock.Instant) -> String {
        line(language, now).sanitized
    }

    private func line(_ language: Language, _ now: ContinuousClock.Instant) -> String {
        switch self {
        case .condition(let condition):
            return language.text(vi: "Kết nối: ", en: "Link: ")
                + condition.text(in: language, now: now)
        case .meeting(let title, let phase):
            return "\(title.value): \(phase.text(in: language))"
        case .currentItem(let item?):
            return language.text(vi: "Nội dung đang xem xét: ", en: "Current item: ")
                + item.title.value
        case .currentItem(nil):
            return language.text(
                vi: "Không có nội dung nào đang được xem xét",
                en: "No item is the current one"
            )
        case .attendance(let participant, let attendance):
            return "\(participant.displayName.value): \(attendance.text(in: language))"
        case .removed(let participant):
            return "\(participant.displayName.value): "
                + language.text(vi: "không còn tham dự", en: "takes no more part")
        case .devices(let participant, let kinds):
            return "\(participant.displayName.value): " + Self.text(of: kinds, language)
        case .poll(let poll, .closed):
            // Whether the chair has to choose, or the verdict comes the next moment, is not known yet.
            return language.text(
                vi: "Biểu quyết \(poll.text): đã kết thúc biểu quyết",
                en: "Poll \(poll.text): closed"
            )
        case .poll(let poll, let state):
            return language.text(vi: "Biểu quyết ", en: "Poll ") + "\(poll.text): "
                + state.text(in: language)
        case .ballot(let poll, let participant, let line):
            return language.text(vi: "Biểu quyết ", en: "Poll ") + "\(poll.text): "
                + "\(participant.displayName.value): \(line.text(in: language))"
        case .counts(let poll, let counts):
            return language.text(vi: "Biểu quyết ", en: "Poll ") + "\(poll.text): "
                + counts.threshold.text(in: language) + "; " + counts.tally.text(in: language)
        case .verdict(let poll, let verdict):
            return language.text(vi: "Biểu quyết ", en: "Poll ") + "\(poll.text): "
                + verdict.summary(in: language)
        }
    }

    private static func text(of kinds: [DeviceKind], _ language: Language) -> String {
        guard !kinds.isEmpty else {
            return language.text(vi: "mất kết nối", en: "disconnected")
        }
        return language.text(vi: "có kết nối", en: "connected") + " ("
            + kinds.map { $0.text(in: language) }.joined(separator: ", ") + ")"
    }
}
