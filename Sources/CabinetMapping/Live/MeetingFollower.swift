public import CabinetAPI
public import CabinetModel

/// Why a client cannot go on with what a channel brought. It discards its state and follows anew.
public enum FollowError: Error, Hashable, Sendable {
    /// Neither an event nor a snapshot that this version knows.
    case unknownContent
    /// An event that is not the next one.
    case gap(expected: UInt64, found: UInt64)
    /// A field does not map.
    case field(InvalidField)
    /// What it breaks, in English: the roll does not fit the opening of its poll.
    case outOfOrder(rule: String)
}

/// A client's picture of a meeting, kept by what a channel brings.
///
/// It checks what a member relies on who signs a ballot: that no event is missing, that the motion has
/// the digest that is signed, and that the roll has.
public struct MeetingFollower: Sendable {
    /// The meeting as the audience may see it.
    public private(set) var replica: ReplicaState

    private var roll = RollAssembly()

    /// Whether the state is between commits, as far as that shows: a roll comes in parts, of which none
    /// means anything before the poll opens in the same commit.
    public var isWhole: Bool { roll.isEmpty }

    /// Before the first event.
    public init(audience: CabinetModel.Audience) {
        replica = ReplicaState(audience: audience)
    }

    /// Takes the next response.
    ///
    /// - Parameter sequenceNumber: From the frame: that of the event, or of the last event that the
    ///   snapshot contains.
    /// - Returns: The event; `nil` where it was a snapshot.
    /// - Throws: ``FollowError``. The replica is what it was.
    @discardableResult
    public mutating func take(
        _ response: FollowMeetingResponse,
        sequenceNumber: UInt64
    ) throws(FollowError) -> CabinetModel.MeetingEvent? {
        switch response.content {
        case .event(let message):
            return try take(message, sequenceNumber)
        case .snapshot(let snapshot):
            do {
                replica = try ReplicaState(
                    snapshot,
                    audience: replica.audience,
                    sequenceNumber: sequenceNumber
                )
            } catch {
                throw .field(error)
            }
            roll = RollAssembly()
            return nil
        case nil:
            throw .unknownContent
        }
    }

    private mutating func take(
        _ message: CabinetAPI.MeetingEvent,
        _ sequenceNumber: UInt64
    ) throws(FollowError) -> CabinetModel.MeetingEvent {
        let expected = replica.sequenceNumber &+ 1
        guard sequenceNumber == expected else {
            throw .gap(expected: expected, found: sequenceNumber)
        }
        let event: CabinetModel.MeetingEvent
        do {
            event = try MeetingEvent(message, sequenceNumber: sequenceNumber)
        } catch {
            throw .field(error)
        }
        try checkRoll(event)
        replica.evolve(event)
        return event
    }

    private mutating func checkRoll(
        _ event: CabinetModel.MeetingEvent
    ) throws(FollowError) {
        var next = roll
        do {
            if case .fact(let fact) = event.body {
                try next.take(fact)
            } else {
                try next.take(nil)
            }
        } catch {
            throw .outOfOrder(rule: error.rule)
        }
        roll = next
    }
}
