import CabinetTexts

/// Names with what is known under each, one under the other.
struct FactList: Sendable {
    private var facts: [(name: String, value: Table.Cell)] = []

    init() {}

    /// - Parameter value: May have several lines; `nil` leaves the fact out.
    mutating func add(_ name: String, _ value: String?, _ ink: Style.Ink? = nil) {
        guard let value else { return }
        facts.append((name, Table.Cell(value, ink)))
    }

    func lines(_ style: Style) -> [String] {
        let width = facts.map { $0.name.cellWidth }.max() ?? 0
        let indent = String(repeating: " ", count: width + 2)
        return facts.flatMap { fact -> [String] in
            let padding = String(repeating: " ", count: width - fact.name.cellWidth + 2)
            let lines = fact.value.text.sanitizedLines.map { line in
                fact.value.ink.map { style.paint(line, $0) } ?? line
            }
            return [style.paint(fact.name, .dim) + padding + (lines.first ?? "")]
                + lines.dropFirst().map { indent + $0 }
        }
    }
}
