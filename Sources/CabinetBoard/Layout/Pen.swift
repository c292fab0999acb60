internal import CabinetModel
internal import CabinetTexts

/// What every part of the board is drawn with: the language, the signs and the width.
struct Pen: Sendable {
    let language: Language
    let glyphs: Glyphs
    let columns: Int
    let hasKeys: Bool
    private let hasUnicode: Bool

    init(_ format: BoardFormat) {
        language = format.language
        glyphs = format.hasUnicode ? .unicode : .ascii
        columns = format.size.columns
        hasKeys = format.hasKeys
        hasUnicode = format.hasUnicode
    }

    /// A text as this terminal can show it.
    func shown(_ text: String) -> String {
        hasUnicode ? text.sanitized : ASCIIText(text).value.sanitized
    }

    func text(vi: String, en: String) -> String {
        shown(language.text(vi: vi, en: en))
    }

    func line(_ spans: BoardSpan...) -> BoardLine {
        BoardLine(spans).truncated(to: columns, ellipsis: glyphs.ellipsis)
    }

    /// A line of parts that stand beside one another, as far as there is room.
    func line(_ parts: [String], _ tone: Tone = .plain) -> BoardLine {
        line(BoardSpan(parts.filter { !$0.isEmpty }.joined(separator: glyphs.separator), tone))
    }

    /// A heading, with a rule to the right border.
    func heading(_ text: String, right: String = "") -> BoardLine {
        let tail = right.isEmpty ? "" : " " + right + " " + glyphs.rule
        let head = glyphs.rule + " " + text + " "
        let room = columns - tail.cellWidth
        guard head.cellWidth <= room else {
            let cut = head.truncated(to: max(0, room), ellipsis: glyphs.ellipsis) + tail
            return BoardLine(cut.truncated(to: columns, ellipsis: glyphs.ellipsis), .heading)
        }
        let rule = String(repeating: glyphs.rule, count: room - head.cellWidth)
        return BoardLine(head + rule + tail, .heading)
    }
}
