/// The state of a meeting but for what is on the ballots: what a server and a replica hold alike,
/// and change alike with each ``Fact``.
public struct Proceedings: Hashable, Sendable {
    /// The poll that is open, held, or closed without a verdict, and its roll.
    public struct PollInProgress: Hashable, Sendable {
        public let id: PollID
        public let roll: FrozenRoll

        public init(id: PollID, roll: FrozenRoll) {
            self.id = id
            self.roll = roll
        }
    }

    /// Parts of a roll whose poll opens in the same commit.
    private struct GatheredRoll: Hashable {
        var poll: PollID
        var parts: [RollPart]
    }

    /// The first entry of the log; `nil` before it.
    public internal(set) var log: LogOpened?
    /// `nil` before the meeting is scheduled.
    public internal(set) var meeting: MeetingRecord?
    public internal(set) var attendees: [PrincipalID: Attendee] = [:]
    public internal(set) var agenda = Agenda()
    /// In the order of their creation; in what members and displays receive, to whom a poll comes
    /// into being when it opens, in that order.
    public internal(set) var polls: [Poll] = []
    public internal(set) var pollInProgress: PollInProgress?
    private var gatheredRoll: GatheredRoll?

    init() {}

    /// Where a snapshot is taken from, or read into.
    public init(
        log: LogOpened,
        meeting: MeetingRecord,
        attendees: [Attendee],
        agenda: Agenda,
        polls: [Poll],
        pollInProgress: PollInProgress?
    ) {
        self.log = log
        self.meeting = meeting
        self.attendees = Dictionary(
            attendees.map { ($0.participant.id, $0) },
            uniquingKeysWith: { $1 }
        )
        self.agenda = agenda
        self.polls = polls
        self.pollInProgress = pollInProgress
    }

    /// Participants with their attendance, sorted by identifier, as bytes.
    public var attendance: [Attendee] {
        attendees.values.sorted { $0.participant.id < $1.participant.id }
    }

    /// Participants as they are listed for people: by display name in Vietnamese collation, then by
    /// identifier.
    ///
    /// - Complexity: O(*n* log *n*) in the participants, with a collation key for each.
    public var listedParticipants: [PrincipalID] {
        attendees.values
            .map { (CollationKey($0.participant.displayName.value), $0.participant.id) }
            .sorted { $0 < $1 }
            .map(\.1)
    }

    /// - Returns: `nil` where there is no such poll.
    public func poll(_ id: PollID) -> Poll? {
        polls.first { $0.id == id }
    }

    /// The participant in the chair; `nil` where there is none.
    public var chair: PrincipalID? {
        attendees.values.first { $0.participant.roles.contains(.chair) }?.participant.id
    }

    /// The members' quorum by a rule, as attendance stands, for the opening of the meeting.
    public func quorum(by rule: PollRule) -> QuorumCount {
        let members = attendees.values.lazy.compactMap { attendee in
            attendee.participant.membership.map { (weight: $0.weight, place: attendee.place) }
        }
        return QuorumCount(
            rule: rule,
            allMembers: UInt32(clamping: members.count { _ in true }),
            presence: Presence(of: members)
        )
    }

    /// Where each voter on a roll is checked in, in the order of the roll.
    func places(on roll: Roll) -> [Place?] {
        roll.voters.map { attendees[$0.member]?.attendance.place }
    }
}

extension Attendee {
    fileprivate var place: Place? { attendance.place }
}

// MARK: - What has happened

extension Proceedings {
    /// Applies a fact. It never fails: what fits nothing changes nothing.
    mutating func apply(_ fact: Fact, at time: Moment) {
        let opened = meeting?.phase.opened ?? time
        switch fact {
        case .logOpened(let first):
            log = first
        case .logRestored:
            break
        case .meetingScheduled(let title, let scheduled, let rule):
            meeting = MeetingRecord(
                title: title,
                scheduled: scheduled,
                defaultRule: rule,
                phase: .scheduled
            )
        case .meetingOpened, .meetingResumed:
            meeting?.phase = .open(since: opened)
        case .recessStarted:
            meeting?.phase = .recess(openedAt: opened)
        case .meetingAdjourned:
            meeting?.phase = .adjourned(openedAt: opened, at: time)
        case .participantsAdmitted, .participantRemoved, .signingKeyRevoked:
            applyParticipation(fact)
        case .agendaItemSet(let item, let position):
            agenda.set(item, at: position)
        case .agendaItemRemoved(let id):
            agenda.remove(id)
        case .currentItemChanged(let id, let leaving):
            agenda.move(to: id, leaving: leaving)
        case .checkedIn(let id, let place):
            attendees[id]?.attendance = .present(place, since: time)
        case .checkedOut(let id):
            attendees[id]?.attendance = .left(time)
        case .leaveRecorded(let id):
            attendees[id]?.attendance = .onLeave(time)
        case .absenceRecorded(let id):
            attendees[id]?.attendance = .absent(time)
        case .pollCreated, .rollFrozen, .pollOpened, .pollHeld, .pollResumed, .pollClosed,
            .pollVoided:
            applyPoll(fact, at: time)
        }
    }

