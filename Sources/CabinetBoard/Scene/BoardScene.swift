public import CabinetClient
public import CabinetModel
public import CabinetTexts

/// All that the board shows.
public struct BoardScene: Sendable {
    /// Of the meeting that is followed.
    public var meeting: MeetingID
    /// The meeting as the audience may see it; `nil` before there is anything.
    public var state: ReplicaState?
    /// How current it is.
    public var condition: ReplicaCondition
    /// Who is connected; `nil` where that is not known now, or may not be seen.
    public var connected: ConnectedDevices?
    /// For what is measured by the server's clock, such as the time that is left.
    public var now: Moment
    /// Of the clock that the replica has.
    public var instant: ContinuousClock.Instant

    public init(
        meeting: MeetingID,
        state: ReplicaState?,
        condition: ReplicaCondition,
        connected: ConnectedDevices? = nil,
        now: Moment,
        instant: ContinuousClock.Instant
    ) {
        self.meeting = meeting
        self.state = state
        self.condition = condition
        self.connected = connected
        self.now = now
        self.instant = instant
    }

    var proceedings: Proceedings? { state?.proceedings }

    /// The poll that the board is about: the one in progress, or else the one that ended last.
    var poll: Poll? {
        guard let proceedings else { return nil }
        if let progress = proceedings.pollInProgress { return proceedings.poll(progress.id) }
        return proceedings.polls
            .filter { $0.opening != nil }
            .max { left, right in
                (left.opening?.moment.unixMilliseconds ?? 0)
                    < (right.opening?.moment.unixMilliseconds ?? 0)
            }
    }
}

/// How big a terminal is.
public struct TerminalSize: Hashable, Sendable {
    /// 1…1,000.
    public let columns: Int
    /// 1…1,000.
    public let rows: Int

    /// What is out of bounds becomes the nearest that is not.
    public init(columns: Int, rows: Int) {
        self.columns = min(max(columns, 1), 1_000)
        self.rows = min(max(rows, 1), 1_000)
    }

    /// What a terminal has that does not say otherwise.
    public static let usual = TerminalSize(columns: 80, rows: 24)
}

/// For whom the board is drawn, and on what.
public struct BoardFormat: Sendable {
    public var size: TerminalSize
    public var language: Language
    public var zone: CivilZone
    /// Whether the terminal shows UTF-8. Otherwise letters lose their marks, and seats are shown by ASCII.
    public var hasUnicode: Bool
    /// Whether there is somebody who reads keys, and the board says which.
    public var hasKeys: Bool

    public init(
        size: TerminalSize = .usual,
        language: Language,
        zone: CivilZone = .utc,
        hasUnicode: Bool = true,
        hasKeys: Bool = true
    ) {
        self.size = size
        self.language = language
        self.zone = zone
        self.hasUnicode = hasUnicode
        self.hasKeys = hasKeys
    }
}
