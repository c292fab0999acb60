import CabinetClient
import CabinetLedger
import CabinetModel
import CabinetTexts

/// A ballot that is proven to be in the log, as it is printed.
struct BallotReport: Report {
    let ballot: ProvenBallot
    /// Ballots of before of which nothing was known, and which were sent again.
    var settled: [SettledBallot] = []

    var json: JSONValue {
        .object(
            ballot.members + [
                .init("settled", .array(settled.map(\.json)))
            ]
        )
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let choice = ballot.statement.purpose.text(in: language)
        let title = language.text(
            vi: "phiếu của bạn đã được ghi vào nhật ký: \(choice)",
            en: "you have voted: \(choice)"
        )
        return [style.paint(title, .green, .bold)] + ballot.facts(language).lines(style)
            + ballot.receipt.explanation(in: language).map { "  " + style.paint($0, .dim) }
    }
}

extension ProvenBallot {
    /// What a receipt is called: the ballot's id, which its member has signed.
    var receiptID: String { Hexadecimal.text(statement.ballot.bytes) }

    var members: [JSONValue.Member] {
        let head = receipt.checkpoint.checkpoint
        return [
            .init("receipt_id", .string(receiptID)),
            .init("meeting_id", .string(statement.meeting.text)),
            .init("poll_id", .string(statement.poll.text)),
            .init("member_id", .string(statement.member.text)),
            .init("purpose", .string(statement.purpose.jsonName)),
            .init("choice", .string(statement.purpose.jsonChoice)),
            .init("place", .optional(place?.jsonName)),
            .init("time", time.asJSON),
            .init("motion_digest", .string(Hexadecimal.text(statement.motionDigest.bytes))),
            .init("roll_digest", .string(Hexadecimal.text(statement.rollDigest.bytes))),
            .init("index", .unsigned(receipt.index)),
            .init("origin", .string(head.origin.text)),
            .init("tree_size", .unsigned(head.treeSize)),
            .init("root_hash", .string("\(head.rootHash)")),
            .init("verified", .bool(true)),
        ]
    }

    func facts(_ language: Language) -> FactList {
        let head = receipt.checkpoint.checkpoint
        var facts = FactList()
        facts.add(language.text(vi: "biên nhận", en: "receipt"), receiptID, .bold)
        facts.add(language.text(vi: "cuộc biểu quyết", en: "poll"), statement.poll.text)
        facts.add(
            language.text(vi: "thời điểm", en: "entered"),
            [time.local, place?.text(in: language)].compactMap(\.self).joined(separator: ", ")
        )
        facts.add(
            language.text(vi: "mục nhật ký", en: "entry"),
            language.text(
                vi: "số \(receipt.index) của \(head.origin)",
                en: "\(receipt.index) of \(head.origin)"
            )
        )
        return facts
    }
}
