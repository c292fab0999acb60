/// What somebody wants to happen. Each is a call of `cabinet.v1`, but for ``timeIsUp(_:)`` and
/// ``restoreLog(_:reason:)``, which the server gives to itself.
public enum Command: Hashable, Sendable {
    /// MeetingService.ScheduleMeeting.
    case scheduleMeeting(ScheduleMeeting)
    /// MeetingService.AdmitParticipants, with what the directory says of each principal. The service
    /// reads the directory; principals that it does not know never get here.
    case admitParticipants([Participant])
    /// MeetingService.RemoveParticipant.
    case removeParticipant(PrincipalID)
    /// MeetingService.OpenMeeting.
    case openMeeting
    /// MeetingService.StartRecess.
    case startRecess
    /// MeetingService.ResumeMeeting.
    case resumeMeeting
    /// MeetingService.AdjournMeeting.
    case adjournMeeting
    /// MeetingService.SetAgendaItem.
    case setAgendaItem(SetAgendaItem)
    /// MeetingService.RemoveAgendaItem.
    case removeAgendaItem(AgendaItemID)
    /// MeetingService.MoveToAgendaItem. `nil` takes up none; `leaving` may be `nil` only where there
    /// is no current item.
    case moveToAgendaItem(AgendaItemID?, leaving: LeftItemState?)
    /// MeetingService.CheckIn. `nil` is the caller.
    case checkIn(PrincipalID?, from: Place)
    /// MeetingService.CheckOut. `nil` is the caller.
    case checkOut(PrincipalID?)
    /// MeetingService.RecordLeave.
    case recordLeave(PrincipalID)
    /// MeetingService.RecordAbsence.
    case recordAbsence(PrincipalID)
    /// VotingService.CreatePoll.
    case createPoll(CreatePoll)
    /// VotingService.OpenPoll. The sequencer makes `roll` of ``MeetingState/rollOfMembers`` in the
    /// same step; it is `nil` where there is no member. Without a duration there is no timer.
    case openPoll(PollID, roll: FrozenRoll?, duration: PollDuration?)
    /// VotingService.HoldPoll.
    case holdPoll(PollID)
    /// VotingService.ResumePoll.
    case resumePoll(PollID)
    /// VotingService.ClosePoll.
    case closePoll(PollID)
    /// VotingService.VoidPoll.
    case voidPoll(PollID, reason: Explanation)
    /// VotingService.CastBallot.
    case castBallot(VerifiedBallot)
    /// VotingService.DecideTie.
    case decideTie(VerifiedBallot)
    /// DirectoryService.RevokeCertificate, for each meeting. It leaves no entry in a meeting that is
    /// over, or that has not frozen the key.
    case revokeSigningKey(PrincipalID, KeyFingerprint, reason: RevocationReason)
    /// The timer of a poll has run out. It leaves no entry where that is not, or no more, so.
    case timeIsUp(PollID)
    /// An operator restored the log from a copy (ledger.proto, `LogRestored`).
    case restoreLog(Epoch, reason: Explanation)
}

/// Schedules a meeting and starts its log; the caller takes part as secretary.
public struct ScheduleMeeting: Hashable, Sendable {
    /// Identifier, origin, key and epoch of the new log, which the server chooses.
    public let log: LogOpened
    public let title: Title
    public let scheduled: Moment
    /// `nil`: ``PollRule/governmentDefault``.
    public let defaultRule: PollRule?
    /// Of the caller, from the directory.
    public let secretaryName: DisplayName
    /// Of the caller, from the directory.
    public let secretaryOffice: Office?

    public init(
        log: LogOpened,
        title: Title,
        scheduled: Moment,
        defaultRule: PollRule? = nil,
        secretaryName: DisplayName,
        secretaryOffice: Office? = nil
    ) {
        self.log = log
        self.title = title
        self.scheduled = scheduled
        self.defaultRule = defaultRule
        self.secretaryName = secretaryName
        self.secretaryOffice = secretaryOffice
    }
}

/// Adds an agenda item, or replaces and moves the one with the same identifier.
public struct SetAgendaItem: Hashable, Sendable {
    /// The states that the caller may give.
    public enum State: Hashable, Sendable {
        /// That of the item which is replaced; pending for a new one.
        case keep
        case pending
        case deferred
    }

    public let id: AgendaItemID
    public let title: Title
    public let reportingOffice: Office?
    public let documents: [DocumentReference]
    /// Ignored for the current item, which keeps its state.
    public let state: State
    /// The first is 0; a number past the end means the end.
    public let position: UInt32

    public init(
        _ id: AgendaItemID,
        title: Title,
        reportingOffice: Office? = nil,
        documents: [DocumentReference] = [],
        state: State = .keep,
        position: UInt32 = .max
    ) {
        self.id = id
        self.title = title
        self.reportingOffice = reportingOffice
        self.documents = documents
        self.state = state
        self.position = position
    }
}

/// Creates a poll as a draft.
public struct CreatePoll: Hashable, Sendable {
    public let id: PollID
    public let agendaItem: AgendaItemID
    /// Serialized and hashed by the voting service.
    public let motion: Motion
    /// `nil`: the meeting's default rule.
    public let rule: PollRule?

    public init(_ id: PollID, agendaItem: AgendaItemID, motion: Motion, rule: PollRule? = nil) {
        self.id = id
        self.agendaItem = agendaItem
        self.motion = motion
        self.rule = rule
    }
}
