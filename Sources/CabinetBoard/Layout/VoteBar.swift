internal import CabinetModel

/// The ballots as a bar: in favour, against, abstaining, and those that are missing; with a mark where those
/// in favour are enough.
struct VoteBar {
    private static let mostCells = 60

    private let counts: Standing.Counts
    /// Weight of the whole roll.
    private let whole: UInt64

    init(_ counts: Standing.Counts) {
        self.counts = counts
        let tally = counts.tally
        whole = UInt64(tally.cast.weight) + UInt64(tally.notVoted.weight)
    }

    func line(_ pen: Pen) -> BoardLine {
        let cells = min(Self.mostCells, pen.columns - 2)
        guard whole > 0, cells > 0 else { return BoardLine() }
        let tally = counts.tally
        let ends = [tally.yes, tally.no, tally.abstain].map { UInt64($0.total.weight) }
            .reduce(into: [UInt64]()) { ends, weight in ends.append((ends.last ?? 0) + weight) }
            .map { cell(of: $0, cells) }
        let needed = neededCell(cells)
        let signs = (0..<cells).map { index -> BoardSpan in
            // The mark stands before the first cell that is not needed any more.
            if index == needed { return BoardSpan(pen.glyphs.needed, .strong) }
            if index < ends[0] { return BoardSpan(pen.glyphs.filled, .good) }
            if index < ends[1] { return BoardSpan(pen.glyphs.against, .bad) }
            if index < ends[2] { return BoardSpan(pen.glyphs.abstaining, .warning) }
            return BoardSpan(pen.glyphs.empty, .dim)
        }
        return BoardLine([BoardSpan(" ")] + Self.joined(signs))
    }

    /// Where a weight ends, in cells.
    private func cell(of weight: UInt64, _ cells: Int) -> Int {
        Int(clamping: min(weight, whole) * UInt64(cells) / whole)
    }

    /// `nil` where more are needed than there are.
    private func neededCell(_ cells: Int) -> Int? {
        let needed = UInt64(counts.threshold.neededWeight)
        return needed <= whole ? min(cell(of: needed, cells), cells - 1) : nil
    }

    /// Cells of the same tone in one span.
    private static func joined(_ signs: [BoardSpan]) -> [BoardSpan] {
        signs.reduce(into: []) { spans, sign in
            if let last = spans.last, last.tone == sign.tone {
                spans[spans.count - 1] = BoardSpan(last.text + sign.text, last.tone)
            } else {
                spans.append(sign)
            }
        }
    }
}
