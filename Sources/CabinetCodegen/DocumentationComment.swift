/// Lays out the comments of a schema as DocC comments.
enum DocumentationComment {
    /// Breaks lines that are too wide. What is broken off goes on in the next line of its paragraph.
    ///
    /// A comment fits the schema and stands deeper in the Swift. Code, in fences or indented by four
    /// spaces, headings and tables are left as they are.
    static func wrapped(_ lines: [String], width: Int) -> [String] {
        var result: [String] = []
        var rest = ""
        var isFenced = false
        for line in lines {
            if line.hasPrefix("```") { isFenced.toggle() }
            var text = line
            if !rest.isEmpty {
                if continuesParagraph(line) {
                    text = rest + " " + line
                } else {
                    result.append(rest)
                }
                rest = ""
            }
            let isWhole =
                isFenced || line.hasPrefix("    ") || line.hasPrefix("#") || line.hasPrefix("|")
            guard !isWhole, text.count > width else {
                result.append(text)
                continue
            }
            let indentation = line.hasPrefix("- ") ? "  " : String(line.prefix { $0 == " " })
            while let (head, tail) = split(text, width: width) {
                result.append(head)
                text = indentation + tail
            }
            rest = text
        }
        return rest.isEmpty ? result : result + [rest]
    }

    /// Splits at the last space that leaves a head of at most `width`; `nil` where there is no need
    /// or no such space.
    private static func split(_ text: String, width: Int) -> (head: String, tail: String)? {
        guard text.count > width else { return nil }
        let start = text.prefix { $0 == " " }.endIndex
        let end = text.index(text.startIndex, offsetBy: width + 1)
        guard start < end, let space = text[start..<end].lastIndex(of: " ") else { return nil }
        return (String(text[..<space]), String(text[text.index(after: space)...]))
    }

    private static func continuesParagraph(_ line: String) -> Bool {
        guard let first = line.first else { return false }
        return !" -*+#|>`".contains(first) && !first.isNumber
    }
}
