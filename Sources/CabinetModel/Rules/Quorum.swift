/// The members who are present, by place.
///
/// A member is present at a poll who is checked in when it closes, or has a ballot in it that
/// counts. The place is that of the attendance then, or of the ballot where the member has left
/// (voting.proto, `PollRule`).
public struct Presence: Hashable, Sendable {
    /// In the room.
    public private(set) var room = HeadCount.zero
    /// Elsewhere.
    public private(set) var remote = HeadCount.zero

    /// - Parameter members: Each member's weight, and the place where the member is present; `nil`
    ///   for who is not.
    public init(of members: some Sequence<(weight: Weight, place: Place?)>) {
        for (weight, place) in members {
            switch place {
            case .room: room = room + weight
            case .remote: remote = remote + weight
            case nil: break
            }
        }
    }

    /// Both places together.
    public var total: HeadCount { room + remote }
}

/// Members present against members needed, by head and not by weight.
public struct QuorumCount: Hashable, Sendable {
    /// All members: on the poll's roll, or of the meeting where no poll is meant.
    public let allMembers: UInt32
    /// Present in the room.
    public let roomMembers: UInt32
    /// Present elsewhere.
    public let remoteMembers: UInt32
    /// Present and counted: without the remote ones where the rule says so.
    public let countedMembers: UInt32
    /// ⌈all members × quorum⌉.
    public let neededMembers: UInt32

    /// A count that was made elsewhere, as an event brings it.
    public init(
        allMembers: UInt32,
        roomMembers: UInt32,
        remoteMembers: UInt32,
        countedMembers: UInt32,
        neededMembers: UInt32
    ) {
        self.allMembers = allMembers
        self.roomMembers = roomMembers
        self.remoteMembers = remoteMembers
        self.countedMembers = countedMembers
        self.neededMembers = neededMembers
    }

    /// Counts.
    public init(rule: PollRule, allMembers: UInt32, presence: Presence) {
        self.init(
            allMembers: allMembers,
            roomMembers: presence.room.members,
            remoteMembers: presence.remote.members,
            countedMembers: rule.quorumIncludesRemote
                ? presence.total.members : presence.room.members,
            neededMembers: rule.quorum.ceiling(of: allMembers)
        )
    }

    /// By how many the quorum is met, or missed where it is negative.
    public var marginMembers: Int { Int(countedMembers) - Int(neededMembers) }

    /// Whether there are enough.
    public var isMet: Bool { countedMembers >= neededMembers }
}
