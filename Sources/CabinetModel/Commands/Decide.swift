extension MeetingState {
    /// Finds what a command leads to. Every rule of the meeting is here, and nothing is changed.
    ///
    /// - Parameters:
    ///   - actor: Who gives it. Whether the actor may is the first rule.
    ///   - now: The server's clock. What is decided is of ``entryTime(at:)``.
    /// - Returns: What happened, in order; none where a command of the server's has nothing to do.
    /// - Throws: ``Rejection``, which leaves no trace. Of several reasons it is the first that the
    ///   comment of the rpc lists, except that MEETING_ADJOURNED, where it is listed, comes first.
    public func decide(
        _ command: Command,
        by actor: Actor,
        at now: Moment
    ) throws(Rejection) -> [EntryBody] {
        _ = try authorize(command, by: actor)
        let time = entryTime(at: now)
        switch command {
        case .scheduleMeeting(let request):
            return try schedule(request, by: actor)
        case .revokeSigningKey(let id, let key, let reason):
            return try revoke(key, of: id, reason: reason)
        case .restoreLog(let epoch, let reason):
            return try restore(epoch, reason: reason)
        case .timeIsUp(let id):
            return closeInTime(id, at: time)
        default:
            let meeting = try meetingInBeing()
            return try decide(command, in: meeting, by: actor, at: time)
        }
    }

    /// ``decide(_:by:at:)``, with each body made an entry that follows those of the log.
    ///
    /// - Throws: ``Rejection``, as there.
    public func commit(
        _ command: Command,
        by actor: Actor,
        at now: Moment
    ) throws(Rejection) -> [Entry] {
        let author = try authorize(command, by: actor)
        let bodies = try decide(command, by: actor, at: now)
        let time = entryTime(at: now)
        return bodies.enumerated().map { offset, body in
            Entry(
                index: entryCount &+ UInt64(offset),
                time: time,
                author: author,
                commandKey: actor.commandKey,
                body: body
            )
        }
    }

    private func decide(
        _ command: Command,
        in meeting: MeetingRecord,
        by actor: Actor,
        at time: Moment
    ) throws(Rejection) -> [EntryBody] {
        switch command {
        case .admitParticipants(let participants): try admit(participants, to: meeting)
        case .removeParticipant(let id): try remove(id, from: meeting)
        case .openMeeting: try open(meeting)
        case .startRecess: try startRecess(of: meeting)
        case .resumeMeeting: try resume(meeting)
        case .adjournMeeting: try adjourn(meeting)
        case .setAgendaItem(let request): try setItem(request, of: meeting)
        case .removeAgendaItem(let id): try removeItem(id, of: meeting)
        case .moveToAgendaItem(let id, let state): try move(to: id, leaving: state, in: meeting)
        case .checkIn(let id, let place):
            try record(id ?? actor.id, in: meeting) { id, _ throws(Rejection) in
                try checkAttendanceChanges(of: id, by: actor)
                return .checkedIn(id, from: place)
            }
        case .checkOut(let id): try checkOut(id ?? actor.id, of: meeting, by: actor)
        case .recordLeave(let id): try recordMissing(id, in: meeting, as: Fact.leaveRecorded)
        case .recordAbsence(let id): try recordMissing(id, in: meeting, as: Fact.absenceRecorded)
        case .createPoll(let request): try create(request, in: meeting)
        case .openPoll(let id, let roll, let duration):
            try open(id, roll: roll, duration: duration, in: meeting, at: time)
        case .holdPoll(let id): try hold(id, at: time)
        case .resumePoll(let id): try resume(id, in: meeting, at: time)
        case .closePoll(let id): try close(id)
        case .voidPoll(let id, let reason): try void(id, reason: reason, in: meeting)
        case .castBallot(let ballot): try cast(ballot, by: actor, at: time)
        case .decideTie(let ballot): try decideTie(ballot, by: actor)
        case .scheduleMeeting, .revokeSigningKey, .timeIsUp, .restoreLog: []
        }
    }

    /// - Throws: ``Rejection/meetingNotFound`` before the meeting is scheduled.
    private func meetingInBeing() throws(Rejection) -> MeetingRecord {
        guard let meeting = proceedings.meeting else { throw .meetingNotFound }
        return meeting
    }
}

extension Actor {
    var id: PrincipalID? {
        if case .principal(let caller) = self { caller.id } else { nil }
    }

    var commandKey: CommandKey? {
        if case .principal(let caller) = self { caller.commandKey } else { nil }
    }
}

extension MeetingRecord {
    /// - Throws: ``Rejection/meetingAdjourned``.
    func requireNotAdjourned() throws(Rejection) {
        if case .adjourned = phase { throw .meetingAdjourned }
    }

    /// - Throws: ``Rejection/meetingNotOpen(state:)``.
    func requireOpen() throws(Rejection) {
        guard case .open = phase else { throw .meetingNotOpen(state: phase.name) }
    }
}
