// The life of a poll.

extension MeetingState {
    func create(_ request: CreatePoll, in meeting: MeetingRecord) throws(Rejection) -> [EntryBody] {
        try meeting.requireNotAdjourned()
        guard proceedings.agenda.item(request.agendaItem) != nil else { throw .agendaItemNotFound }
        guard proceedings.poll(request.id) == nil else { throw .pollExists }
        guard proceedings.polls.count < Limits.polls else {
            throw .limitReached(.polls, maximum: Limits.polls)
        }
        let rule = request.rule ?? meeting.defaultRule
        let poll = Poll(
            request.id,
            agendaItem: request.agendaItem,
            motion: request.motion,
            rule: rule,
            stage: .draft
        )
        try SnapshotBudget(proceedings, polls: proceedings.polls + [poll]).check()
        return [
            .fact(
                .pollCreated(
                    request.id,
                    agendaItem: request.agendaItem,
                    motion: request.motion,
                    rule: rule
                )
            )
        ]
    }

    func open(
        _ id: PollID,
        roll: FrozenRoll?,
        duration: PollDuration?,
        in meeting: MeetingRecord,
        at time: Moment
    ) throws(Rejection) -> [EntryBody] {
        let poll = try existing(id)
        try meeting.requireOpen()
        guard case .draft = poll.stage else { throw .pollNotDraft(state: poll.state(at: time)) }
        try requireNoPollInProgress()
        // Without a chair there would be nobody to decide a tie, and a chair is a member: both hold
        // in every meeting that is open.
        guard let chair = proceedings.chair else { throw .chairRequired }
        guard let roll, roll.roll == rollOfMembers else {
            throw .fieldInvalid(field: "roll", rule: "it is the roll of the members now")
        }
        return frozen(roll, of: id) + [
            .fact(
                .pollOpened(
                    PollOpened(
                        poll: id,
                        agendaItem: poll.agendaItem,
                        motion: poll.motion,
                        rule: poll.rule,
                        rollDigest: roll.digest,
                        roll: roll.roll.total,
                        chair: chair,
                        closesAt: duration.map { time.adding(milliseconds: $0.milliseconds) }
                    )
                )
            )
        ]
    }

    private func frozen(_ roll: FrozenRoll, of id: PollID) -> [EntryBody] {
        let count = UInt32(clamping: roll.parts.count)
        return roll.parts.enumerated().map { index, part in
            .fact(.rollFrozen(id, part: UInt32(clamping: index), partCount: count, part))
        }
    }

    func hold(_ id: PollID, at time: Moment) throws(Rejection) -> [EntryBody] {
        let poll = try existing(id)
        guard case .open(_, let closesAt) = poll.stage, poll.state(at: time) == .open else {
            throw .pollNotOpen(state: poll.state(at: time))
        }
        let remaining = closesAt.map { time.milliseconds(until: $0) }
        return [.fact(.pollHeld(id, remainingMilliseconds: remaining))]
    }

    func resume(
        _ id: PollID,
        in meeting: MeetingRecord,
        at time: Moment
    ) throws(Rejection) -> [EntryBody] {
        let poll = try existing(id)
        try meeting.requireOpen()
        guard case .held(_, let remaining) = poll.stage else {
            throw .pollNotHeld(state: poll.state(at: time))
        }
        let closesAt = remaining.map { time.adding(milliseconds: $0) }
        return [.fact(.pollResumed(id, closesAt: closesAt))]
    }

    func close(_ id: PollID) throws(Rejection) -> [EntryBody] {
        let poll = try existing(id)
        switch poll.state {
        case .open, .held: return closed(id, .order)
        case .draft, .closed, .decided, .voided: throw .pollNotOpen(state: poll.state)
        }
    }

    /// A timer that is late, or early, does nothing.
    func closeInTime(_ id: PollID, at time: Moment) -> [EntryBody] {
        guard let closesAt = proceedings.poll(id)?.closesAt, closesAt <= time else { return [] }
        return closed(id, .timer)
    }

    /// The verdict follows in the same commit, unless it needs the chair's tie choice.
    private func closed(_ id: PollID, _ cause: PollCloseCause) -> [EntryBody] {
        let closing = EntryBody.fact(.pollClosed(id, cause))
        guard let verdict = scrutiny(of: id)?.verdict else { return [closing] }
        return [closing, .verdictReached(id, verdict)]
    }

    /// A draft may be voided until the meeting is over: its log then takes no more.
    func void(
        _ id: PollID,
        reason: Explanation,
        in meeting: MeetingRecord
    ) throws(Rejection) -> [EntryBody] {
        let poll = try existing(id)
        switch poll.state {
        case .draft, .open, .held, .closed:
            try meeting.requireNotAdjourned()
            return [.fact(.pollVoided(id, reason: reason))]
        case .decided, .voided:
            throw .pollFinished(state: poll.state)
        }
    }

    private func existing(_ id: PollID) throws(Rejection) -> Poll {
        guard let poll = proceedings.poll(id) else { throw .pollNotFound }
        return poll
    }
}
