internal import CabinetAPI
internal import CabinetModel

/// What an entry says, as a message: the body of a `LedgerEntry`.
typealias EntryMessage = LedgerEntry.Body

extension EntryMessage {
    /// What happened. An event that says the same as its entry holds the same message.
    init(_ fact: Fact) {
        switch fact {
        case .logOpened(let log): self = .logOpened(LogOpened(log))
        case .logRestored(let epoch, let reason):
            self = .logRestored(LogRestored(epoch: epoch.value, reason: reason.value))
        case .meetingScheduled(let title, let time, let rule):
            self = .meetingScheduled(MeetingScheduled(title, time, rule))
        case .meetingOpened(let quorum):
            self = .meetingOpened(MeetingOpened(quorum: QuorumCount(quorum)))
        case .recessStarted: self = .recessStarted(RecessStarted())
        case .meetingResumed: self = .meetingResumed(MeetingResumed())
        case .meetingAdjourned: self = .meetingAdjourned(MeetingAdjourned())
        case .participantsAdmitted(let participants):
            self = .participantsAdmitted(ParticipantsAdmitted(participants))
        case .participantRemoved(let id):
            self = .participantRemoved(ParticipantRemoved(principalID: id.text))
        case .signingKeyRevoked(let id, let key, let reason):
            self = .signingKeyRevoked(SigningKeyRevoked(id, key, reason))
        case .agendaItemSet(let item, let position):
            self = .agendaItemSet(AgendaItemSet(item: AgendaItem(item), position: position))
        case .agendaItemRemoved(let id):
            self = .agendaItemRemoved(AgendaItemRemoved(agendaItemID: id.text))
        case .currentItemChanged(let id, let leaving):
            self = .currentItemChanged(CurrentItemChanged(id, leaving))
        case .checkedIn(let id, let place):
            self = .checkedIn(CheckedIn(principalID: id.text, place: Place(place)))
        case .checkedOut(let id): self = .checkedOut(CheckedOut(principalID: id.text))
        case .leaveRecorded(let id): self = .leaveRecorded(LeaveRecorded(principalID: id.text))
        case .absenceRecorded(let id):
            self = .absenceRecorded(AbsenceRecorded(principalID: id.text))
        case .pollCreated(let id, let item, let motion, let rule):
            self = .pollCreated(PollCreated(id, item, motion, rule))
        case .rollFrozen(let id, let part, let count, let roll):
            self = .rollFrozen(RollFrozen(id, part, of: count, roll))
        case .pollOpened(let opened): self = .pollOpened(PollOpened(opened))
        case .pollHeld(let id, let remaining):
            self = .pollHeld(PollHeld(pollID: id.text, remainingMs: remaining ?? 0))
        case .pollResumed(let id, let closesAt):
            self = .pollResumed(
                PollResumed(pollID: id.text, closesUnixMs: closesAt.unixMilliseconds)
            )
        case .pollClosed(let id, let cause):
            self = .pollClosed(PollClosed(pollID: id.text, cause: PollCloseCause(cause)))
        case .pollVoided(let id, let reason):
            self = .pollVoided(PollVoided(pollID: id.text, reason: reason.value))
        }
    }
}

// MARK: - Messages with more than a field or two

extension CabinetAPI.LogOpened {
    init(_ log: CabinetModel.LogOpened) {
        self.init(
            formatVersion: log.formatVersion.rawValue,
            meetingID: log.meeting.text,
            origin: log.origin.text,
            logPublicKey: log.publicKey.bytes,
            epoch: log.epoch.value
        )
    }
}

extension MeetingScheduled {
    fileprivate init(_ title: Title, _ scheduled: Moment, _ rule: CabinetModel.PollRule) {
        self.init(
            title: title.value,
            scheduledUnixMs: scheduled.unixMilliseconds,
            defaultRule: PollRule(rule)
        )
    }
}

extension ParticipantsAdmitted {
    fileprivate init(_ participants: [CabinetModel.Participant]) {
        self.init(participants: participants.map(CabinetAPI.Participant.init))
    }
}

extension SigningKeyRevoked {
    fileprivate init(_ id: PrincipalID, _ key: KeyFingerprint, _ reason: RevocationReason?) {
        self.init(
            principalID: id.text,
            keyFingerprint: key.bytes,
            reason: reason?.value ?? ""
        )
    }
}

extension CurrentItemChanged {
    fileprivate init(_ id: AgendaItemID?, _ leaving: LeftItemState?) {
        self.init(
            agendaItemID: id?.text ?? "",
            previousItemState: AgendaItemState(leaving)
        )
    }
}

extension PollCreated {
    fileprivate init(
        _ id: PollID,
        _ agendaItem: AgendaItemID,
        _ motion: CabinetModel.Motion,
        _ rule: CabinetModel.PollRule
    ) {
        self.init(
            pollID: id.text,
            agendaItemID: agendaItem.text,
            motion: motion.bytes,
            rule: PollRule(rule)
        )
    }
}

extension RollFrozen {
    init(_ id: PollID, _ part: UInt32, of count: UInt32, _ roll: RollPart) {
        self.init(pollID: id.text, part: part, partCount: count, roll: roll.bytes)
    }
}

extension CabinetAPI.PollOpened {
    fileprivate init(_ opened: CabinetModel.PollOpened) {
        self.init(
            pollID: opened.poll.text,
            agendaItemID: opened.agendaItem.text,
            motion: opened.motion.bytes,
            motionDigest: opened.motion.digest.bytes,
            rule: PollRule(opened.rule),
            rollDigest: opened.rollDigest.bytes,
            voterCount: opened.roll.members,
            totalWeight: opened.roll.weight,
            chairID: opened.chair.text,
            closesUnixMs: opened.closesAt.unixMilliseconds
        )
    }
}
