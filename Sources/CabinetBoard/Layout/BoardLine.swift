internal import CabinetTexts

/// What a part of a line means, from which a terminal's colours follow.
public enum Tone: Hashable, Sendable, CaseIterable {
    case plain
    /// The bar at the top.
    case title
    /// What a section is called.
    case heading
    /// What matters less.
    case dim
    /// What matters most now.
    case strong
    /// A ballot in favour; a motion that is carried; a link that stands.
    case good
    /// A ballot against; a motion that is not carried.
    case bad
    /// A ballot that abstains; time that runs out.
    case warning
    /// A seat whose ballot has arrived.
    case lit
    /// A link that is lost.
    case alarm
}

/// A part of a line.
public struct BoardSpan: Hashable, Sendable {
    public let text: String
    public let tone: Tone

    public init(_ text: String, _ tone: Tone = .plain) {
        self.text = text
        self.tone = tone
    }
}

/// A line of the board. Nothing in it moves the cursor, and it is as wide as its text.
public struct BoardLine: Hashable, Sendable {
    public private(set) var spans: [BoardSpan]

    public init(_ spans: [BoardSpan] = []) {
        self.spans = spans.filter { !$0.text.isEmpty }
    }

    public init(_ text: String, _ tone: Tone = .plain) {
        self.init([BoardSpan(text, tone)])
    }

    /// Without its tones.
    public var text: String { spans.map(\.text).joined() }

    /// Cells of a terminal that it takes.
    public var width: Int { spans.reduce(0) { $0 + $1.text.cellWidth } }

    /// The line in no more than so many cells.
    func truncated(to width: Int, ellipsis: String) -> BoardLine {
        guard self.width > width else { return self }
        var taken = 0
        var kept: [BoardSpan] = []
        for span in spans {
            let room = width - taken
            guard room > 0 else { break }
            kept.append(BoardSpan(span.text.truncated(to: room, ellipsis: ellipsis), span.tone))
            taken += span.text.cellWidth
        }
        return BoardLine(kept)
    }

    /// The line with another at the right border of so many cells, which is the one that is kept whole where
    /// there is not room for both.
    func with(right: BoardLine, width: Int, ellipsis: String, filling tone: Tone) -> BoardLine {
        let right = right.truncated(to: width, ellipsis: ellipsis)
        let left = truncated(to: max(0, width - right.width - 1), ellipsis: ellipsis)
        let free = max(0, width - left.width - right.width)
        let gap = BoardSpan(String(repeating: " ", count: free), tone)
        return BoardLine(left.spans + [gap] + right.spans)
    }
}
