public import CabinetClient
public import CabinetModel

/// Something that has changed in what is followed, for those who read line by line.
public enum News: Hashable, Sendable {
    /// How current what is told is.
    case condition(ReplicaCondition)
    /// The meeting is in another phase. It is the first that is told of it.
    case meeting(Title, MeetingPhase.Name)
    /// Another item is the current one; `nil` for none.
    case currentItem(AgendaItem?)
    /// A participant attends otherwise than before, or is new.
    case attendance(Participant, Attendance)
    /// A participant takes no more part.
    case removed(Participant)
    /// A participant is connected with other kinds of devices; with none where the link is lost.
    case devices(Participant, [DeviceKind])
    /// A poll is in another state, or is new.
    case poll(PollID, PollState)
    /// A member has voted, or has changed the ballot.
    case ballot(PollID, Participant, RollCall.Line)
    /// The counts of a poll have changed.
    case counts(PollID, Standing.Counts)
    /// A poll has its verdict.
    case verdict(PollID, Verdict)
}
