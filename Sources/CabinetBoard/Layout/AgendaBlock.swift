internal import CabinetModel
internal import CabinetTexts

/// The agenda, around its current item.
struct AgendaBlock {
    private let agenda: Agenda
    private let pen: Pen

    init(_ agenda: Agenda, _ pen: Pen) {
        self.agenda = agenda
        self.pen = pen
    }

    /// Heading and all items.
    var mostRows: Int { agenda.items.isEmpty ? 0 : agenda.items.count + 1 }

    /// The agenda in no more than so many rows: the items around the current one.
    func lines(atMost rows: Int) -> [BoardLine] {
        guard rows > 0, !agenda.items.isEmpty else { return [] }
        let hasHeading = rows > 1
        let count = min(agenda.items.count, hasHeading ? rows - 1 : rows)
        let current = agenda.items.firstIndex { $0.id == agenda.currentID } ?? 0
        let first = min(max(0, current - count / 2), agenda.items.count - count)
        let items = (first..<first + count).map { line(agenda.items[$0], number: $0 + 1) }
        return (hasHeading ? [heading(showing: count)] : []) + items
    }

    private func heading(showing count: Int) -> BoardLine {
        let all = agenda.items.count
        let name = pen.text(vi: "Chương trình", en: "Agenda")
        return pen.heading(name, right: count < all ? "\(count)/\(all)" : "")
    }

    private func line(_ item: AgendaItem, number: Int) -> BoardLine {
        let isCurrent = item.id == agenda.currentID
        let tone: Tone =
            switch item.state {
            case .discussing: .strong
            case .pending: .plain
            case .decided, .deferred: .dim
            }
        let sign = isCurrent ? pen.glyphs.current : " "
        let office = item.reportingOffice.map { pen.glyphs.separator + pen.shown($0.value) } ?? ""
        let title = pen.shown(item.title.value)
        let left = BoardLine([
            BoardSpan("\(sign) \(number). \(title)", tone), BoardSpan(office, .dim),
        ])
        let state = BoardLine(pen.shown(item.state.text(in: pen.language)), tone)
        return left.with(
            right: state,
            width: pen.columns,
            ellipsis: pen.glyphs.ellipsis,
            filling: .plain
        )
    }
}
