import CabinetModel
import CabinetTexts

/// Who takes part in a meeting and who is present, as it is printed.
struct AttendanceReport: Report {
    /// In the order in which they are listed.
    let attendees: [Attendee]
    /// The meeting's, whose quorum is the one for opening it; `nil` where only a part is listed.
    let rule: PollRule?

    var json: JSONValue { .object(members) }

    var members: [JSONValue.Member] {
        [.init("participants", .array(attendees.map(\.json)))]
            + (quorum.map { [.init("quorum", $0.asJSON)] } ?? [])
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        guard !attendees.isEmpty else {
            return [
                language.text(vi: "chưa có ai trong thành phần tham dự", en: "nobody takes part")
            ]
        }
        var table = Table([
            .init(language.text(vi: "MÃ", en: "PARTICIPANT")),
            .init(language.text(vi: "TÊN", en: "NAME")),
            .init(language.text(vi: "CHỨC VỤ", en: "OFFICE")),
            .init(language.text(vi: "VAI TRÒ", en: "ROLES")),
            .init(language.text(vi: "ĐIỂM DANH", en: "ATTENDANCE")),
            .init(language.text(vi: "TỪ", en: "SINCE")),
        ])
        for attendee in attendees {
            let participant = attendee.participant
            table.add([
                Table.Cell(participant.id.text, .bold),
                Table.Cell(participant.displayName.value),
                Table.Cell(participant.office?.value ?? ""),
                Table.Cell(participant.roleText(language)),
                Table.Cell(attendee.attendance.text(in: language), attendee.attendance.ink),
                Table.Cell(attendee.attendance.changed?.local ?? ""),
            ])
        }
        let summary = quorum.map { ["", $0.text(in: language)] } ?? []
        return table.lines(style) + summary
    }

    private var quorum: QuorumCount? {
        guard let rule else { return nil }
        let members = attendees.compactMap { attendee in
            attendee.participant.membership.map {
                (weight: $0.weight, place: attendee.attendance.place)
            }
        }
        return QuorumCount(
            rule: rule,
            allMembers: UInt32(clamping: members.count),
            presence: Presence(of: members)
        )
    }
}

extension Participant {
    /// The roles, with the weight of a vote that is another than 1.
    fileprivate func roleText(_ language: Language) -> String {
        let roles = roles.text(in: language)
        guard let weight = membership?.weight, weight != .one else { return roles }
        let number = language.number(weight.value)
        return roles + language.text(vi: " (trọng số \(number))", en: " (weight \(number))")
    }
}

extension Attendee {
    fileprivate var json: JSONValue {
        .object([
            .init("principal_id", .string(participant.id.text)),
            .init("display_name", .string(participant.displayName.value)),
            .init("office", .optional(participant.office?.value)),
            .init("roles", .array(participant.roles.roles.map { .string($0.jsonName) })),
            .init(
                "weight",
                participant.membership.map { .integer(Int64($0.weight.value)) } ?? .null
            ),
            .init("attendance", .string(attendance.jsonName)),
            .init("changed", attendance.changed.asJSON),
        ])
    }
}

extension Attendance {
    fileprivate var ink: Style.Ink? {
        switch self {
        case .present: .green
        case .left: .yellow
        case .onLeave, .absent, .expected: .dim
        }
    }
}
