internal import CabinetModel
internal import CabinetTexts

/// The live board of a meeting, as lines for a terminal.
///
/// It is a pure function of what it shows and of the terminal: no clock, no input and no output. The lines
/// are as many as the terminal has rows, and none is wider than it has columns; from 80 × 24 on there is
/// room for the meeting, the current item of the agenda, a poll and the seats of up to 600 members.
public struct Board: Hashable, Sendable {
    /// From the top.
    public let lines: [BoardLine]

    /// Draws it.
    ///
    /// - Complexity: O(*n* log *n*) in the members.
    public init(_ scene: BoardScene, _ format: BoardFormat) {
        let pen = Pen(format)
        let grid = SeatGrid(scene, pen)
        let header = HeaderBlock(scene, format, pen).lines
        let footer = Self.footer(grid, pen, rows: format.size.rows >= 20 ? 2 : 1)
        let rows = max(0, format.size.rows - header.count - footer.count)
        let body = Self.body(scene, grid, rows: rows, pen)
        let blank = max(0, format.size.rows - header.count - body.count - footer.count)
        let all = header + body + Array(repeating: BoardLine(), count: blank) + footer
        lines = all.prefix(format.size.rows).map {
            $0.truncated(to: pen.columns, ellipsis: pen.glyphs.ellipsis)
        }
    }

    /// Agenda, poll and seats, in no more than so many rows.
    ///
    /// Each gets what it cannot do without; then the poll what it can say, then the seats room for names,
    /// then the agenda what it has, then the seats room for long names.
    private static func body(
        _ scene: BoardScene,
        _ grid: SeatGrid,
        rows: Int,
        _ pen: Pen
    ) -> [BoardLine] {
        guard let proceedings = scene.proceedings, proceedings.meeting != nil else { return [] }
        let agenda = AgendaBlock(proceedings.agenda, pen)
        let poll = scene.poll.map { PollBlock($0, scene, pen) }
        let seatHeading = grid.leastRows > 0 ? 1 : 0

        let leastSeats = grid.leastRows + seatHeading
        let leastAgenda = min(agenda.mostRows, 2)
        var free = rows - leastSeats - leastAgenda - (poll?.leastRows ?? 0)
        let morePoll = take(&free, (poll?.mostRows ?? 0) - (poll?.leastRows ?? 0))
        var moreSeats = take(&free, grid.comfortableRows - grid.leastRows)
        let moreAgenda = take(&free, agenda.mostRows - leastAgenda)
        moreSeats += take(&free, grid.mostRows - grid.comfortableRows)

        // Where there is not even room for the least, the seats give way, and then the agenda.
        let pollLines = poll?.lines(atMost: min(rows, (poll?.leastRows ?? 0) + morePoll)) ?? []
        let agendaLines = agenda.lines(
            atMost: min(rows - pollLines.count, leastAgenda + moreAgenda)
        )
        let room = rows - pollLines.count - agendaLines.count
        let seatLines = grid.lines(atMost: min(room - seatHeading, grid.leastRows + moreSeats))
        let heading = seatLines.isEmpty ? [] : [pen.heading(seatTitle(proceedings, pen))]
        return agendaLines + pollLines + heading + seatLines
    }

    private static func take(_ free: inout Int, _ wanted: Int) -> Int {
        let taken = max(0, min(free, wanted))
        free -= taken
        return taken
    }

    private static func seatTitle(_ proceedings: Proceedings, _ pen: Pen) -> String {
        let members = proceedings.attendees.values.count { $0.participant.membership != nil }
        let name = pen.text(vi: "Thành viên", en: "Members")
        return "\(name) \(pen.language.number(members))"
    }

    /// What the signs of the seats mean, in no more than so many rows, and the key that ends it.
    private static func footer(_ grid: SeatGrid, _ pen: Pen, rows: Int) -> [BoardLine] {
        let key =
            pen.hasKeys
            ? BoardLine(pen.text(vi: "q: thoát ", en: "q: quit "), .dim) : BoardLine()
        var lines = [BoardLine()]
        for mark in grid.marks {
            let explained = [
                BoardSpan(" " + mark.glyph(pen.glyphs.seats), mark.tone),
                BoardSpan(" " + pen.shown(mark.text(in: pen.language)) + " ", .dim),
            ]
            let longer = BoardLine((lines.last?.spans ?? []) + explained)
            if longer.width + key.width <= pen.columns || lines.count == rows {
                lines[lines.count - 1] = longer
            } else {
                lines.append(BoardLine(explained))
            }
        }
        let last = lines.removeLast()
        return lines + [
            last.with(
                right: key,
                width: pen.columns,
                ellipsis: pen.glyphs.ellipsis,
                filling: .plain
            )
        ]
    }
}
