/// What has happened, in the form in which both an entry and an event say it: the messages of
/// `cabinet.v1` whose comment begins «Entry and event».
public enum Fact: Hashable, Sendable {
    /// The first entry of the log.
    case logOpened(LogOpened)
    /// The log was restored from a copy that may lack its newest entries.
    case logRestored(Epoch, reason: Explanation)
    /// The meeting is scheduled.
    case meetingScheduled(title: Title, scheduled: Moment, defaultRule: PollRule)
    /// The meeting is in session.
    case meetingOpened(quorum: QuorumCount)
    /// The meeting is interrupted.
    case recessStarted
    /// The meeting is in session again.
    case meetingResumed
    /// The meeting is over.
    case meetingAdjourned
    /// Principals take part from now on; those that did already are replaced. 1…16.
    case participantsAdmitted([Participant])
    /// A principal takes no more part.
    case participantRemoved(PrincipalID)
    /// Ballots with a key are refused from now on. The reason is `nil` in the events of members.
    case signingKeyRevoked(PrincipalID, KeyFingerprint, reason: RevocationReason?)
    /// An item was added, or replaced and moved, with its state.
    case agendaItemSet(AgendaItem, position: UInt32)
    /// An item was removed.
    case agendaItemRemoved(AgendaItemID)
    /// Another item is the current one, or none. `leaving` is `nil` where there was none before.
    case currentItemChanged(AgendaItemID?, leaving: LeftItemState?)
    /// A participant attends.
    case checkedIn(PrincipalID, from: Place)
    /// A participant has left.
    case checkedOut(PrincipalID)
    /// A participant is excused.
    case leaveRecorded(PrincipalID)
    /// A participant is absent without leave.
    case absenceRecorded(PrincipalID)
    /// A poll was drafted.
    case pollCreated(PollID, agendaItem: AgendaItemID, motion: Motion, rule: PollRule)
    /// A part of the roll of the poll that opens in the same commit. The first part is 0.
    case rollFrozen(PollID, part: UInt32, partCount: UInt32, RollPart)
    /// A poll is open.
    case pollOpened(PollOpened)
    /// A poll is held. `remainingMilliseconds` is `nil` where it has no timer.
    case pollHeld(PollID, remainingMilliseconds: UInt32?)
    /// A held poll is open again. `closesAt` is `nil` where it has no timer.
    case pollResumed(PollID, closesAt: Moment?)
    /// A poll takes no more ballots.
    case pollClosed(PollID, PollCloseCause)
    /// A poll was voided.
    case pollVoided(PollID, reason: Explanation)
}

/// A poll is open. It stands alone, since most audiences have not seen the draft: from here on
/// motion, rule, roll and chair never change.
public struct PollOpened: Hashable, Sendable {
    public let poll: PollID
    public let agendaItem: AgendaItemID
    public let motion: Motion
    public let rule: PollRule
    public let rollDigest: Digest
    /// Members on the roll, and their weight.
    public let roll: HeadCount
    /// Whose choice decides a tie, whoever is in the chair later.
    public let chair: PrincipalID
    /// When the timer closes it; `nil` where it has no timer.
    public let closesAt: Moment?

    public init(
        poll: PollID,
        agendaItem: AgendaItemID,
        motion: Motion,
        rule: PollRule,
        rollDigest: Digest,
        roll: HeadCount,
        chair: PrincipalID,
        closesAt: Moment?
    ) {
        self.poll = poll
        self.agendaItem = agendaItem
        self.motion = motion
        self.rule = rule
        self.rollDigest = rollDigest
        self.roll = roll
        self.chair = chair
        self.closesAt = closesAt
    }
}
