import CabinetModel
import ModelTestSupport

/// Members of a roll who behave alike.
struct Group: Sendable {
    let count: Int
    let voter: Scrutiny.Voter
    var isChair = false

    private init(_ count: Int, _ weight: Weight, _ attendance: Place?, _ vote: Vote?) {
        self.count = count
        voter = Scrutiny.Voter(weight: weight, attendance: attendance, vote: vote)
    }

    static func yes(_ count: Int, _ place: Place = .room, weight: Weight = 1) -> Group {
        Group(count, weight, place, Vote(.yes, from: place))
    }

    static func no(_ count: Int, _ place: Place = .room, weight: Weight = 1) -> Group {
        Group(count, weight, place, Vote(.no, from: place))
    }

    static func abstain(_ count: Int, _ place: Place = .room, weight: Weight = 1) -> Group {
        Group(count, weight, place, Vote(.abstain, from: place))
    }

    /// Checked in, and without a ballot.
    static func silent(_ count: Int, _ place: Place = .room, weight: Weight = 1) -> Group {
        Group(count, weight, place, nil)
    }

    /// Not checked in, and without a ballot.
    static func away(_ count: Int, weight: Weight = 1) -> Group {
        Group(count, weight, nil, nil)
    }

    /// Voted yes from one place, and is checked in at another, or nowhere.
    static func yes(_ count: Int, from place: Place, nowAt attendance: Place?) -> Group {
        Group(count, 1, attendance, Vote(.yes, from: place))
    }

    /// The chair, present.
    static func chair(_ choice: Choice?, _ place: Place = .room, weight: Weight = 1) -> Group {
        var group = Group(1, weight, place, choice.map { Vote($0, from: place) })
        group.isChair = true
        return group
    }

    static var chairAway: Group {
        var group = away(1)
        group.isChair = true
        return group
    }
}

/// What the rules give.
struct Expected: Sendable {
    /// `nil` where the poll waits for the chair.
    let ground: VerdictGround?
    /// Members counted, and members needed.
    let quorum: [UInt32]
    /// Weight of yes, weight needed, weight of the base.
    let threshold: [UInt32]

    static func gives(
        _ ground: VerdictGround?,
        _ quorum: [UInt32],
        _ threshold: [UInt32]
    ) -> Expected {
        Expected(ground: ground, quorum: quorum, threshold: threshold)
    }
}

/// A line of the table, worked out by hand.
struct VerdictCase: Sendable, CustomStringConvertible {
    /// What holds, and why.
    let description: String
    let rule: PollRule
    let groups: [Group]
    let tieChoice: TieChoice?
    let expected: Expected

    init(
        _ description: String,
        _ rule: PollRule,
        _ groups: [Group],
        choice tieChoice: TieChoice? = nil,
        _ expected: Expected
    ) {
        self.description = description
        self.rule = rule
        self.groups = groups
        self.tieChoice = tieChoice
        self.expected = expected
    }

    /// By the law's default rule.
    init(
        _ description: String,
        _ groups: [Group],
        choice tieChoice: TieChoice? = nil,
        _ expected: Expected
    ) {
        self.init(
            description,
            .governmentDefault,
            groups,
            choice: tieChoice,
            expected
        )
    }

    var scrutiny: Scrutiny {
        var voters: [Scrutiny.Voter] = []
        var chairPosition: Int?
        for group in groups {
            if group.isChair { chairPosition = voters.count }
            voters += Array(repeating: group.voter, count: group.count)
        }
        return Scrutiny(
            rule: rule,
            voters: voters,
            chairPosition: chairPosition,
            tieChoice: tieChoice
        )
    }
}

/// The law's default rule, with something else in it.
func rule(
    quorum: Fraction = .twoThirds,
    remote: Bool = true,
    _ comparison: Comparison = .moreThan,
    _ threshold: Fraction = .half,
    of base: PollBase = .allMembers,
    tie: TieRule = .chairDecides
) -> PollRule {
    try! PollRule(
        quorum: quorum,
        quorumIncludesRemote: remote,
        thresholdBase: base,
        threshold: threshold,
        comparison: comparison,
        tie: tie
    )
}
