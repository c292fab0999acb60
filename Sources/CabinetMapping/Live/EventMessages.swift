public import CabinetAPI
public import CabinetModel

extension CabinetAPI.MeetingEvent {
    /// The message of an event. Its sequence number is in the frame.
    public init(_ event: CabinetModel.MeetingEvent) {
        self.init(timeUnixMs: event.time.unixMilliseconds, body: Body(event.body))
    }
}

extension CabinetAPI.MeetingEvent.Body {
    fileprivate init(_ body: CabinetModel.MeetingEvent.Body) {
        switch body {
        case .redacted:
            self = .redacted(Redacted())
        case .fact(let fact):
            self = Self(EntryMessage(fact)) ?? .redacted(Redacted())
        case .ballotRecorded(let id, let recorded):
            self = .ballotRecorded(BallotRecorded(id, recorded))
        case .tieAnnounced(let id, let choice):
            self = .tieAnnounced(TieAnnounced(pollID: id.text, choice: Choice(choice)))
        case .verdictAnnounced(let id, let verdict, let rollCall):
            self = .verdictAnnounced(
                VerdictAnnounced(
                    pollID: id.text,
                    verdict: Verdict(verdict),
                    rollCall: RollCall(rollCall)
                )
            )
        }
    }

    /// The body of an event that says what its entry says; `nil` where events never do.
    init?(_ entry: EntryMessage) {
        switch entry {
        case .ballotCast, .verdictReached, .tieDecided: return nil
        case .checkedIn(let message): self = .checkedIn(message)
        case .checkedOut(let message): self = .checkedOut(message)
        case .pollCreated(let message): self = .pollCreated(message)
        case .rollFrozen(let message): self = .rollFrozen(message)
        case .pollOpened(let message): self = .pollOpened(message)
        case .pollHeld(let message): self = .pollHeld(message)
        case .pollResumed(let message): self = .pollResumed(message)
        case .pollClosed(let message): self = .pollClosed(message)
        case .pollVoided(let message): self = .pollVoided(message)
        case .currentItemChanged(let message): self = .currentItemChanged(message)
        case .agendaItemSet(let message): self = .agendaItemSet(message)
        case .agendaItemRemoved(let message): self = .agendaItemRemoved(message)
        case .participantsAdmitted(let message): self = .participantsAdmitted(message)
        case .participantRemoved(let message): self = .participantRemoved(message)
        case .signingKeyRevoked(let message): self = .signingKeyRevoked(message)
        case .leaveRecorded(let message): self = .leaveRecorded(message)
        case .absenceRecorded(let message): self = .absenceRecorded(message)
        case .meetingScheduled(let message): self = .meetingScheduled(message)
        case .meetingOpened(let message): self = .meetingOpened(message)
        case .recessStarted(let message): self = .recessStarted(message)
        case .meetingResumed(let message): self = .meetingResumed(message)
        case .meetingAdjourned(let message): self = .meetingAdjourned(message)
        case .logOpened(let message): self = .logOpened(message)
        case .logRestored(let message): self = .logRestored(message)
        }
    }

    /// The body of the entry that this event says the same as; `nil` where it does not.
    var entryMessage: EntryMessage? {
        switch self {
        case .redacted, .ballotRecorded, .tieAnnounced, .verdictAnnounced: nil
        case .checkedIn(let message): .checkedIn(message)
        case .checkedOut(let message): .checkedOut(message)
        case .pollCreated(let message): .pollCreated(message)
        case .rollFrozen(let message): .rollFrozen(message)
        case .pollOpened(let message): .pollOpened(message)
        case .pollHeld(let message): .pollHeld(message)
        case .pollResumed(let message): .pollResumed(message)
        case .pollClosed(let message): .pollClosed(message)
        case .pollVoided(let message): .pollVoided(message)
        case .currentItemChanged(let message): .currentItemChanged(message)
        case .agendaItemSet(let message): .agendaItemSet(message)
        case .agendaItemRemoved(let message): .agendaItemRemoved(message)
        case .participantsAdmitted(let message): .participantsAdmitted(message)
        case .participantRemoved(let message): .participantRemoved(message)
        case .signingKeyRevoked(let message): .signingKeyRevoked(message)
        case .leaveRecorded(let message): .leaveRecorded(message)
        case .absenceRecorded(let message): .absenceRecorded(message)
        case .meetingScheduled(let message): .meetingScheduled(message)
        case .meetingOpened(let message): .meetingOpened(message)
        case .recessStarted(let message): .recessStarted(message)
        case .meetingResumed(let message): .meetingResumed(message)
        case .meetingAdjourned(let message): .meetingAdjourned(message)
        case .logOpened(let message): .logOpened(message)
        case .logRestored(let message): .logRestored(message)
        }
    }
}

extension CabinetAPI.BallotRecorded {
    fileprivate init(_ poll: PollID, _ recorded: CabinetModel.BallotRecorded) {
        switch recorded {
        case .named(let member, let vote):
            self.init(
                pollID: poll.text,
                memberID: member.text,
                mark: RollCallMark(vote.choice),
                place: Place(vote.place)
            )
        case .counts(let tally):
            self.init(pollID: poll.text, tally: Tally(tally))
        case .nothing(let member, let place):
            self.init(
                pollID: poll.text,
                memberID: member.text,
                mark: .voted,
                place: Place(place)
            )
        }
    }
}
