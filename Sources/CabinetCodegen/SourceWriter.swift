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

    /// Writes the lines of a string literal of several lines, and its end. The text is one line of
    /// characters that need no escape, and comes out as one.
    mutating func wrapped(_ text: String) {
        var rest = text[...]
        let width = 96 - depth * 4
        while rest.count > width {
            line(rest.prefix(width) + "\\")
            rest = rest.dropFirst(width)
        }
        line(String(rest))
        line("\"\"\"")
    }

    /// Writes `opening {`, the body one level deeper, and `}`; all on one line without a body.
    mutating func block(_ opening: String, _ body: (inout SourceWriter) -> Void) {
        let start = text.endIndex
        line(opening + " {")
        let bodyStart = text.endIndex
        indented(body)
        if text.endIndex == bodyStart {
            text.removeSubrange(start...)
            line(opening + " {}")
        } else {
            line("}")
        }
    }

    /// Writes `opening`, the items and `closing`: on one line where they fit in 100 columns, and
    /// otherwise each item on a line of its own.
    mutating func list(_ opening: String, _ items: [String], _ closing: String) {
        let oneLine = opening + items.joined(separator: ", ") + closing
        if items.isEmpty || fits(oneLine) {
            line(oneLine)
            return
        }
        // The last element of an array has a comma, the last argument of a call has none.
        let end = closing.hasPrefix("]") ? "," : ""
        line(opening)
        indented { writer in
            for (index, item) in items.enumerated() {
                writer.item(item + (index + 1 < items.count ? "," : end))
            }
        }
        line(closing)
    }

    /// Writes an item of a list; one that is too wide is broken behind its label.
    private mutating func item(_ item: String) {
        guard !fits(item), let colon = item.firstIndex(of: ":") else {
            line(item)
            return
        }
        line(String(item[...colon]))
        let type = item[colon...].dropFirst(2)
        indented { writer in
            if !writer.fits(String(type)), let open = type.firstIndex(of: "("),
                let close = type.lastIndex(of: ")")
            {
                writer.line(String(type[...open]))
                writer.indented { $0.line(String(type[open..<close].dropFirst())) }
                writer.line(String(type[close...]))
            } else {
                writer.line(String(type))
            }
        }
    }

    /// Writes `prefix`, an expression, and `suffix`.
    mutating func line(_ prefix: String, _ expression: Expression, _ suffix: String = "") {
        list(prefix + expression.opening, expression.arguments, expression.closing + suffix)
    }

    /// Whether a line at this depth stays within 100 columns.
    func fits(_ line: String) -> Bool { depth * 4 + line.count <= 100 }

    /// Writes the DocC comment of a declaration, which also says where it is deprecated.
    ///
    /// - Parameter hasAttribute: Whether the compiler is to warn of a deprecated declaration. That
    ///   is for what no other generated code refers to: it would warn there, too.
    mutating func documentation(_ declaration: Declaration, hasAttribute: Bool = false) {
        var lines = declaration.comment
        if declaration.isDeprecated, !hasAttribute {
            if !lines.isEmpty { lines.append("") }
            lines.append("- Note: Deprecated in the schema.")
        }
        for line in DocumentationComment.wrapped(lines, width: 96 - depth * 4) {
            self.line(line.isEmpty ? "///" : "/// \(line)")
        }
        if declaration.isDeprecated, hasAttribute { deprecation() }
    }

    mutating func deprecation() {
        line("@available(*, deprecated, message: \"deprecated in the schema\")")
    }
}

/// An expression of Swift: a call, whose arguments may stand on lines of their own, or a text.
struct Expression {
    var opening: String
    var arguments: [String] = []
    var closing = ""

    var oneLine: String { opening + arguments.joined(separator: ", ") + closing }
}
