internal import CabinetClient
internal import CabinetClientTexts
internal import CabinetModel
internal import CabinetTexts

/// What stands at the top: the meeting, how current the board is, and who is there.
struct HeaderBlock {
    private let scene: BoardScene
    private let format: BoardFormat
    private let pen: Pen

    init(_ scene: BoardScene, _ format: BoardFormat, _ pen: Pen) {
        self.scene = scene
        self.format = format
        self.pen = pen
    }

    var lines: [BoardLine] {
        var lines = [titleBar]
        guard let proceedings = scene.proceedings, let meeting = proceedings.meeting else {
            return lines + waiting
        }
        lines.append(meetingLine(meeting))
        lines.append(attendanceLine(proceedings, meeting))
        if let notice = offlineNotice { lines.append(notice) }
        return lines
    }

    private var titleBar: BoardLine {
        let title = scene.proceedings?.meeting?.title.value ?? scene.meeting.text
        let left = BoardLine(" " + pen.shown(title), .title)
        return left.with(
            right: BoardLine([BoardSpan(" " + conditionText + " ", conditionTone)]),
            width: pen.columns,
            ellipsis: pen.glyphs.ellipsis,
            filling: .title
        )
    }

    private var conditionText: String {
        let sign = scene.condition == .live ? pen.glyphs.live : pen.glyphs.offline
        return sign + " "
            + pen.shown(scene.condition.text(in: format.language, now: scene.instant))
    }

    private var conditionTone: Tone {
        switch scene.condition {
        case .live: .good
        case .connecting, .catchingUp: .warning
        case .offline, .startingAnew, .ended: .alarm
        }
    }

    private func meetingLine(_ meeting: MeetingRecord) -> BoardLine {
        let state = pen.shown(meeting.phase.name.text(in: format.language))
        let since: String
        switch meeting.phase {
        case .scheduled:
            since = civil(meeting.scheduled).text(in: format.language)
        case .open(let moment), .recess(let moment):
            since = pen.text(
                vi: "khai mạc lúc \(civil(moment).text(in: format.language))",
                en: "opened \(civil(moment).text(in: format.language))"
            )
        case .adjourned(_, let moment):
            since = civil(moment).text(in: format.language)
        }
        return pen.line(
            BoardSpan(" " + state, .strong),
            BoardSpan(pen.glyphs.separator + since),
            BoardSpan(pen.glyphs.separator + scene.meeting.text, .dim)
        )
    }

    private func civil(_ moment: Moment) -> CivilTime { CivilTime(moment, in: format.zone) }

    private func attendanceLine(
        _ proceedings: Proceedings,
        _ meeting: MeetingRecord
    ) -> BoardLine {
        let quorum = proceedings.quorum(by: meeting.defaultRule)
        let isMet = quorum.isMet
        let sign = isMet ? BoardSpan("") : BoardSpan(pen.glyphs.seats.linkLost + " ", .alarm)
        let away = proceedings.attendees.values.lazy.filter {
            $0.participant.membership != nil && $0.attendance.place == nil
        }.count
        let language = format.language
        return pen.line(
            BoardSpan(" "),
            sign,
            BoardSpan(pen.shown(quorum.text(in: language)), isMet ? .plain : .warning),
            BoardSpan(
                pen.glyphs.separator
                    + pen.text(
                        vi: "vắng \(language.number(away))",
                        en: "away \(language.number(away))"
                    ),
                .dim
            ),
            BoardSpan(linkText(proceedings), .alarm)
        )
    }

    /// How many who are checked in have no device connected.
    private func linkText(_ proceedings: Proceedings) -> String {
        guard let connected = scene.connected else { return "" }
        let lost = proceedings.attendees.values.lazy.filter {
            $0.participant.membership != nil && $0.attendance.place != nil
                && !connected.isConnected($0.participant.id)
        }.count
        guard lost > 0 else { return "" }
        let number = format.language.number(lost)
        return pen.glyphs.separator
            + pen.text(vi: "mất kết nối \(number)", en: "link lost \(number)")
    }

    /// What is shown is old where the link is lost, and it says so.
    private var offlineNotice: BoardLine? {
        switch scene.condition {
        case .offline:
            BoardLine(
                " "
                    + pen.text(
                        vi: "Những gì hiện ở đây là của trước khi mất kết nối; đang kết nối lại.",
                        en: "What is shown is from before the link was lost; it is being restored."
                    ),
                .alarm
            ).truncated(to: pen.columns, ellipsis: pen.glyphs.ellipsis)
        case .startingAnew, .ended:
            BoardLine(
                " "
                    + pen.text(
                        vi: "Những gì hiện ở đây có thể đã cũ.",
                        en: "What is shown may be out of date."
                    ),
                .alarm
            ).truncated(to: pen.columns, ellipsis: pen.glyphs.ellipsis)
        case .connecting, .catchingUp, .live:
            nil
        }
    }

    /// Where there is nothing yet: what it waits for, and why.
    private var waiting: [BoardLine] {
        let first = pen.text(vi: "Đang chờ máy chủ.", en: "Waiting for the server.")
        guard case .offline(_, let reason) = scene.condition else {
            return [BoardLine(), pen.line(BoardSpan(" " + first))]
        }
        let advice = reason.advice(in: format.language).lines(in: format.language)
        let lines = ([first] + advice.map(pen.shown)).flatMap {
            $0.wrapped(to: max(2, pen.columns - 2))
        }
        return [BoardLine()] + lines.map { pen.line(BoardSpan(" " + $0)) }
    }
}
