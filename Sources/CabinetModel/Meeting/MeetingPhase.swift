/// Where a meeting is in its life.
public enum MeetingPhase: Hashable, Sendable {
    /// Announced and being prepared.
    case scheduled
    /// In session.
    case open(since: Moment)
    /// Interrupted.
    case recess(openedAt: Moment)
    /// Over.
    case adjourned(openedAt: Moment, at: Moment)

    /// The phase alone, as in the attributes of a status: the name in the schema without its prefix.
    public enum Name: String, Hashable, Sendable, CaseIterable {
        case scheduled = "SCHEDULED"
        case open = "OPEN"
        case recess = "RECESS"
        case adjourned = "ADJOURNED"
    }

    public var name: Name {
        switch self {
        case .scheduled: .scheduled
        case .open: .open
        case .recess: .recess
        case .adjourned: .adjourned
        }
    }

    /// When the meeting opened; `nil` where it has not.
    public var opened: Moment? {
        switch self {
        case .scheduled: nil
        case .open(let moment), .recess(let moment), .adjourned(let moment, _): moment
        }
    }
}

/// What is announced of a meeting, and where it is in its life.
public struct MeetingRecord: Hashable, Sendable {
    public let title: Title
    /// When it is to open.
    public let scheduled: Moment
    /// The rule of polls that name none. Its quorum is also the quorum for opening the meeting.
    public let defaultRule: PollRule
    public internal(set) var phase: MeetingPhase

    public init(title: Title, scheduled: Moment, defaultRule: PollRule, phase: MeetingPhase) {
        self.title = title
        self.scheduled = scheduled
        self.defaultRule = defaultRule
        self.phase = phase
    }
}
