public import CabinetAPI
public import CabinetModel

extension CabinetAPI.Meeting {
    /// A meeting, without participants and polls; `nil` before it is scheduled.
    public init?(_ proceedings: Proceedings) {
        guard let log = proceedings.log, let meeting = proceedings.meeting else { return nil }
        self.init(
            meetingID: log.meeting.text,
            title: meeting.title.value,
            state: MeetingState(meeting.phase.name),
            scheduledUnixMs: meeting.scheduled.unixMilliseconds,
            openedUnixMs: meeting.phase.opened.unixMilliseconds,
            adjournedUnixMs: meeting.phase.adjourned.unixMilliseconds,
            defaultRule: PollRule(meeting.defaultRule),
            currentAgendaItemID: proceedings.agenda.currentID?.text ?? ""
        )
    }
}

extension CabinetAPI.MeetingState {
    init(_ name: MeetingPhase.Name) {
        switch name {
        case .scheduled: self = .scheduled
        case .open: self = .open
        case .recess: self = .recess
        case .adjourned: self = .adjourned
        }
    }
}

extension MeetingPhase {
    fileprivate var adjourned: Moment? {
        if case .adjourned(_, let moment) = self { moment } else { nil }
    }

    fileprivate init(_ message: CabinetAPI.Meeting) throws(InvalidField) {
        let opened = try field("opened_unix_ms", try Moment.optional(message.openedUnixMs))
        let adjourned = try field(
            "adjourned_unix_ms",
            try Moment.optional(message.adjournedUnixMs)
        )
        switch (message.state, opened, adjourned) {
        case (.scheduled, nil, nil): self = .scheduled
        case (.open, let opened?, nil): self = .open(since: opened)
        case (.recess, let opened?, nil): self = .recess(openedAt: opened)
        case (.adjourned, let opened?, let adjourned?):
            self = .adjourned(openedAt: opened, at: adjourned)
        default: throw InvalidField("state", "it is known, and fits the moments that are given")
        }
    }
}

extension MeetingRecord {
    /// What a response says of a meeting.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.Meeting) throws(InvalidField) {
        self.init(
            title: try field("title", try Title(message.title)),
            scheduled: try field(
                "scheduled_unix_ms",
                try Moment(unixMilliseconds: message.scheduledUnixMs)
            ),
            defaultRule: try nested(
                "default_rule",
                try PollRule(required("", message.defaultRule))
            ),
            phase: try MeetingPhase(message)
        )
    }
}

// MARK: - Attendance

extension CabinetAPI.Attendance {
    /// A participant and its attendance.
    public init(_ attendee: Attendee) {
        self.init(
            participant: Participant(attendee.participant),
            state: AttendanceState(rawValue: attendee.attendance.number),
            changedUnixMs: attendee.attendance.changed.unixMilliseconds
        )
    }
}

extension Attendee {
    /// A participant and its attendance.
    ///
    /// - Throws: ``InvalidField``.
    public init(_ message: CabinetAPI.Attendance) throws(InvalidField) {
        self.init(
            try nested("participant", try Participant(required("", message.participant))),
            attendance: try Attendance(message)
        )
    }
}

extension CabinetModel.Attendance {
    fileprivate init(_ message: CabinetAPI.Attendance) throws(InvalidField) {
        let changed = try field("changed_unix_ms", try Moment.optional(message.changedUnixMs))
        switch (message.state, changed) {
        case (.expected, nil): self = .expected
        case (.inRoom, let moment?): self = .present(.room, since: moment)
        case (.remote, let moment?): self = .present(.remote, since: moment)
        case (.left, let moment?): self = .left(moment)
        case (.onLeave, let moment?): self = .onLeave(moment)
        case (.absent, let moment?): self = .absent(moment)
        default: throw InvalidField("state", "it is known, and has a moment unless EXPECTED")
        }
    }
}
