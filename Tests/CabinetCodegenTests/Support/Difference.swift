/// How two texts differ, line by line, for a reader.
enum Difference {
    /// The lines that were removed (`-`) and inserted (`+`), with the lines around them; empty where
    /// the texts are the same.
    static func describe(from expected: String, to actual: String, context: Int = 2) -> String {
        let old = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let new = actual.split(separator: "\n", omittingEmptySubsequences: false)
        var removed: Set<Int> = []
        var inserted: Set<Int> = []
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }

        // Every line of both, in one order.
        var lines: [(number: Int, mark: String, text: Substring)] = []
        var (i, j) = (0, 0)
        while i < old.count || j < new.count {
            if removed.contains(i) {
                lines.append((i + 1, "-", old[i]))
                i += 1
            } else if inserted.contains(j) {
                lines.append((j + 1, "+", new[j]))
                j += 1
            } else {
                lines.append((j + 1, " ", new[j]))
                i += 1
                j += 1
            }
        }

        let changes = lines.indices.filter { lines[$0].mark != " " }
        var shown: Set<Int> = []
        for change in changes {
            shown.formUnion(max(0, change - context)...min(lines.count - 1, change + context))
        }
        var text = ""
        for index in shown.sorted() {
            if !shown.contains(index - 1) { text += "line \(lines[index].number):\n" }
            text += lines[index].mark + " " + lines[index].text + "\n"
        }
        return text
    }
}
