internal import CabinetModel
internal import CabinetTexts

/// The seats of all members: with their names where there is room, and otherwise a sign for each.
struct SeatGrid {
    /// The narrowest column that says something: a sign, a space, ten letters.
    private static let leastColumn = 12
    private static let mostColumn = 60
    /// Where most names are whole.
    private static let comfortableColumn = 32
    /// Signs that stand together, so that one can count them.
    private static let group = 10

    private struct Seat {
        let name: String
        let mark: SeatMark
    }

    private let seats: [Seat]
    private let pen: Pen
    private let labels: SeatLabels

    init(_ scene: BoardScene, _ pen: Pen) {
        let marks = SeatMark.marks(of: scene)
        let seats = (scene.proceedings?.listedMembers ?? []).map { member in
            Seat(name: pen.shown(member.displayName.value), mark: marks[member.id] ?? .away)
        }
        self.seats = seats
        self.pen = pen
        labels = SeatLabels(seats.map(\.name), ellipsis: pen.glyphs.ellipsis)
    }

    /// The marks that there are, in their order, for the legend.
    var marks: [SeatMark] {
        let present = Set(seats.map(\.mark))
        return SeatMark.allCases.filter(present.contains)
    }

    /// Rows that the signs alone need.
    var leastRows: Int {
        seats.isEmpty ? 0 : (seats.count + seatsPerRow - 1) / seatsPerRow
    }

    /// Rows in which most names are whole.
    var comfortableRows: Int { rows(ofColumn: min(widestName + 2, Self.comfortableColumn)) }

    /// Rows in which all names are, and which are of use at most.
    var mostRows: Int { max(comfortableRows, rows(ofColumn: widestName + 2)) }

    private func rows(ofColumn width: Int) -> Int {
        let columns = max(1, (pen.columns + 1) / (width + 1))
        return max(leastRows, (seats.count + columns - 1) / columns)
    }

    /// The seats in no more than so many rows. Those that have no place are counted in the last one.
    func lines(atMost rows: Int) -> [BoardLine] {
        guard rows > 0, !seats.isEmpty else { return [] }
        return named(rows) ?? compact(rows)
    }

    private var widestName: Int {
        min(seats.map(\.name.cellWidth).max() ?? 0, Self.mostColumn - 2)
    }

    /// Names, down the columns.
    private func named(_ rows: Int) -> [BoardLine]? {
        let columns = (seats.count + rows - 1) / rows
        let available = (pen.columns - (columns - 1)) / columns
        guard available >= min(Self.leastColumn, widestName + 2) else { return nil }
        let width = min(available, widestName + 2)
        let height = (seats.count + columns - 1) / columns
        return (0..<height).map { row in
            let places = stride(from: row, to: seats.count, by: height)
            return BoardLine(
                places.flatMap { place in cell(seats[place], width, isFirst: place == row) }
            )
        }
    }

    private func cell(_ seat: Seat, _ width: Int, isFirst: Bool) -> [BoardSpan] {
        [
            BoardSpan(isFirst ? "" : " "),
            BoardSpan(seat.mark.glyph(pen.glyphs.seats) + " ", seat.mark.tone),
            BoardSpan(labels.label(seat.name, width: width - 2), seat.mark.nameTone),
        ]
    }

    /// Signs, along the rows.
    private func compact(_ rows: Int) -> [BoardLine] {
        let places = rows * seatsPerRow
        // « +600» takes five cells.
        let shown = seats.count <= places ? seats.count : max(0, places - 5)
        var lines = stride(from: 0, to: shown, by: seatsPerRow).map { start in
            let row = seats[start..<min(start + seatsPerRow, shown)]
            return BoardLine(
                row.enumerated().map { index, seat in
                    let gap = index > 0 && index.isMultiple(of: Self.group) ? " " : ""
                    return BoardSpan(gap + seat.mark.glyph(pen.glyphs.seats), seat.mark.tone)
                }
            )
        }
        if shown < seats.count, let last = lines.popLast() {
            lines.append(BoardLine(last.spans + [BoardSpan(" +\(seats.count - shown)", .dim)]))
        }
        return lines
    }

    /// As many as there is room for, with a space between groups.
    private var seatsPerRow: Int {
        let (groups, rest) = (pen.columns + 1).quotientAndRemainder(dividingBy: Self.group + 1)
        return max(1, groups * Self.group + max(0, rest - 1))
    }
}

extension SeatMark {
    /// The name beside a sign that is lit is not.
    fileprivate var nameTone: Tone {
        switch self {
        case .inFavour, .against, .abstaining, .voted: .strong
        case .room, .remote: .plain
        case .linkLost, .away: .dim
        }
    }
}
