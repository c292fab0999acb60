import CabinetLedger
import CabinetTexts

/// A checkpoint that was verified, as it is printed.
struct CheckpointReport: Report {
    let checkpoint: Checkpoint
    /// How many entries the log had when it was seen before, which it has been shown to go on from; `nil` where
    /// nothing was seen.
    let seen: UInt64?
    /// Where it was written; `nil` for nowhere.
    let file: String?

    var json: JSONValue {
        .object([
            .init("origin", .string(checkpoint.origin.text)),
            .init("tree_size", .unsigned(checkpoint.treeSize)),
            .init("root_hash", .string("\(checkpoint.rootHash)")),
            .init("seen_tree_size", seen.map { .unsigned($0) } ?? .null),
            .init("verified", .bool(true)),
            .init("file", .optional(file)),
        ])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let texts = language
        var facts = FactList()
        facts.add(texts.text(vi: "nhật ký", en: "log"), checkpoint.origin.text, .bold)
        facts.add(texts.text(vi: "số mục", en: "entries"), texts.number(checkpoint.treeSize))
        facts.add(texts.text(vi: "mã băm gốc", en: "root hash"), "\(checkpoint.rootHash)")
        facts.add(
            texts.text(vi: "chữ ký", en: "signature"),
            texts.text(vi: "đúng", en: "verified"),
            .green
        )
        facts.add(texts.text(vi: "lịch sử", en: "history"), history(texts))
        facts.add(texts.text(vi: "tệp", en: "file"), file)
        return facts.lines(style)
    }

    private func history(_ texts: CabinetTexts.Language) -> String {
        guard let seen else {
            return texts.text(
                vi: "chưa từng thấy nhật ký này; từ nay được ghi nhớ",
                en: "nothing was seen of it before; it is remembered from now on"
            )
        }
        let count = texts.number(seen)
        return texts.text(
            vi: "đã chứng minh là nối tiếp \(count) mục đã thấy trước đây",
            en: "proven to go on from the \(count) entries that were seen before"
        )
    }
}
