/// What an audience learns from one entry (live.proto, `MeetingEvent`).
public struct MeetingEvent: Hashable, Sendable {
    /// What happened, as far as the audience may know.
    public enum Body: Hashable, Sendable {
        /// Something that this audience may not see.
        case redacted
        /// What the entry says in the same words, but for keys and reasons that are left out.
        case fact(Fact)
        /// A ballot was accepted.
        case ballotRecorded(PollID, BallotRecorded)
        /// The chair decided a tie. The verdict follows in the same commit.
        case tieAnnounced(PollID, TieChoice)
        /// A poll has its verdict, and how each member voted is public from now on.
        case verdictAnnounced(PollID, Verdict, RollCall)
    }

    /// The entry's index plus 1, which is the size of the tree that ends with it.
    public let sequenceNumber: UInt64
    /// The time in the entry.
    public let time: Moment
    public let body: Body

    public init(sequenceNumber: UInt64, time: Moment, body: Body) {
        self.sequenceNumber = sequenceNumber
        self.time = time
        self.body = body
    }
}

/// What is told of a ballot before the verdict: it follows from the rule's visibility.
public enum BallotRecorded: Hashable, Sendable {
    /// Who voted, and how.
    case named(PrincipalID, Vote)
    /// All ballots that count after this one, and no name: beside the change of a count it would say
    /// how its bearer voted.
    case counts(Tally)
    /// Who voted and from where, and no counts.
    case nothing(PrincipalID, from: Place)
}