    private mutating func applyParticipation(_ fact: Fact) {
        switch fact {
        case .participantsAdmitted(let participants):
            for participant in participants {
                let attendance = attendees[participant.id]?.attendance ?? .expected
                attendees[participant.id] = Attendee(participant, attendance: attendance)
            }
        case .participantRemoved(let id):
            attendees[id] = nil
        case .signingKeyRevoked(let id, let key, _):
            guard let attendee = attendees[id] else { return }
            attendees[id]?.participant = attendee.participant.removingKeys { $0 == key }
        default:
            break
        }
    }

    private mutating func applyPoll(_ fact: Fact, at time: Moment) {
        switch fact {
        case .pollCreated(let id, let agendaItem, let motion, let rule):
            put(Poll(id, agendaItem: agendaItem, motion: motion, rule: rule, stage: .draft))
        case .rollFrozen(let id, let part, _, let content):
            if part == 0 || gatheredRoll?.poll != id {
                gatheredRoll = GatheredRoll(poll: id, parts: [])
            }
            gatheredRoll?.parts.append(content)
        case .pollOpened(let opened):
            open(opened, at: time)
        case .pollHeld(let id, let remaining):
            changeStage(of: id) { stage in
                guard case .open(let opening, _) = stage else { return nil }
                return .held(opening, remainingMilliseconds: remaining)
            }
        case .pollResumed(let id, let closesAt):
            changeStage(of: id) { stage in
                guard case .held(let opening, _) = stage else { return nil }
                return .open(opening, closesAt: closesAt)
            }
        case .pollClosed(let id, let cause):
            changeStage(of: id) { stage in
                switch stage {
                case .open(let opening, _), .held(let opening, _):
                    .closed(opening, Poll.Closing(moment: time, cause: cause))
                case .draft, .closed, .decided, .voided: nil
                }
            }
        case .pollVoided(let id, let reason):
            guard let poll = poll(id) else { return }
            changeStage(of: id) { _ in .voided(poll.opening, poll.closing, reason: reason) }
            endProgress(of: id)
        default:
            break
        }
    }

    private mutating func open(_ opened: PollOpened, at time: Moment) {
        let parts = gatheredRoll?.poll == opened.poll ? gatheredRoll?.parts ?? [] : []
        gatheredRoll = nil
        let opening = Poll.Opening(
            moment: time,
            rollDigest: opened.rollDigest,
            rollPartCount: UInt32(clamping: parts.count),
            chair: opened.chair
        )
        put(
            Poll(
                opened.poll,
                agendaItem: opened.agendaItem,
                motion: opened.motion,
                rule: opened.rule,
                stage: .open(opening, closesAt: opened.closesAt)
            )
        )
        // A log that was verified has the whole roll here. Without it nobody can vote.
        pollInProgress = (try? FrozenRoll(parts: parts, digest: opened.rollDigest)).map {
            PollInProgress(id: opened.poll, roll: $0)
        }
    }

    /// Gives a poll its verdict.
    mutating func decide(_ id: PollID, _ verdict: Verdict) {
        changeStage(of: id) { stage in
            guard case .closed(let opening, let closing) = stage else { return nil }
            return .decided(opening, closing, verdict)
        }
        endProgress(of: id)
    }

    private mutating func endProgress(of id: PollID) {
        if pollInProgress?.id == id { pollInProgress = nil }
    }

    private mutating func put(_ poll: Poll) {
        if let index = polls.firstIndex(where: { $0.id == poll.id }) {
            polls[index] = poll
        } else {
            polls.append(poll)
        }
    }

    private mutating func changeStage(of id: PollID, _ change: (Poll.Stage) -> Poll.Stage?) {
        guard let index = polls.firstIndex(where: { $0.id == id }) else { return }
        if let stage = change(polls[index].stage) { polls[index].stage = stage }
    }
}
