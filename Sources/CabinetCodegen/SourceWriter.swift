/// Collects lines of Swift with their indentation.
struct SourceWriter {
    private(set) var text = ""
    private var depth = 0

    /// Writes one line, or an empty one.
    mutating func line(_ line: String = "") {
        if !line.isEmpty {
            text += String(repeating: "    ", count: depth) + line
        }
        text += "\n"
    }

    /// Writes lines one level deeper.
    mutating func indented(_ body: (inout SourceWriter) -> Void) {
        depth += 1
        body(&self)
        depth -= 1
    }

    /// Writes `opening {`, the body one level deeper, and `}`.
    mutating func block(_ opening: String, _ body: (inout SourceWriter) -> Void) {
        line(opening + " {")
        indented(body)
        line("}")
    }

    /// Writes `opening(`, each item on a line, and `closing`; all on one line where they fit in 100
    /// columns.
    mutating func list(_ opening: String, _ items: [String], _ closing: String) {
        let oneLine = opening + items.joined(separator: ", ") + closing
        if depth * 4 + oneLine.count <= 100 {
            line(oneLine)
            return
        }
        line(opening)
        indented { writer in
            for (index, item) in items.enumerated() {
                writer.line(item + (index + 1 < items.count ? "," : ""))
            }
        }
        line(closing)
    }

    /// Writes a DocC comment, and says what is deprecated.
    mutating func documentation(_ declaration: Declaration, otherwise: String = "") {
        let comment =
            declaration.comment.isEmpty && !otherwise.isEmpty ? [otherwise] : declaration.comment
        for line in comment {
            self.line(line.isEmpty ? "///" : "/// \(line)")
        }
        if declaration.isDeprecated {
            line("@available(*, deprecated, message: \"deprecated in the schema\")")
        }
    }
}
