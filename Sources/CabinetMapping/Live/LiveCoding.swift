public import CabinetAPI
public import CabinetModel

extension FollowMeetingResponse {
    /// The response that brings an event. It is the same bytes for everyone of the audience.
    public init(_ event: CabinetModel.MeetingEvent) {
        self.init(content: .event(MeetingEvent(event)))
    }

    /// The response that brings a snapshot; `nil` before the meeting is scheduled.
    public init?(_ replica: ReplicaState) {
        guard let snapshot = MeetingSnapshot(replica) else { return nil }
        self.init(content: .snapshot(snapshot))
    }
}
