public import CabinetModel
internal import TestSupport

// Values of tests are written as literals; a literal that breaks a rule stops the test.

extension Identifier: ExpressibleByUnicodeScalarLiteral,
    ExpressibleByExtendedGraphemeClusterLiteral,
    ExpressibleByStringLiteral
{
    public init(stringLiteral text: String) {
        try! self.init(text)
    }
}

extension Text: ExpressibleByUnicodeScalarLiteral, ExpressibleByExtendedGraphemeClusterLiteral,
    ExpressibleByStringLiteral
{
    public init(stringLiteral text: String) {
        try! self.init(text)
    }
}

extension Weight: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt32) {
        try! self.init(value)
    }
}

extension Revision: ExpressibleByIntegerLiteral {
    public init(integerLiteral value: UInt32) {
        try! self.init(value)
    }
}

extension Fraction {
    public init(_ numerator: UInt32, _ denominator: UInt32) {
        try! self.init(numerator, of: denominator)
    }
}

extension Moment {
    public static func at(_ milliseconds: Int64) -> Moment {
        try! Moment(unixMilliseconds: milliseconds)
    }
}

extension Digest {
    /// Stands for the SHA-256 of some bytes: other bytes give another one.
    public static func standIn(_ bytes: some Sequence<UInt8>) -> Digest {
        var generator = SplitMix64(
            state: bytes.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        )
        return try! Digest((0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) })
    }

    public static func standIn(_ text: String) -> Digest { standIn(text.utf8) }
}

extension KeyFingerprint {
    public static func named(_ name: String) -> KeyFingerprint {
        try! KeyFingerprint(Digest.standIn(name).bytes)
    }
}

extension BallotID {
    public static func numbered(_ number: Int) -> BallotID {
        try! BallotID(Digest.standIn("ballot \(number)").bytes.prefix(16))
    }
}

extension CommandKey {
    public static func numbered(_ number: Int) -> CommandKey {
        try! CommandKey(Digest.standIn("command \(number)").bytes.prefix(16))
    }
}

extension Motion {
    public static func saying(_ text: String) -> Motion {
        try! Motion(bytes: Array(text.utf8), digest: .standIn(text))
    }
}

extension Participant {
    /// A member with one key, which is named after it where nothing else is said.
    public static func member(
        _ id: PrincipalID,
        weight: Weight = 1,
        isChair: Bool = false,
        key: KeyFingerprint? = nil
    ) -> Participant {
        try! Participant(
            id,
            displayName: "Member",
            roles: isChair ? [.member, .chair] : [.member],
            weight: weight,
            keys: SigningKeys([key ?? .named(id.text)])
        )
    }

    public static func of(_ roles: RoleSet, _ id: PrincipalID) -> Participant {
        try! Participant(id, displayName: "Somebody", roles: roles)
    }
}

extension FrozenRoll {
    /// As the sequencer makes it: in parts that stand for serialized bytes, and their digest.
    public init(standInFor roll: Roll, votersPerPart: Int = 49) {
        let parts = stride(from: 0, to: roll.voters.count, by: votersPerPart).map { first in
            let voters = Array(roll.voters[first..<min(first + votersPerPart, roll.voters.count)])
            let text = voters.map { "\($0.member) \($0.weight)" }.joined(separator: "\n")
            return try! RollPart(bytes: Array(text.utf8), voters: voters)
        }
        try! self.init(parts: parts, digest: .standIn(parts.flatMap(\.bytes)))
    }
}

extension LogOpened {
    public static func of(_ meeting: MeetingID) -> LogOpened {
        LogOpened(
            meeting: meeting,
            origin: try! LogOrigin("cabinet.example/\(meeting)"),
            publicKey: try! LogPublicKey(Digest.standIn("log key").bytes),
            epoch: try! Epoch(1)
        )
    }
}
