/// Names with what is known under each, one under the other.
struct FactList: Sendable {
    private var facts: [(name: String, value: String)] = []

    init() {}

    /// - Parameter value: May have several lines; `nil` leaves the fact out.
    mutating func add(_ name: String, _ value: String?) {
        guard let value else { return }
        facts.append((name, value))
    }

    func lines(_ style: Style) -> [String] {
        let width = facts.map { DisplayWidth.of($0.name) }.max() ?? 0
        let indent = String(repeating: " ", count: width + 2)
        return facts.flatMap { fact -> [String] in
            let padding = String(repeating: " ", count: width - DisplayWidth.of(fact.name) + 2)
            let lines = Printable.lines(fact.value)
            return [style.paint(fact.name, .dim) + padding + (lines.first ?? "")]
                + lines.dropFirst().map { indent + $0 }
        }
    }
}
