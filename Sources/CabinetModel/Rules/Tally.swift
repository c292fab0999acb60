/// A ballot as far as it is counted: what it says, and where the member voted from.
public struct Vote: Hashable, Sendable {
    public let choice: Choice
    /// Where the member attended from when the ballot was cast.
    public let place: Place

    public init(_ choice: Choice, from place: Place) {
        self.choice = choice
        self.place = place
    }
}

/// The members behind one choice, by the place that they voted from.
public struct ChoiceCount: Hashable, Sendable {
    /// Members in the room.
    public internal(set) var room: HeadCount
    /// Members elsewhere.
    public internal(set) var remote: HeadCount

    public init(room: HeadCount, remote: HeadCount) {
        self.room = room
        self.remote = remote
    }

    /// Nobody.
    public static let zero = ChoiceCount(room: .zero, remote: .zero)

    /// Both places together.
    public var total: HeadCount { room + remote }

    mutating func add(_ weight: Weight, from place: Place) {
        switch place {
        case .room: room = room + weight
        case .remote: remote = remote + weight
        }
    }
}

/// The ballots that count, counted. The four parts add up to the roll.
public struct Tally: Hashable, Sendable {
    /// For the motion.
    public private(set) var yes = ChoiceCount.zero
    /// Against the motion.
    public private(set) var no = ChoiceCount.zero
    /// Neither.
    public private(set) var abstain = ChoiceCount.zero
    /// Members on the roll without a ballot.
    public private(set) var notVoted = HeadCount.zero

    /// A tally that was counted elsewhere, as an event brings it.
    public init(yes: ChoiceCount, no: ChoiceCount, abstain: ChoiceCount, notVoted: HeadCount) {
        self.yes = yes
        self.no = no
        self.abstain = abstain
        self.notVoted = notVoted
    }

    /// Counts.
    ///
    /// - Complexity: O(*n*) in the voters.
    public init(of voters: some Sequence<(weight: Weight, vote: Vote?)>) {
        for (weight, vote) in voters {
            guard let vote else {
                notVoted = notVoted + weight
                continue
            }
            switch vote.choice {
            case .yes: yes.add(weight, from: vote.place)
            case .no: no.add(weight, from: vote.place)
            case .abstain: abstain.add(weight, from: vote.place)
            }
        }
    }

    /// Yes, no and abstain together.
    public var cast: HeadCount { yes.total + no.total + abstain.total }
}
