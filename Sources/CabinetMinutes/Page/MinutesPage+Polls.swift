internal import CabinetAPI
internal import CabinetDocuments
internal import CabinetModel
internal import CabinetTexts

// What the page says of the polls.

extension MinutesPage {
    var pollSection: HTML {
        guard !record.polls.isEmpty else {
            let none = text("Không có biểu quyết.", "There was no poll.")
            return section(text("Biểu quyết", "Polls"), "<p>\(none)</p>")
        }
        return section(
            text("Biểu quyết", "Polls"),
            HTML(lines: record.polls.enumerated().map { poll($1, number: $0 + 1) })
        )
    }

    private func poll(_ poll: PollRecord, number: Int) -> HTML {
        let item = record.agenda.item(poll.opened.agendaItem)
        let title = item.map { "\($0.title)" as HTML } ?? "\(poll.opened.agendaItem.text)"
        return HTML(lines: [
            "<article id=\"poll-\(poll.id.text)\">",
            "<h3>\(number). \(title)</h3>",
            motion(poll),
            result(poll),
            facts(poll),
            counts(poll),
            rollCall(poll),
            "</article>",
        ])
    }

    private func motion(_ poll: PollRecord) -> HTML {
        guard let motion = poll.text else {
            let notice = text(
                "Nội dung biểu quyết không đọc được.",
                "The motion cannot be read."
            )
            return "<p class=\"notice\">\(notice)</p>"
        }
        let documents = motion.documents.map { document -> HTML in
            let digest = hexadecimal(document.digest)
            return "\(written: document.title), <span class=\"hash\">SHA-256 \(digest)</span>"
        }
        return HTML(lines: [
            "<p>\(text("Nội dung biểu quyết", "Motion")):</p>",
            "<p class=\"motion\">\(written: motion.text)</p>",
            documents.isEmpty ? .nothing : list(documents),
        ])
    }

    private func result(_ poll: PollRecord) -> HTML {
        if let verdict = poll.verdict {
            let lines = verdict.explanation(in: language)
            let further = list(lines.dropFirst().map { "\($0)" })
            return "<p class=\"verdict\">\(lines.first ?? "")</p>\n\(further)"
        }
        guard let reason = poll.voidReason else { return .nothing }
        let label = text("Biểu quyết bị hủy", "The poll was voided")
        return "<p class=\"verdict\">\(label): \(reason)</p>"
    }

    private func facts(_ poll: PollRecord) -> HTML {
        let opened = poll.opened
        let chair = poll.voters.first { $0.voter.member == opened.chair }
        let rule = poll.rule.explanation(in: language).map { "\($0)" as HTML }
        return terms([
            (text("Mã biểu quyết", "Poll"), "\(poll.id.text)"),
            (text("Bắt đầu", "Opened"), dateAndTime(poll.entry.time)),
            (text("Kết thúc", "Closed"), closing(poll)),
            (text("Chủ tọa", "Chair"), person(chair?.participant, opened.chair)),
            (text("Quy tắc", "Rule"), list(rule)),
            (
                text("Danh sách biểu quyết", "Roll"),
                "\(opened.roll.members) \(text("thành viên", "members"))"
            ),
            (text("Số phiếu trong nhật ký", "Ballots in the log"), "\(poll.ballots.count)"),
            (text("Tóm lược nội dung", "Digest of the motion"), digest(opened.motion.digest)),
            (text("Tóm lược danh sách", "Digest of the roll"), digest(opened.rollDigest)),
        ])
    }

    private func closing(_ poll: PollRecord) -> HTML? {
        poll.closing.map { closing in
            switch closing.cause {
            case .order: dateAndTime(closing.moment)
            case .timer:
                "\(dateAndTime(closing.moment)) (\(text("hết giờ", "its time was over")))"
            }
        }
    }

    private func digest(_ digest: Digest) -> HTML {
        "<span class=\"hash\">SHA-256 \(digest.description)</span>"
    }

    private func counts(_ poll: PollRecord) -> HTML {
        guard let tally = poll.verdict?.tally else { return .nothing }
        let columns = [
            text("Ý kiến", "Choice"), text("#Tại phòng họp", "#In the room"),
            text("#Từ xa", "#Remote"), text("#Tổng số", "#Total"),
        ]
        let choices: [(CabinetModel.Choice, CabinetModel.ChoiceCount)] = [
            (.yes, tally.yes), (.no, tally.no), (.abstain, tally.abstain),
        ]
        let rows = choices.map { choice, count -> [HTML] in
            [
                "\(capitalized(choice.text(in: language)))", "\(count.room.weight)",
                "\(count.remote.weight)",
                "\(count.total.weight)",
            ]
        }
        let missing: [HTML] = [
            "\(capitalized(notVoted))", .nothing, .nothing, "\(tally.notVoted.weight)",
        ]
        return table(columns, rows + [missing])
    }

    private var notVoted: String { CabinetModel.RollCall.Line.notVoted.text(in: language) }

    /// How each member voted: what everybody is told after the verdict.
    private func rollCall(_ poll: PollRecord) -> HTML {
        guard poll.verdict != nil else { return .nothing }
        let hasWeights = poll.voters.contains { $0.voter.weight != .one }
        let columns =
            [text("#STT", "#No."), text("Thành viên", "Member")]
            + (hasWeights ? [text("#Trọng số", "#Weight")] : [])
            + [text("Ý kiến", "Choice"), text("Nơi biểu quyết", "Voted")]
        let rows = poll.voters.enumerated().map { index, voter -> [HTML] in
            let vote = voter.vote?.vote
            let choice = vote?.choice.text(in: language) ?? notVoted
            let place = vote?.place.text(in: language) ?? ""
            return ["\(index + 1)", person(voter.participant, voter.voter.member)]
                + (hasWeights ? ["\(voter.voter.weight.value)"] : [])
                + ["\(capitalized(choice))", "\(capitalized(place))"]
        }
        return table(columns, rows)
    }
}
