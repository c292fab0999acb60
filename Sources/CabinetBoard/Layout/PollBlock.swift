internal import CabinetModel
internal import CabinetTexts

/// A poll: what is voted on, how it stands, the time that is left, and in the end the verdict.
struct PollBlock {
    /// A line, and how early it goes where there is not room for all: those of 0 stay.
    private struct Ranked {
        let line: BoardLine
        let rank: Int

        init(_ line: BoardLine, _ rank: Int) {
            self.line = line
            self.rank = rank
        }
    }

    private let ranked: [Ranked]

    init(_ poll: Poll, _ scene: BoardScene, _ pen: Pen) {
        var ranked: [Ranked] = [Ranked(Self.heading(poll, scene, pen), 0)]
        for (index, text) in Self.motionLines(poll, pen).enumerated() {
            ranked.append(Ranked(pen.line(BoardSpan(" " + text, .strong)), index == 0 ? 1 : 4))
        }
        switch poll.stage {
        case .draft: break
        case .open, .held, .closed:
            ranked += Self.progress(poll, scene, pen)
        case .decided(_, _, let verdict):
            ranked += Self.result(verdict, pen)
        case .voided(_, _, let reason):
            ranked.append(Ranked(pen.line(BoardSpan(" " + pen.shown(reason.value), .warning)), 0))
        }
        self.ranked = ranked
    }

    var mostRows: Int { ranked.count }

    var leastRows: Int { ranked.count { $0.rank == 0 } }

    /// The lines for which there is room, the most important of them.
    func lines(atMost rows: Int) -> [BoardLine] {
        var kept = ranked
        while kept.count > max(0, rows),
            let last = kept.indices.reversed().max(by: {
                kept[$0].rank < kept[$1].rank
            })
        {
            kept.remove(at: last)
        }
        return kept.map(\.line)
    }

    private static func heading(_ poll: Poll, _ scene: BoardScene, _ pen: Pen) -> BoardLine {
        let name = pen.text(vi: "Biểu quyết", en: "Poll")
        let state = pen.shown(poll.state.text(in: pen.language))
        return pen.heading("\(name) \(poll.id.text): \(state)", right: timeText(poll, scene, pen))
    }

    private static func timeText(_ poll: Poll, _ scene: BoardScene, _ pen: Pen) -> String {
        switch poll.stage {
        case .open(_, let closesAt?):
            let left = closesAt.unixMilliseconds - scene.now.unixMilliseconds
            guard left > 0 else {
                return pen.text(vi: "hết giờ", en: "time is over")
            }
            // 0.4 seconds are shown as a second: at «0:00» the time is over.
            let clock = pen.language.clock(seconds: (left - 1) / 1_000 + 1)
            return pen.text(vi: "còn \(clock)", en: "\(clock) left")
        case .held(_, let remaining?):
            let clock = pen.language.clock(seconds: (Int64(remaining) - 1) / 1_000 + 1)
            return pen.text(vi: "còn \(clock)", en: "\(clock) left")
        case .draft, .open, .held, .closed, .decided, .voided:
            return ""
        }
    }

    /// At most two lines.
    private static func motionLines(_ poll: Poll, _ pen: Pen) -> [String] {
        let paragraphs = poll.motion.text.split(separator: "\n").map { pen.shown(String($0)) }
        let lines = paragraphs.flatMap { $0.wrapped(to: max(2, pen.columns - 2)) }
        guard lines.count > 2 else { return lines }
        let second = (lines[1] + " " + pen.glyphs.ellipsis)
        return [
            lines[0], second.truncated(to: max(2, pen.columns - 2), ellipsis: pen.glyphs.ellipsis),
        ]
    }

    // MARK: - While it is in progress

    private static func progress(_ poll: Poll, _ scene: BoardScene, _ pen: Pen) -> [Ranked] {
        guard let standing = scene.state?.standing else { return [] }
        var lines: [Ranked] = [Ranked(standingLine(standing, scene, pen), 0)]
        if let counts = standing.counts {
            lines.append(Ranked(VoteBar(counts).line(pen), 2))
            lines.append(Ranked(tallyLine(counts.tally, pen), 1))
        }
        if standing.quorum != headerQuorum(scene) {
            let quorum = pen.shown(standing.quorum.text(in: pen.language))
            lines.append(Ranked(pen.line(BoardSpan(" " + quorum, .dim)), 5))
        }
        return lines + MissingBlock(scene, pen).lines.map { Ranked($0, 3) }
    }

    private static func tallyLine(_ tally: Tally, _ pen: Pen) -> BoardLine {
        let long = " " + pen.shown(tally.text(in: pen.language))
        guard long.cellWidth > pen.columns else { return BoardLine(long) }
        return pen.line(BoardSpan(" " + pen.shown(tally.shortText(in: pen.language))))
    }

    /// The quorum that stands at the top of the board.
    private static func headerQuorum(_ scene: BoardScene) -> QuorumCount? {
        guard let proceedings = scene.proceedings, let meeting = proceedings.meeting else {
            return nil
        }
        return proceedings.quorum(by: meeting.defaultRule)
    }

    private static func standingLine(
        _ standing: Standing,
        _ scene: BoardScene,
        _ pen: Pen
    ) -> BoardLine {
        let isReached = standing.counts?.threshold.isReached ?? false
        let text = BoardSpan(
            " " + pen.shown(standing.text(in: pen.language)),
            isReached ? .good : .strong
        )
        guard let turnout = turnout(scene) else { return pen.line(text) }
        let cast = pen.language.number(turnout.cast)
        let all = pen.language.number(turnout.all)
        return pen.line(
            text,
            BoardSpan(
                pen.glyphs.separator
                    + pen.text(
                        vi: "\(cast)/\(all) đã biểu quyết",
                        en: "\(cast) of \(all) have voted"
                    )
            )
        )
    }

    /// How many members have voted: that is always known.
    private static func turnout(_ scene: BoardScene) -> (cast: Int, all: Int)? {
        guard let view = scene.state?.pollInProgress?.ballots,
            let progress = scene.proceedings?.pollInProgress
        else { return nil }
        let all = progress.roll.roll.voters.count
        switch view {
        case .named(let votes): return (votes.count { $0 != nil }, all)
        case .nothing(let places): return (places.count { $0 != nil }, all)
        case .counts(let tally): return (Int(tally.cast.members), all)
        }
    }

    // MARK: - Afterwards

    private static func result(_ verdict: Verdict, _ pen: Pen) -> [Ranked] {
        let tone: Tone = verdict.outcome == .carried ? .good : .bad
        let summary = pen.shown(verdict.summary(in: pen.language))
        let lines = summary.wrapped(to: max(2, pen.columns - 2)).map { line in
            Ranked(pen.line(BoardSpan(" " + line, tone)), 0)
        }
        let explanation = verdict.explanation(in: pen.language).enumerated().flatMap {
            index,
            text in
            pen.shown(text).wrapped(to: max(2, pen.columns - 2)).map { line in
                Ranked(pen.line(BoardSpan(" " + line)), index + 2)
            }
        }
        return lines + explanation
    }
}
