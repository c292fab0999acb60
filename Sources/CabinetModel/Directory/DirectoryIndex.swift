/// The principals in the order in which they are listed: by display name in Vietnamese collation,
/// then by identifier. It also holds what they are found by.
struct DirectoryIndex: Hashable, Sendable {
    private struct Line: Hashable, Sendable {
        let key: CollationKey
        let id: PrincipalID
        let name: FoldedText
        let office: FoldedText?

        init(_ principal: Principal) {
            key = CollationKey(principal.displayName.value)
            id = principal.id
            name = FoldedText(principal.displayName.value)
            office = principal.office.map { FoldedText($0.value) }
        }

        func precedes(_ other: Line) -> Bool { (key, id) < (other.key, other.id) }
    }

    private var lines: [Line] = []

    /// Puts a principal where it belongs.
    ///
    /// - Parameter former: The same principal as it was; `nil` for a new one.
    /// - Complexity: O(*n*) to move lines, O(log *n*) comparisons.
    mutating func put(_ principal: Principal, replacing former: Principal?) {
        if let former {
            // Neither has changed where only a certificate has.
            if former.displayName == principal.displayName, former.office == principal.office {
                return
            }
            let index = position(of: Line(former))
            if index < lines.count, lines[index].id == former.id { lines.remove(at: index) }
        }
        let line = Line(principal)
        lines.insert(line, at: position(of: line))
    }

    var count: Int { lines.count }

    /// Who is listed at a place; `nil` where a text is nowhere in the display name or the office.
    func identifier(at place: Int, matching text: FoldedText?) -> PrincipalID? {
        let line = lines[place]
        guard let text else { return line.id }
        let isFound = line.name.contains(text) || line.office?.contains(text) == true
        return isFound ? line.id : nil
    }

    /// Where a line is, or would be inserted.
    private func position(of line: Line) -> Int {
        var low = 0
        var high = lines.count
        while low < high {
            let middle = low + (high - low) / 2
            if lines[middle].precedes(line) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
