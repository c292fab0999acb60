internal import CabinetModel

/// The entries of one command, as a log has them: contiguous, of the same time, author and key.
struct RecordedCommit {
    private(set) var entries: [Entry]

    init(_ first: Entry) {
        entries = [first]
    }

    /// Takes an entry that belongs to the same commit.
    ///
    /// - Returns: Whether it does.
    mutating func extend(with entry: Entry) -> Bool {
        guard let first = entries.first, first.author == entry.author,
            first.commandKey == entry.commandKey, first.time == entry.time
        else { return false }
        // What the server does by itself has no key: a poll that it closes is followed by the verdict,
        // and everything else stands alone.
        if first.commandKey == nil {
            guard case .fact(.pollClosed) = first.body, case .verdictReached = entry.body,
                entries.count == 1
            else { return false }
        }
        entries.append(entry)
        return true
    }

    /// Who gave the command: with the role, where the log names one, that had to permit it.
    var actor: Actor? {
        guard let first = entries.first else { return nil }
        switch (first.author, first.commandKey) {
        case (.server, nil):
            return .server
        case (.principal(let id, let transportKey, let role), let key?):
            return .principal(
                Caller(
                    id,
                    transportKey: transportKey,
                    commandKey: key,
                    directoryRoles: role.map { [$0] } ?? []
                )
            )
        case (.server, _?), (.principal, nil):
            return nil
        }
    }

    /// The command that led to entries which begin like these; `nil` where none does.
    var command: Command? {
        guard let first = entries.first else { return nil }
        switch first.body {
        case .ballotCast(let ballot, _): return .castBallot(ballot)
        case .tieDecided(let ballot): return .decideTie(ballot)
        case .verdictReached: return nil
        case .fact(let fact): return command(fact, at: first.time)
        }
    }

    private func command(_ fact: Fact, at time: Moment) -> Command? {
        switch fact {
        case .logOpened(let log): schedule(log)
        case .meetingScheduled: nil
        case .logRestored(let epoch, let reason): .restoreLog(epoch, reason: reason)
        case .meetingOpened: .openMeeting
        case .recessStarted: .startRecess
        case .meetingResumed: .resumeMeeting
        case .meetingAdjourned: .adjournMeeting
        case .participantsAdmitted: .admitParticipants(admitted)
        case .participantRemoved(let id): .removeParticipant(id)
        case .signingKeyRevoked(let id, let key, let reason):
            reason.map { .revokeSigningKey(id, key, reason: $0) }
        case .agendaItemSet(let item, let position): .setAgendaItem(request(item, position))
        case .agendaItemRemoved(let id): .removeAgendaItem(id)
        case .currentItemChanged(let id, let leaving): .moveToAgendaItem(id, leaving: leaving)
        case .checkedIn(let id, let place): .checkIn(id, from: place)
        case .checkedOut(let id): .checkOut(id)
        case .leaveRecorded(let id): .recordLeave(id)
        case .absenceRecorded(let id): .recordAbsence(id)
        case .pollCreated(let id, let item, let motion, let rule):
            .createPoll(CreatePoll(id, agendaItem: item, motion: motion, rule: rule))
        case .rollFrozen: open(at: time)
        case .pollOpened: nil
        case .pollHeld(let id, _): .holdPoll(id)
        case .pollResumed(let id, _): .resumePoll(id)
        case .pollClosed(let id, .order): .closePoll(id)
        case .pollClosed(let id, .timer): .timeIsUp(id)
        case .pollVoided(let id, let reason): .voidPoll(id, reason: reason)
        }
    }

    private var facts: [Fact] {
        entries.compactMap { entry -> Fact? in
            if case .fact(let fact) = entry.body { fact } else { nil }
        }
    }

    private var admitted: [Participant] {
        facts.flatMap { fact -> [Participant] in
            if case .participantsAdmitted(let participants) = fact { participants } else { [] }
        }
    }

    private func schedule(_ log: LogOpened) -> Command? {
        guard let secretary = admitted.first else { return nil }
        for case .meetingScheduled(let title, let scheduled, let rule) in facts {
            return .scheduleMeeting(
                ScheduleMeeting(
                    log: log,
                    title: title,
                    scheduled: scheduled,
                    defaultRule: rule,
                    secretaryName: secretary.displayName,
                    secretaryOffice: secretary.office
                )
            )
        }
        return nil
    }

    private func request(_ item: AgendaItem, _ position: UInt32) -> SetAgendaItem {
        let state: SetAgendaItem.State =
            switch item.state {
            case .pending: .pending
            case .deferred: .deferred
            case .discussing, .decided: .keep
            }
        return SetAgendaItem(
            item.id,
            title: item.title,
            reportingOffice: item.reportingOffice,
            documents: item.documents,
            state: state,
            position: position
        )
    }

    private func open(at time: Moment) -> Command? {
        let parts = facts.compactMap { fact -> RollPart? in
            if case .rollFrozen(_, _, _, let part) = fact { part } else { nil }
        }
        for case .pollOpened(let opened) in facts {
            guard let roll = try? FrozenRoll(parts: parts, digest: opened.rollDigest) else {
                return nil
            }
            guard let closesAt = opened.closesAt else {
                return .openPoll(opened.poll, roll: roll, duration: nil)
            }
            let milliseconds = closesAt.unixMilliseconds - time.unixMilliseconds
            guard let milliseconds = UInt32(exactly: milliseconds),
                let duration = try? PollDuration(milliseconds: milliseconds)
            else { return nil }
            return .openPoll(opened.poll, roll: roll, duration: duration)
        }
        return nil
    }
}
