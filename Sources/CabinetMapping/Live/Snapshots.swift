public import CabinetAPI
public import CabinetModel

extension ReplicaState {
    /// The state that a snapshot brings.
    ///
    /// - Parameters:
    ///   - audience: That of the channel.
    ///   - sequenceNumber: From the frame.
    /// - Throws: ``InvalidField``, also where the roll of the poll in progress does not have the digest
    ///   that the poll says.
    public init(
        _ snapshot: MeetingSnapshot,
        audience: CabinetModel.Audience,
        sequenceNumber: UInt64
    ) throws(InvalidField) {
        let polls = try SnapshotPolls(snapshot)
        self.init(
            audience: audience,
            sequenceNumber: sequenceNumber,
            proceedings: try Proceedings(snapshot, polls),
            pollInProgress: polls.ballots
        )
    }
}

extension Proceedings {
    fileprivate init(
        _ snapshot: MeetingSnapshot,
        _ polls: SnapshotPolls
    ) throws(InvalidField) {
        let log = try nested("log", try LogOpened(required("", snapshot.log)))
        let meeting = try required("meeting", snapshot.meeting)
        guard meeting.meetingID == log.meeting.text else {
            throw InvalidField("meeting", "it is the meeting of the log")
        }
        self.init(
            log: log,
            meeting: try nested("meeting", try MeetingRecord(meeting)),
            attendees: try Self.attendees(snapshot),
            agenda: try Self.agenda(snapshot, current: meeting.currentAgendaItemID),
            polls: polls.polls,
            pollInProgress: polls.inProgress
        )
    }

    private static func attendees(_ snapshot: MeetingSnapshot) throws(InvalidField) -> [Attendee] {
        let attendees = try repeated("participants", snapshot.participants) {
            attendance throws(InvalidField) in
            try Attendee(attendance)
        }
        guard attendees.count <= Limits.participants,
            Set(attendees.map(\.participant.id)).count == attendees.count
        else { throw InvalidField("participants", "there are at most 800, each once") }
        return attendees
    }

    private static func agenda(
        _ snapshot: MeetingSnapshot,
        current: String
    ) throws(InvalidField) -> Agenda {
        let items = try repeated("agenda", snapshot.agenda) { item throws(InvalidField) in
            try AgendaItem(item)
        }
        let currentID = try nested(
            "meeting",
            try field("current_agenda_item_id", try AgendaItemID.optional(current))
        )
        return try field("agenda", try Agenda(items: items, currentID: currentID))
    }
}

/// The polls of a snapshot, and what it says of the one in progress in three places.
private struct SnapshotPolls {
    let polls: [CabinetModel.Poll]
    var inProgress: Proceedings.PollInProgress?
    var ballots: ReplicaState.PollInProgress?

    init(_ snapshot: MeetingSnapshot) throws(InvalidField) {
        polls = try repeated("polls", snapshot.polls) { poll throws(InvalidField) in
            try Poll(poll)
        }
        guard polls.count <= Limits.polls, Set(polls.map(\.id)).count == polls.count else {
            throw InvalidField("polls", "there are at most 200, each once")
        }
        guard let progress = snapshot.pollInProgress else { return }
        guard let index = polls.firstIndex(where: { $0.id.text == progress.pollID }) else {
            throw InvalidField("poll_in_progress", "the poll is in the list of polls")
        }
        let poll = polls[index]
        let verdict = try required("polls", snapshot.polls[index].verdict)
        let standing = try nested("polls", try Standing(verdict))
        let roll = try nested("poll_in_progress", try Self.roll(progress, of: poll))
        inProgress = Proceedings.PollInProgress(id: poll.id, roll: roll)
        ballots = ReplicaState.PollInProgress(
            ballots: try nested(
                "poll_in_progress",
                try BallotView(progress, of: poll, standing, roll.roll)
            ),
            standingAtClose: poll.state == .closed ? standing : nil
        )
    }

    private static func roll(
        _ progress: CabinetAPI.PollInProgress,
        of poll: CabinetModel.Poll
    ) throws(InvalidField) -> FrozenRoll {
        let roll = try nested("roll", try FrozenRoll(serialized: progress.roll))
        guard roll.digest == poll.opening?.rollDigest else {
            throw InvalidField("roll", "it has the digest that the poll says")
        }
        return roll
    }
}

extension BallotView {
    fileprivate init(
        _ progress: CabinetAPI.PollInProgress,
        of poll: CabinetModel.Poll,
        _ standing: Standing,
        _ roll: CabinetModel.Roll
    ) throws(InvalidField) {
        if poll.rule.visibility == .counts {
            self = .counts(try required("tally", standing.counts).tally)
            return
        }
        let lines = try nested(
            "roll_call",
            try RollCall(required("", progress.rollCall))
        ).lines
        guard lines.count == roll.voters.count else {
            throw InvalidField("roll_call", "it is as long as the roll")
        }
        self =
            poll.rule.visibility == .named
            ? .named(lines.map(\.vote)) : .nothing(lines.map(\.place))
    }
}

extension CabinetModel.RollCall.Line {
    /// The ballot, where it is shown how.
    fileprivate var vote: Vote? {
        if case .named(let vote) = self { vote } else { nil }
    }
}
