import CabinetTexts

/// A table for people: columns aligned by how wide text is shown.
struct Table: Sendable {
    struct Column: Sendable {
        let title: String
        var isNumeric = false

        init(_ title: String, isNumeric: Bool = false) {
            self.title = title
            self.isNumeric = isNumeric
        }
    }

    struct Cell: ExpressibleByStringInterpolation, Sendable {
        let text: String
        let ink: Style.Ink?

        init(_ text: String, _ ink: Style.Ink? = nil) {
            self.text = text
            self.ink = ink
        }

        init(stringLiteral text: String) {
            self.init(text)
        }
    }

    private static let gap = "  "

    let columns: [Column]
    private(set) var rows: [[Cell]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// - Parameter cells: One for each column; what is missing is empty.
    mutating func add(_ cells: [Cell]) {
        rows.append(cells)
    }

    func lines(_ style: Style) -> [String] {
        let header = columns.map { Cell($0.title, .dim) }
        let all = [header] + rows
        let widths = columns.indices.map { column in
            all.map { row in
                row.indices.contains(column) ? row[column].text.sanitized.cellWidth : 0
            }.max() ?? 0
        }
        return all.map { row in
            let cells = columns.indices.map { column -> String in
                let cell = row.indices.contains(column) ? row[column] : ""
                return padded(cell, to: widths[column], column, style)
            }
            return cells.joined(separator: Self.gap).trimmingTrailingSpaces
        }
    }

    private func padded(_ cell: Cell, to width: Int, _ column: Int, _ style: Style) -> String {
        let text = cell.text.sanitized
        let padding = String(repeating: " ", count: max(0, width - text.cellWidth))
        let painted = cell.ink.map { style.paint(text, $0) } ?? text
        return columns[column].isNumeric ? padding + painted : painted + padding
    }
}

extension String {
    fileprivate var trimmingTrailingSpaces: String {
        String(self[..<(lastIndex { $0 != " " }.map { index(after: $0) } ?? startIndex)])
    }
}
