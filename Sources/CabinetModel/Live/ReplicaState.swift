/// A meeting as one audience may see it: what a snapshot holds, and what a client keeps up with
/// events (live.proto, `MeetingSnapshot`).
///
/// A replica that is evolved with the events of its audience equals, after each of them, the
/// ``MeetingState/snapshot(for:)`` of the server. How members voted in a poll that has its verdict is
/// not in it: the event that brings the verdict shows it, and later `VotingService.GetRollCall`.
public struct ReplicaState: Hashable, Sendable {
    /// What is seen of the poll in progress beyond its place in the list of polls.
    public struct PollInProgress: Hashable, Sendable {
        /// What is seen of its ballots.
        public internal(set) var ballots: BallotView
        /// How it stood when it closed; `nil` while it is open or held.
        public internal(set) var standingAtClose: Standing?

        public init(ballots: BallotView, standingAtClose: Standing? = nil) {
            self.ballots = ballots
            self.standingAtClose = standingAtClose
        }
    }

    /// Who it is made for.
    public let audience: Audience
    /// Of the last event that it contains; 0 before the first.
    public private(set) var sequenceNumber: UInt64
    /// Everything but the ballots. Drafts are seen by the secretariat only, keys not by displays.
    public private(set) var proceedings: Proceedings
    /// `nil` where there is none.
    public private(set) var pollInProgress: PollInProgress?

    /// The state before the first event.
    public init(audience: Audience) {
        self.audience = audience
        sequenceNumber = 0
        proceedings = Proceedings()
        pollInProgress = nil
    }

    /// The state that a snapshot brings.
    public init(
        audience: Audience,
        sequenceNumber: UInt64,
        proceedings: Proceedings,
        pollInProgress: PollInProgress?
    ) {
        self.audience = audience
        self.sequenceNumber = sequenceNumber
        self.proceedings = proceedings
        self.pollInProgress = pollInProgress
    }

    /// How the poll in progress stands, as far as this audience may see: «13 of 14 needed». `nil`
    /// where there is none.
    public var standing: Standing? {
        guard let progress = proceedings.pollInProgress, let pollInProgress else { return nil }
        if let standing = pollInProgress.standingAtClose { return standing }
        guard let poll = proceedings.poll(progress.id) else { return nil }
        return pollInProgress.ballots.standing(
            rule: poll.rule,
            roll: progress.roll.roll,
            attendance: proceedings.places(on: progress.roll.roll)
        )
    }

    /// Applies the next event. It never fails: what fits nothing changes nothing but the number.
    public mutating func evolve(_ event: MeetingEvent) {
        sequenceNumber = event.sequenceNumber
        switch event.body {
        case .redacted, .tieAnnounced:
            break
        case .fact(let fact):
            evolve(fact, at: event.time)
        case .ballotRecorded(let id, let recorded):
            guard let progress = proceedings.pollInProgress, progress.id == id else { return }
            pollInProgress?.ballots.record(recorded, roll: progress.roll.roll)
        case .verdictAnnounced(let id, let verdict, _):
            proceedings.decide(id, verdict)
        }
        if proceedings.pollInProgress == nil { pollInProgress = nil }
    }

    private mutating func evolve(_ fact: Fact, at time: Moment) {
        if case .pollClosed(let id, _) = fact, proceedings.pollInProgress?.id == id {
            let standing = standing
            pollInProgress?.standingAtClose = standing
        }
        proceedings.apply(fact, at: time)
        if case .pollOpened(let opened) = fact, let progress = proceedings.pollInProgress {
            pollInProgress = PollInProgress(
                ballots: BallotView(opened.rule.visibility, roll: progress.roll.roll)
            )
        }
    }
}

// MARK: - Snapshots

extension MeetingState {
    /// The state as an audience may see it: what a client that joins needs.
    ///
    /// A snapshot is taken after the last entry of a commit. Between the parts of a roll it would hold
    /// more than the message of the schema can carry.
    public func snapshot(for audience: Audience) -> ReplicaState {
        ReplicaState(
            audience: audience,
            sequenceNumber: entryCount,
            proceedings: proceedings.redacted(for: audience, openedPolls: openedPolls),
            pollInProgress: ballotsInProgress
        )
    }

    private var ballotsInProgress: ReplicaState.PollInProgress? {
        guard let progress = proceedings.pollInProgress,
            let poll = proceedings.poll(progress.id),
            let box = ballotBoxes[progress.id]
        else { return nil }
        let ballots = BallotView(poll.rule.visibility, of: box)
        return ReplicaState.PollInProgress(
            ballots: ballots,
            standingAtClose: box.attendanceAtClose.map {
                ballots.standing(rule: poll.rule, roll: progress.roll.roll, attendance: $0)
            }
        )
    }
}

extension Proceedings {
    fileprivate func redacted(for audience: Audience, openedPolls: [PollID]) -> Proceedings {
        var copy = self
        if audience != .secretariat {
            copy.polls = openedPolls.compactMap(poll)
        }
        if audience == .display {
            copy.attendees = attendees.mapValues {
                Attendee($0.participant.withoutKeys, attendance: $0.attendance)
            }
        }
        return copy
    }
}
