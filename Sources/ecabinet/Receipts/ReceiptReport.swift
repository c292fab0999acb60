import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetTexts

/// Ballots that are kept, as they are printed.
struct KeptBallotsReport: Report {
    struct Line: Sendable {
        let kept: JournalledBallot
        /// `nil` where it is not known to count.
        let proven: ProvenBallot?
    }

    let ballots: [Line]

    /// Verifies every receipt once more.
    ///
    /// - Throws: ``Failure`` where one proves nothing any more.
    init(_ ballots: [JournalledBallot], in installation: TrustedInstallation) throws(Failure) {
        self.ballots = try ballots.map { kept throws(Failure) in
            guard case .counted = kept.outcome else { return Line(kept: kept, proven: nil) }
            return Line(kept: kept, proven: try kept.proof(in: installation))
        }
    }

    var json: JSONValue { .object([.init("receipts", .array(ballots.map(\.json)))]) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !ballots.isEmpty else {
            return [language.text(vi: "chưa lưu phiếu nào", en: "no ballots are kept")]
        }
        var table = Table([
            .init(language.text(vi: "BIÊN NHẬN", en: "RECEIPT")),
            .init(language.text(vi: "PHIÊN HỌP", en: "MEETING")),
            .init(language.text(vi: "CUỘC BIỂU QUYẾT", en: "POLL")),
            .init(language.text(vi: "Ý KIẾN", en: "CHOICE")),
            .init(language.text(vi: "TRẠNG THÁI", en: "STATE")),
            .init(language.text(vi: "MỤC NHẬT KÝ", en: "ENTRY"), isNumeric: true),
            .init(language.text(vi: "THỜI ĐIỂM", en: "ENTERED")),
        ])
        for line in ballots {
            let statement = line.kept.statement
            table.add([
                Table.Cell(String(Hexadecimal.text(statement.ballot.bytes).prefix(8)), .bold),
                Table.Cell(statement.meeting.text), Table.Cell(statement.poll.text),
                Table.Cell(statement.purpose.text(in: language)), line.kept.outcome.cell(language),
                Table.Cell(line.proven.map { language.number($0.receipt.index) } ?? ""),
                Table.Cell(line.proven?.time.local ?? ""),
            ])
        }
        return table.lines(style)
    }
}

extension KeptBallotsReport.Line {
    fileprivate var json: JSONValue {
        if let proven {
            return .object([.init("state", .string("COUNTED"))] + proven.members)
        }
        let statement = kept.statement
        return .object([
            .init("state", .string(kept.outcome.jsonName)),
            .init("reason", .optional(kept.outcome.reason)),
            .init("receipt_id", .string(Hexadecimal.text(statement.ballot.bytes))),
            .init("meeting_id", .string(statement.meeting.text)),
            .init("poll_id", .string(statement.poll.text)),
            .init("member_id", .string(statement.member.text)),
            .init("purpose", .string(statement.purpose.jsonName)),
            .init("choice", .string(statement.purpose.jsonChoice)),
        ])
    }
}

extension BallotOutcome {
    fileprivate var jsonName: String {
        switch self {
        case .pending: "PENDING"
        case .counted: "COUNTED"
        case .refused: "REFUSED"
        }
    }

    fileprivate var reason: String? {
        if case .refused(let reason) = self { reason } else { nil }
    }

    fileprivate func cell(_ language: Language) -> Table.Cell {
        switch self {
        case .pending: Table.Cell(language.text(vi: "chưa rõ", en: "not known"), .yellow)
        case .counted: Table.Cell(language.text(vi: "đã xác minh", en: "verified"), .green)
        case .refused(let reason):
            Table.Cell(language.text(vi: "bị từ chối: ", en: "refused: ") + reason, .red)
        }
    }
}

/// A receipt that was verified, as it is printed.
struct ReceiptReport: Report {
    let ballot: ProvenBallot

    var json: JSONValue { .object(ballot.members) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let statement = ballot.statement
        var facts = ballot.facts(language)
        facts.add(language.text(vi: "thành viên", en: "member"), statement.member.text)
        facts.add(
            language.text(vi: "ý kiến", en: "choice"),
            statement.purpose.text(in: language),
            .bold
        )
        facts.add(
            language.text(vi: "mã băm văn bản", en: "motion digest"),
            Hexadecimal.text(statement.motionDigest.bytes),
            .dim
        )
        facts.add(
            language.text(vi: "mã băm danh sách", en: "roll digest"),
            Hexadecimal.text(statement.rollDigest.bytes),
            .dim
        )
        let title = language.text(vi: "đã xác minh", en: "verified")
        return facts.lines(style) + ["", style.paint(title, .green, .bold)]
            + ballot.receipt.explanation(in: language).map { "  " + $0 }
    }
}
