import CabinetModel
import CabinetTexts

/// Polls, as they are printed.
struct PollListReport: Report {
    let polls: [PollSummary]

    var json: JSONValue { .object([.init("polls", .array(polls.map(\.json)))]) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !polls.isEmpty else {
            return [language.text(vi: "chưa có cuộc biểu quyết nào", en: "there are no polls")]
        }
        var table = Table([
            .init(language.text(vi: "CUỘC BIỂU QUYẾT", en: "POLL")),
            .init(language.text(vi: "NỘI DUNG", en: "ITEM")),
            .init(language.text(vi: "TRẠNG THÁI", en: "STATE")),
            .init(language.text(vi: "KẾT QUẢ", en: "RESULT")),
            .init(language.text(vi: "VẤN ĐỀ BIỂU QUYẾT", en: "MOTION")),
        ])
        for summary in polls {
            let poll = summary.poll
            table.add([
                Table.Cell(poll.id.text, .bold), Table.Cell(poll.agendaItem.text),
                Table.Cell(poll.state.text(in: language), poll.state.ink),
                summary.result(language), Table.Cell(summary.motion.beginning),
            ])
        }
        return table.lines(style)
    }
}

/// A poll with what is known of it, as it is printed.
struct PollReport: Report {
    let summary: PollSummary
    /// Who may vote; `nil` where it has not opened.
    var roll: Roll?
    /// How the members on the roll voted, in its order; `nil` where it was not asked for.
    var rollCall: RollCall?
    /// Names for people, of those on the roll.
    var names: [PrincipalID: String] = [:]

    private var poll: Poll { summary.poll }

    var json: JSONValue {
        var members = summary.members
        if let roll {
            members.append(.init("roll", .array(roll.voters.map(\.json))))
        }
        if let rollCall, let roll {
            let lines = zip(roll.voters, rollCall.lines).map { voter, line in
                JSONValue.object([
                    .init("principal_id", .string(voter.member.text)),
                    .init("mark", .string(line.jsonName)),
                    .init("place", .optional(line.place?.jsonName)),
                ])
            }
            members.append(.init("roll_call", .array(lines)))
        }
        return .object(members)
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        var lines = facts(language).lines(style)
        if let verdict = poll.verdict {
            lines += [""] + verdict.highlighted(style, language)
        } else if let standing = summary.standing {
            lines += ["", style.paint(standing.text(in: language), .bold)]
            if let counts = standing.counts { lines.append(counts.tally.text(in: language)) }
            lines.append(standing.quorum.text(in: language))
        }
        return lines + rollCallLines(style, language)
    }

    private func facts(_ language: Language) -> FactList {
        var facts = FactList()
        facts.add(language.text(vi: "cuộc biểu quyết", en: "poll"), poll.id.text, .bold)
        facts.add(language.text(vi: "nội dung", en: "agenda item"), poll.agendaItem.text)
        facts.add(
            language.text(vi: "trạng thái", en: "state"),
            poll.state.text(in: language),
            poll.state.ink
        )
        facts.add(language.text(vi: "vấn đề biểu quyết", en: "motion"), summary.motion.text)
        for document in summary.motion.documents {
            facts.add(language.text(vi: "tài liệu", en: "document"), document.line)
        }
        facts.add(
            language.text(vi: "quy tắc", en: "rule"),
            poll.rule.explanation(in: language).joined(separator: "\n")
        )
        facts.add(
            language.text(vi: "danh sách biểu quyết", en: "roll"),
            roll.map {
                language.count($0.voters.count, vi: "thành viên", one: "member", many: "members")
            }
        )
        facts.add(language.text(vi: "bắt đầu", en: "opened"), poll.opening?.moment.local)
        facts.add(language.text(vi: "hết giờ lúc", en: "closes"), poll.closesAt?.local)
        facts.add(
            language.text(vi: "kết thúc", en: "closed"),
            poll.closing.map { "\($0.moment.local), \($0.cause.text(in: language))" }
        )
        facts.add(
            language.text(vi: "lý do hủy", en: "voided because"),
            poll.voidReason?.value,
            .red
        )
        return facts
    }

