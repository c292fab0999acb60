import CabinetModel
import CabinetTexts

/// An agenda, as it is printed.
struct AgendaReport: Report {
    let items: [AgendaItem]

    var json: JSONValue { .object([.init("agenda", .array(items.map(\.json)))]) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !items.isEmpty else {
            return [language.text(vi: "chương trình họp trống", en: "the agenda is empty")]
        }
        var table = Table([
            .init("#", isNumeric: true), .init(language.text(vi: "NỘI DUNG", en: "ITEM")),
            .init(language.text(vi: "TRẠNG THÁI", en: "STATE")),
            .init(language.text(vi: "TÊN", en: "TITLE")),
            .init(language.text(vi: "CƠ QUAN BÁO CÁO", en: "REPORTED BY")),
        ])
        for (index, item) in items.enumerated() {
            table.add([
                Table.Cell(String(index + 1), .dim), Table.Cell(item.id.text, .bold),
                Table.Cell(item.state.text(in: language), item.state.ink),
                Table.Cell(item.title.value), Table.Cell(item.reportingOffice?.value ?? ""),
            ])
        }
        let documents = items.flatMap { item in
            item.documents.map { "\(item.id): \(DocumentSummary($0).line)" }
        }
        return table.lines(style)
            + documents.map { "  " + style.paint($0.sanitized, .dim) }
    }
}

extension AgendaItem {
    var json: JSONValue {
        .object([
            .init("agenda_item_id", .string(id.text)),
            .init("title", .string(title.value)),
            .init("reporting_office", .optional(reportingOffice?.value)),
            .init("state", .string(state.jsonName)),
            .init("documents", .array(documents.map { DocumentSummary($0).json })),
        ])
    }
}

extension AgendaItemState {
    fileprivate var ink: Style.Ink? {
        switch self {
        case .pending: nil
        case .discussing: .green
        case .decided: .dim
        case .deferred: .yellow
        }
    }
}
