/// A member who may vote in a poll (voting.proto, `RollVoter`).
public struct RollVoter: Hashable, Sendable {
    public let member: PrincipalID
    public let weight: Weight
    /// What the member may sign with; one without a key cannot vote and still counts.
    public let keys: SigningKeys

    public init(_ member: PrincipalID, weight: Weight = .one, keys: SigningKeys = .empty) {
        self.member = member
        self.weight = weight
        self.keys = keys
    }
}

/// The members who may vote in a poll: all members of the meeting when it opened, present or not.
public struct Roll: Hashable, Sendable {
    /// Sorted by identifier, as bytes; the position is the member's place in a roll call. 1…600.
    public let voters: [RollVoter]

    /// - Throws: ``InvalidValue`` where there are not 1…600 voters, or one of them twice.
    public init(_ voters: some Sequence<RollVoter>) throws(InvalidValue) {
        let sorted = voters.sorted { $0.member < $1.member }
        guard !sorted.isEmpty, sorted.count <= Limits.members else {
            throw InvalidValue("a roll has 1 to 600 voters")
        }
        guard zip(sorted, sorted.dropFirst()).allSatisfy({ $0.member < $1.member }) else {
            throw InvalidValue("each member is on the roll once")
        }
        self.voters = sorted
    }

    /// The place of a member in the roll call; `nil` for who is not on the roll.
    ///
    /// - Complexity: O(log *n*).
    public func position(of member: PrincipalID) -> Int? {
        var low = 0
        var high = voters.count
        while low < high {
            let middle = low + (high - low) / 2
            if voters[middle].member < member { low = middle + 1 } else { high = middle }
        }
        guard low < voters.count, voters[low].member == member else { return nil }
        return low
    }

    /// The number of voters, and their weight.
    public var total: HeadCount { voters.reduce(.zero) { $0 + $1.weight } }
}

/// One part of a serialized roll: a serialized `Roll` in itself.
public struct RollPart: Hashable, Sendable {
    /// The exact bytes. 1…10,240.
    public let bytes: [UInt8]
    /// What they say.
    public let voters: [RollVoter]

    /// - Parameters:
    ///   - bytes: What whoever serialized the roll made of `voters`. The model never encodes.
    /// - Throws: ``InvalidValue`` where the bytes are out of bounds or nobody is in them.
    public init(bytes: [UInt8], voters: [RollVoter]) throws(InvalidValue) {
        guard Limits.rollPartBytes.contains(bytes.count) else {
            throw InvalidValue("a part of a roll has 1 to 10,240 bytes")
        }
        guard !voters.isEmpty else { throw InvalidValue("a part of a roll has a voter") }
        self.bytes = bytes
        self.voters = voters
    }
}

/// A roll with the bytes that its digest is of.
///
/// The sequencer makes it, in the same step as the command that opens the poll: it asks for
/// ``MeetingState/rollOfMembers``, serializes it in parts and hashes the parts one after the other
/// (voting.proto: SHA-256("e-cabinet/roll/v1\n" ‖ roll)).
public struct FrozenRoll: Hashable, Sendable {
    public let roll: Roll
    /// The parts in their order. 1…16.
    public let parts: [RollPart]
    /// Digest of the bytes of all parts.
    public let digest: Digest

    /// - Throws: ``InvalidValue`` where there are not 1…16 parts, or their voters, one part after the
    ///   other, are not a sorted roll.
    public init(parts: [RollPart], digest: Digest) throws(InvalidValue) {
        guard Limits.rollParts.contains(parts.count) else {
            throw InvalidValue("a roll has 1 to 16 parts")
        }
        let voters = parts.flatMap(\.voters)
        let roll = try Roll(voters)
        guard roll.voters == voters else {
            throw InvalidValue("a roll is sorted by identifier")
        }
        self.roll = roll
        self.parts = parts
        self.digest = digest
    }
}
