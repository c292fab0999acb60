/// A ballot that counts: a member's last one in a poll.
public struct CountedBallot: Hashable, Sendable {
    public let id: BallotID
    public let vote: Vote
    public let revision: Revision
    /// Index of the ballot's entry, for the receipt.
    public let entryIndex: UInt64

    public init(id: BallotID, vote: Vote, revision: Revision, entryIndex: UInt64) {
        self.id = id
        self.vote = vote
        self.revision = revision
        self.entryIndex = entryIndex
    }
}

/// The ballots of a poll that has opened, one for each voter at most: a member's weight cannot count
/// twice, because there is no place for a second ballot.
public struct BallotBox: Hashable, Sendable {
    public let roll: FrozenRoll
    /// Position of the frozen chair on the roll.
    public let chairPosition: Int?
    /// In the order of the roll.
    public private(set) var ballots: [CountedBallot?]
    /// Ballots that each voter has cast, those that count no more included; in the order of the roll.
    private var castCounts: [UInt32]
    /// Where each voter was checked in when the poll closed; `nil` before.
    public internal(set) var attendanceAtClose: [Place?]?
    /// The choice that the chair signed after the close.
    public internal(set) var tieChoice: TieChoice?

    init(roll: FrozenRoll, chair: PrincipalID) {
        self.roll = roll
        chairPosition = roll.roll.position(of: chair)
        ballots = Array(repeating: nil, count: roll.roll.voters.count)
        castCounts = Array(repeating: 0, count: roll.roll.voters.count)
    }

    /// The ballot of a member that counts; `nil` where there is none.
    public func ballot(of member: PrincipalID) -> CountedBallot? {
        roll.roll.position(of: member).flatMap { ballots[$0] }
    }

    mutating func put(_ ballot: CountedBallot, of member: PrincipalID) {
        guard let position = roll.roll.position(of: member) else { return }
        ballots[position] = ballot
        castCounts[position] &+= 1
    }

    /// Whether the voter at a position has cast as many ballots as it may.
    func isExhausted(at position: Int) -> Bool {
        castCounts[position] >= Limits.ballotsOfMember
    }

    /// Counts the ballots.
    ///
    /// - Complexity: O(*n*) in the voters.
    public var tally: Tally {
        Tally(
            of: zip(roll.roll.voters, ballots).lazy.map { (weight: $0.weight, vote: $1?.vote) }
        )
    }

    /// All that the result follows from.
    ///
    /// - Parameter attendance: Where each voter is checked in now, in the order of the roll. What it
    ///   was when the poll closed goes before it.
    public func scrutiny(rule: PollRule, attendance: [Place?]) -> Scrutiny {
        let places = attendanceAtClose ?? attendance
        return Scrutiny(
            rule: rule,
            voters: roll.roll.voters.indices.map { index in
                Scrutiny.Voter(
                    weight: roll.roll.voters[index].weight,
                    attendance: places.indices.contains(index) ? places[index] : nil,
                    vote: ballots[index]?.vote
                )
            },
            chairPosition: chairPosition,
            tieChoice: tieChoice
        )
    }

    /// How each member voted.
    public var rollCall: RollCall {
        RollCall(
            lines: ballots.map { ballot in
                ballot.map { .named($0.vote) } ?? .notVoted
            }
        )
    }
}

/// How the members on a roll voted, in the order of the roll, as far as it is shown.
public struct RollCall: Hashable, Sendable {
    /// What is shown of one voter's ballot. `cabinet.v1.RollCall` says it in a mark and a place.
    public enum Line: Hashable, Sendable {
        /// No ballot.
        case notVoted
        /// A ballot, cast from here, and not how.
        case voted(from: Place)
        /// A ballot, and how.
        case named(Vote)

        /// Where the ballot was cast from; `nil` where there is none.
        public var place: Place? {
            switch self {
            case .notVoted: nil
            case .voted(let place): place
            case .named(let vote): vote.place
            }
        }
    }

    public internal(set) var lines: [Line]

    public init(lines: [Line]) {
        self.lines = lines
    }
}