    private func rollCallLines(_ style: Style, _ language: Language) -> [String] {
        guard let rollCall, let roll else { return [] }
        var table = Table([
            .init(language.text(vi: "MÃ", en: "MEMBER")),
            .init(language.text(vi: "TÊN", en: "NAME")),
            .init(language.text(vi: "BIỂU QUYẾT", en: "VOTE")),
        ])
        for (voter, line) in zip(roll.voters, rollCall.lines) {
            table.add([
                Table.Cell(voter.member.text), Table.Cell(names[voter.member] ?? ""),
                Table.Cell(line.text(in: language), line.ink),
            ])
        }
        return [""] + table.lines(style)
    }
}

// MARK: - Parts

extension PollSummary {
    var json: JSONValue { .object(members) }

    var members: [JSONValue.Member] {
        [
            .init("poll_id", .string(poll.id.text)),
            .init("agenda_item_id", .string(poll.agendaItem.text)),
            .init("state", .string(poll.state.jsonName)),
            .init("motion", motion.json),
            .init("motion_digest", .string(Hexadecimal.text(poll.motion.digest.bytes))),
            .init("rule", poll.rule.asJSON),
            .init(
                "roll_digest",
                .optional(poll.opening.map { Hexadecimal.text($0.rollDigest.bytes) })
            ),
            .init("chair_id", .optional(poll.opening?.chair.text)),
            .init("opened", (poll.opening?.moment).asJSON),
            .init("closes", poll.closesAt.asJSON),
            .init("closed", (poll.closing?.moment).asJSON),
            .init("close_cause", .optional(poll.closing?.cause.jsonName)),
            .init("void_reason", .optional(poll.voidReason?.value)),
            .init("standing", standing?.asJSON ?? .null),
            .init("verdict", poll.verdict?.asJSON ?? .null),
        ]
    }

    /// The outcome, or how the poll stands, for a table.
    fileprivate func result(_ language: Language) -> Table.Cell {
        if let verdict = poll.verdict {
            return Table.Cell(verdict.outcome.text(in: language), verdict.outcome.ink)
        }
        return Table.Cell(standing?.counts?.threshold.text(in: language) ?? "")
    }
}

extension MotionText {
    /// For a table.
    fileprivate var beginning: String {
        let line = text.split(separator: "\n").first.map(String.init) ?? ""
        return line.truncated(to: 60)
    }
}

extension Verdict {
    /// The result in one line, and what it follows from.
    func highlighted(_ style: Style, _ language: Language) -> [String] {
        [style.paint(summary(in: language), outcome.ink, .bold)] + explanation(in: language)
    }
}

extension Poll {
    fileprivate var voidReason: Explanation? {
        if case .voided(_, _, let reason) = stage { reason } else { nil }
    }
}

extension RollVoter {
    fileprivate var json: JSONValue {
        .object([
            .init("principal_id", .string(member.text)),
            .init("weight", .integer(Int64(weight.value))),
        ])
    }
}

extension RollCall.Line {
    fileprivate var ink: Style.Ink? {
        switch self {
        case .notVoted: .dim
        case .voted: nil
        case .named(let vote):
            switch vote.choice {
            case .yes: .green
            case .no: .red
            case .abstain: .yellow
            }
        }
    }
}

extension PollState {
    fileprivate var ink: Style.Ink? {
        switch self {
        case .draft: .cyan
        case .open: .green
        case .held, .closed: .yellow
        case .decided: nil
        case .voided: .red
        }
    }
}

extension Outcome {
    fileprivate var ink: Style.Ink {
        switch self {
        case .carried: .green
        case .notCarried: .red
        }
    }
}
