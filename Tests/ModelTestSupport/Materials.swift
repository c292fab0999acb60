public import CabinetModel

/// What the motions, rolls and ballots of a session are made of. The rules of a meeting look at none
/// of their bytes.
public struct Materials: Sendable {
    /// A motion with this text.
    public let motion: @Sendable (_ text: String) -> Motion
    /// A roll as the sequencer freezes it.
    public let roll: @Sendable (Roll) -> FrozenRoll
    /// A ballot as it is after its verification.
    public let ballot: @Sendable (BallotStatement, _ key: KeyFingerprint) -> VerifiedBallot
    /// The key that a member signs with.
    public let key: @Sendable (_ member: PrincipalID) -> KeyFingerprint
    /// What the log begins with.
    public let log: LogOpened

    public init(
        motion: @escaping @Sendable (_ text: String) -> Motion,
        roll: @escaping @Sendable (Roll) -> FrozenRoll,
        ballot: @escaping @Sendable (BallotStatement, _ key: KeyFingerprint) -> VerifiedBallot,
        key: @escaping @Sendable (_ member: PrincipalID) -> KeyFingerprint = { .named($0.text) },
        log: LogOpened = .of(Session.id)
    ) {
        self.motion = motion
        self.roll = roll
        self.ballot = ballot
        self.key = key
        self.log = log
    }

    /// A member with its key.
    public func member(
        _ id: PrincipalID,
        weight: Weight = 1,
        isChair: Bool = false
    ) -> Participant {
        .member(id, weight: weight, isChair: isChair, key: key(id))
    }

    /// Bytes that stand for serialized ones, and digests that stand for theirs.
    public static let standIn = Materials(
        motion: { .saying($0) },
        roll: { FrozenRoll(standInFor: $0) },
        ballot: { statement, key in
            try! VerifiedBallot(
                statement: statement,
                statementBytes: Array("statement \(statement.member) \(statement.ballot)".utf8),
                signature: [1],
                algorithm: .ecdsaP256SHA256,
                keyFingerprint: key,
                certificate: [2]
            )
        }
    )
}
