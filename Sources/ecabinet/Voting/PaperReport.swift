import CabinetClient
import CabinetModel
import CabinetTexts

/// What a member is shown before it votes.
struct PaperReport {
    let meeting: MeetingSummary
    let paper: BallotPaper
    let motion: MotionText
    let member: PrincipalID

    init(_ paper: BallotPaper, of meeting: MeetingSummary, for member: PrincipalID) throws {
        self.paper = paper
        self.meeting = meeting
        self.member = member
        motion = try MotionText(paper.poll.motion)
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let poll = paper.poll
        var facts = FactList()
        facts.add(
            language.text(vi: "phiên họp", en: "meeting"),
            "\(meeting.id): \(meeting.record.title)"
        )
        facts.add(
            language.text(vi: "cuộc biểu quyết", en: "poll"),
            "\(poll.id) (\(poll.state.text(in: language)))",
            .bold
        )
        facts.add(language.text(vi: "vấn đề biểu quyết", en: "motion"), motion.text, .bold)
        for document in motion.documents {
            facts.add(language.text(vi: "tài liệu", en: "document"), document.line)
        }
        facts.add(
            language.text(vi: "quy tắc", en: "rule"),
            poll.rule.explanation(in: language).joined(separator: "\n")
        )
        facts.add(language.text(vi: "chủ tọa", en: "chair"), poll.opening?.chair.text)
        facts.add(language.text(vi: "danh sách biểu quyết", en: "roll"), rollText(language))
        facts.add(
            language.text(vi: "mã băm văn bản", en: "motion digest"),
            Hexadecimal.text(poll.motion.digest.bytes),
            .dim
        )
        facts.add(
            language.text(vi: "mã băm danh sách", en: "roll digest"),
            (poll.opening?.rollDigest).map { Hexadecimal.text($0.bytes) },
            .dim
        )
        if let counting = paper.counting {
            facts.add(
                language.text(vi: "phiếu hiện tại", en: "your ballot"),
                "\(counting.statement.purpose.text(in: language)), \(counting.time.local)"
            )
        }
        return facts.lines(style)
    }

    private func rollText(_ language: Language) -> String {
        let count = language.count(
            paper.roll.voters.count,
            vi: "thành viên",
            one: "member",
            many: "members"
        )
        guard let voter = paper.roll.voters.first(where: { $0.member == member }) else {
            return count
        }
        let weight = language.number(voter.weight.value)
        return voter.weight == .one
            ? language.text(
                vi: "\(count), trong đó có bạn (\(member))",
                en: "\(count), you among them (\(member))"
            )
            : language.text(
                vi: "\(count), trong đó có bạn (\(member), trọng số \(weight))",
                en: "\(count), you among them (\(member), weight \(weight))"
            )
    }
}

extension BallotPaper {
    /// What the member has to be warned of before it votes; `nil` for nothing.
    var warning: Warning? {
        guard !otherKeys.isEmpty else { return nil }
        let keys = otherKeys.map { Hexadecimal.text($0.bytes) }
        let list = keys.joined(separator: "\n")
        return Warning(
            "OTHER_KEYS_ON_ROLL",
            Phrase(
                "the roll has further keys with which ballots count as yours; if you do not know one of"
                    + " them, do not vote, and tell the secretary:\n\(list)",
                vi:
                    "danh sách biểu quyết còn có khóa khác được ký thay phiếu của bạn; nếu bạn không biết"
                    + " khóa nào trong đó, đừng biểu quyết và hãy báo thư ký phiên họp:\n\(list)"
            ),
            attributes: [.init("keys", .array(keys.map { .string($0) }))]
        )
    }
}

extension BallotStatement.Purpose {
    /// The choice, for people.
    func text(in language: Language) -> String {
        switch self {
        case .vote(let choice, _): choice.text(in: language)
        case .tie(let choice):
            choice.text(in: language)
                + language.text(vi: " (ý kiến của chủ tọa)", en: " (the chair's choice in a tie)")
        }
    }

    /// For programs.
    var jsonChoice: String {
        switch self {
        case .vote(let choice, _): choice.jsonName
        case .tie(let choice): choice.jsonName
        }
    }

    var jsonName: String {
        switch self {
        case .vote: "VOTE"
        case .tie: "TIE"
        }
    }
}
