public import CabinetModel

/// A request that changes something, as the sequencer takes it: the meeting, and what is to happen
/// in it. There is an initializer for every keyed method of `MeetingService` and `VotingService`.
///
/// Each throws a `Rejection` for what is wrong with the request whatever the state of the meeting:
/// `fieldInvalid` with the path of the field, `pollRuleInvalid` where the values of a rule contradict
/// each other. All else `MeetingState.decide` says.
public struct MeetingCommand: Hashable, Sendable {
    /// The meeting that the request names.
    public let meeting: MeetingID
    /// What its caller wants to happen.
    public let command: Command

    public init(in meeting: MeetingID, _ command: Command) {
        self.meeting = meeting
        self.command = command
    }

    /// Maps a request with its field `meeting_id` and the rest.
    init(
        _ meetingID: String,
        _ command: @autoclosure () throws(InvalidField) -> Command
    ) throws(Rejection) {
        do throws(InvalidField) {
            self.init(
                in: try field("meeting_id", try MeetingID(meetingID)),
                try command()
            )
        } catch {
            throw error.rejection
        }
    }
}

extension Identifier where Subject == MeetingSubject {
    /// The meeting that a request names in its field `meeting_id`.
    ///
    /// - Throws: `Rejection.fieldInvalid`.
    public init(requested text: String) throws(Rejection) {
        do {
            try self.init(text)
        } catch {
            throw .fieldInvalid(field: "meeting_id", rule: error.rule)
        }
    }
}

extension Identifier where Subject == PollSubject {
    /// The poll that a request names in its field `poll_id`.
    ///
    /// - Throws: `Rejection.fieldInvalid`.
    public init(requested text: String) throws(Rejection) {
        do {
            try self.init(text)
        } catch {
            throw .fieldInvalid(field: "poll_id", rule: error.rule)
        }
    }
}
