internal import CabinetTexts

/// The names of seats where there is little room.
///
/// Many offices begin alike: of «Bộ trưởng Bộ Công an» and «Bộ trưởng Bộ Y tế» a narrow column would show
/// «Bộ trưởng B…» twice. A name that does not fit loses the words that it begins with in common with two
/// others: «…Công an»; with one other where it fits then. Of persons' names the given name remains, by which
/// they are called.
struct SeatLabels: Sendable {
    /// What a name begins with: some words of it, compared without the punctuation at their ends, and as
    /// written with the space after them.
    private struct Beginning {
        let words: String
        let length: Int
    }

    private var countsOfBeginnings: [String: Int] = [:]
    private let ellipsis: String

    init(_ names: [String], ellipsis: String) {
        self.ellipsis = ellipsis
        for name in names {
            for beginning in Self.beginnings(of: name) {
                countsOfBeginnings[beginning.words, default: 0] += 1
            }
        }
    }

    /// The name in exactly so many cells.
    func label(_ name: String, width: Int) -> String {
        short(name, atMost: width).fitted(to: width, ellipsis: ellipsis)
    }

    /// The name in no more than so many cells.
    func short(_ name: String, atMost width: Int) -> String {
        guard name.cellWidth > width else { return name }
        let common = rest(of: name, sharedBy: 3) ?? name
        if common.cellWidth > width, let rest = rest(of: name, sharedBy: 2), rest.cellWidth <= width
        {
            return rest
        }
        return common.truncated(to: width, ellipsis: ellipsis)
    }

    /// A name without the words that so many names begin with; `nil` where it has none.
    private func rest(of name: String, sharedBy count: Int) -> String? {
        let shared = Self.beginnings(of: name).last {
            countsOfBeginnings[$0.words, default: 0] >= count
        }
        return shared.map { ellipsis + name.dropFirst($0.length) }
    }

    /// From the first word to all but the last.
    private static func beginnings(of name: String) -> [Beginning] {
        var beginnings: [Beginning] = []
        var words = ""
        var word = ""
        for (index, character) in name.enumerated() {
            guard character == " " else {
                word.append(character)
                continue
            }
            words += word.last.map { ",;:".contains($0) } == true ? word.dropLast() : word[...]
            words += " "
            word = ""
            beginnings.append(Beginning(words: words, length: index + 1))
        }
        return beginnings
    }
}
