/// Where a text stands in a column that is wider.
public enum CellAlignment: Hashable, Sendable {
    case left
    case right
}

extension String {
    /// The text in so many cells: with spaces beside it where it is narrower, cut where it is wider.
    ///
    /// Letters are cut off whole, with their marks. Where half of a wide character would be left, a space
    /// is. A text that was cut ends with the ellipsis, as far as there is room for that.
    public func fitted(
        to width: Int,
        _ alignment: CellAlignment = .left,
        ellipsis: String = "…"
    ) -> String {
        let text = truncated(to: width, ellipsis: ellipsis)
        let free = max(0, width - text.cellWidth)
        switch alignment {
        case .left: return text + Self.spaces(free)
        case .right: return Self.spaces(free) + text
        }
    }

    /// The text in no more than so many cells.
    public func truncated(to width: Int, ellipsis: String = "…") -> String {
        if cellWidth <= width { return self }
        let ellipsis = ellipsis.prefix(cells: width)
        return prefix(cells: width - ellipsis.cellWidth) + ellipsis
    }

    /// The text in lines of no more than so many cells, broken at spaces where there are some. A line feed
    /// ends a line.
    ///
    /// - Parameter width: Less than 2 is 2: the widest character has room.
    public func wrapped(to width: Int) -> [String] {
        let width = max(2, width)
        return split(separator: "\n", omittingEmptySubsequences: false).flatMap { paragraph in
            Self.wrap(paragraph, to: width)
        }
    }

    private static func wrap(_ paragraph: Substring, to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in paragraph.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.cellWidth + 1 + String(word).cellWidth <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
            while line.cellWidth > width {
                // A character that is wider than that, of several joined ones, stays whole.
                let head =
                    line.prefix(cells: width).isEmpty
                    ? String(line.prefix(1)) : line.prefix(cells: width)
                lines.append(head)
                line.removeFirst(head.count)
            }
        }
        lines.append(line)
        return lines
    }

    /// The longest beginning that takes no more than so many cells, of whole letters.
    func prefix(cells width: Int) -> String {
        var taken = 0
        let end = indices.first { index in
            taken += self[index].cellWidth
            return taken > width
        }
        return end.map { String(self[..<$0]) } ?? self
    }

    private static func spaces(_ count: Int) -> String { String(repeating: " ", count: count) }
}
