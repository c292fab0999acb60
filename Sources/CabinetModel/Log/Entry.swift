/// On whose account an entry was written (ledger.proto, `Actor`).
public enum Author: Hashable, Sendable {
    /// The server acted by itself, as when a poll's time is over.
    case server
    /// A principal's connection carried the command. `role` is the one that permitted it; `nil` where
    /// none was needed.
    case principal(PrincipalID, transportKey: KeyFingerprint, role: Role?)
}

/// What an entry says: the body of a `LedgerEntry`.
public enum EntryBody: Hashable, Sendable {
    /// What events say in the same words.
    case fact(Fact)
    /// A ballot was accepted, from where its member attended. It replaces the member's ballot of a
    /// lower revision.
    case ballotCast(VerifiedBallot, from: Place)
    /// The chair decided a tie.
    case tieDecided(VerifiedBallot)
    /// The verdict, computed once, from the log alone.
    case verdictReached(PollID, Verdict)
}

/// One entry of a meeting's log: something that has happened.
///
/// The adapter to `cabinet.v1` serializes it once; from then on those bytes are the entry. When it
/// reads a log it parses the bytes and computes what the schema leaves out: the digest of the motion
/// in `PollCreated`, and the voters of a part of a roll.
public struct Entry: Hashable, Sendable {
    /// Position in the log. The first entry has 0.
    public let index: UInt64
    /// When it happened. Never before the time of the entry before.
    public let time: Moment
    public let author: Author
    /// Of the command that led to it; `nil` where the server acted by itself.
    public let commandKey: CommandKey?
    public let body: EntryBody

    public init(
        index: UInt64,
        time: Moment,
        author: Author,
        commandKey: CommandKey?,
        body: EntryBody
    ) {
        self.index = index
        self.time = time
        self.author = author
        self.commandKey = commandKey
        self.body = body
    }
}
