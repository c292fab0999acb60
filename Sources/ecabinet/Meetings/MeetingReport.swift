import CabinetModel
import CabinetTexts

/// A meeting, as it is printed.
struct MeetingReport: Report {
    let meeting: MeetingSummary

    var json: JSONValue { .object(meeting.members) }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let record = meeting.record
        var facts = FactList()
        facts.add(language.text(vi: "phiên họp", en: "meeting"), meeting.id.text, .bold)
        facts.add(language.text(vi: "tên", en: "title"), record.title.value)
        facts.add(
            language.text(vi: "trạng thái", en: "state"),
            record.phase.name.text(in: language),
            record.phase.name.ink
        )
        facts.add(language.text(vi: "dự kiến", en: "scheduled"), record.scheduled.local)
        facts.add(language.text(vi: "khai mạc", en: "opened"), record.phase.opened?.local)
        facts.add(language.text(vi: "bế mạc", en: "adjourned"), record.phase.adjourned?.local)
        facts.add(
            language.text(vi: "quy tắc", en: "rule"),
            record.defaultRule.explanation(in: language).joined(separator: "\n")
        )
        return facts.lines(style)
    }
}

/// Meetings, as they are printed.
struct MeetingListReport: Report {
    let meetings: [MeetingSummary]

    var json: JSONValue {
        .object([.init("meetings", .array(meetings.map { .object($0.members) }))])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !meetings.isEmpty else {
            return [language.text(vi: "không có phiên họp nào", en: "there are no meetings")]
        }
        var table = Table([
            .init(language.text(vi: "PHIÊN HỌP", en: "MEETING")),
            .init(language.text(vi: "TRẠNG THÁI", en: "STATE")),
            .init(language.text(vi: "DỰ KIẾN", en: "SCHEDULED")),
            .init(language.text(vi: "TÊN", en: "TITLE")),
        ])
        for meeting in meetings {
            let phase = meeting.record.phase.name
            table.add([
                Table.Cell(meeting.id.text, .bold), Table.Cell(phase.text(in: language), phase.ink),
                Table.Cell(meeting.record.scheduled.local),
                Table.Cell(meeting.record.title.value),
            ])
        }
        return table.lines(style)
    }
}

/// A meeting with all that there is in it, as it is printed.
struct WholeMeetingReport: Report {
    let meeting: MeetingSummary
    let attendees: [Attendee]
    let agenda: [AgendaItem]
    let polls: [PollSummary]

    private var attendance: AttendanceReport {
        AttendanceReport(attendees: attendees, rule: meeting.record.defaultRule)
    }

    var json: JSONValue {
        .object(
            meeting.members + attendance.members + [
                .init("agenda", .array(agenda.map(\.json))),
                .init("polls", .array(polls.map(\.json))),
            ]
        )
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        let parts = [
            MeetingReport(meeting: meeting).lines(style, language),
            attendance.lines(style, language),
            AgendaReport(items: agenda).lines(style, language),
            PollListReport(polls: polls).lines(style, language),
        ]
        return Array(parts.joined(separator: [""]))
    }
}

extension MeetingSummary {
    fileprivate var members: [JSONValue.Member] {
        [
            .init("meeting_id", .string(id.text)),
            .init("title", .string(record.title.value)),
            .init("state", .string(record.phase.name.jsonName)),
            .init("scheduled", record.scheduled.asJSON),
            .init("opened", record.phase.opened.asJSON),
            .init("adjourned", record.phase.adjourned.asJSON),
            .init("default_rule", record.defaultRule.asJSON),
            .init("current_agenda_item_id", .optional(currentItem?.text)),
        ]
    }
}

extension MeetingPhase {
    fileprivate var adjourned: Moment? {
        if case .adjourned(_, let moment) = self { moment } else { nil }
    }
}

extension MeetingPhase.Name {
    fileprivate var ink: Style.Ink {
        switch self {
        case .open: .green
        case .recess: .yellow
        case .scheduled: .cyan
        case .adjourned: .dim
        }
    }
}
