internal import CabinetAPI
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// What each audience is told of consecutive entries, encoded. Audiences that are told the same share the
/// bytes.
struct AudienceEvents: Sendable {
    typealias Event = MeetingChannels.Event

    private var members: [Event] = []
    private var secretariat: [Event] = []
    private var display: [Event] = []

    var isEmpty: Bool { members.isEmpty }

    subscript(audience: CabinetModel.Audience) -> [Event] {
        switch audience {
        case .members: members
        case .secretariat: secretariat
        case .display: display
        }
    }

    /// Tells the audiences of an entry.
    ///
    /// - Parameter state: What the entry has led to, before the next one is applied.
    /// - Throws: `BroadcastError` where an event does not fit a frame. Nothing has changed then.
    mutating func append(_ entry: Entry, leadingTo state: CabinetModel.MeetingState)
        throws(BroadcastError)
    {
        let forMembers = state.event(for: .members, of: entry)
        let encoded = try Self.encoded(forMembers)
        func encode(for audience: CabinetModel.Audience) throws(BroadcastError) -> Event {
            let event = state.event(for: audience, of: entry)
            return event == forMembers ? encoded : try Self.encoded(event)
        }
        let forSecretariat = try encode(for: .secretariat)
        let forDisplay = try encode(for: .display)
        members.append(encoded)
        secretariat.append(forSecretariat)
        display.append(forDisplay)
    }

    private static func encoded(
        _ event: CabinetModel.MeetingEvent
    ) throws(BroadcastError) -> Event {
        try Event(FollowMeetingResponse(event))
    }
}
