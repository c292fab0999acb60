import CabinetModel

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

/// A line of the table, worked out by hand.
struct VerdictCase: Sendable, CustomStringConvertible {
    /// What holds, and why.
    let description: String
    let rule: PollRule
    let groups: [Group]
    let tieChoice: TieChoice?
    /// `nil` where the poll waits for the chair.
    let ground: VerdictGround?
    /// Members counted, and members needed.
    let quorum: [UInt32]
    /// Weight of yes, weight needed, weight of the base.
    let threshold: [UInt32]

    init(
        _ description: String,
        _ rule: PollRule,
        _ groups: [Group],
        choice tieChoice: TieChoice? = nil,
        _ ground: VerdictGround?,
        _ quorum: [UInt32],
        _ threshold: [UInt32]
    ) {
        self.description = description
        self.rule = rule
        self.groups = groups
        self.tieChoice = tieChoice
        self.ground = ground
        self.quorum = quorum
        self.threshold = threshold
    }

    /// By the law's default rule.
    init(
        _ description: String,
        _ groups: [Group],
        choice tieChoice: TieChoice? = nil,
        _ ground: VerdictGround?,
        _ quorum: [UInt32],
        _ threshold: [UInt32]
    ) {
        self.init(
            description,
            .governmentDefault,
            groups,
            choice: tieChoice,
            ground,
            quorum,
            threshold
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

private func rule(
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

/// Cases of the law's default rule: quorum 2/3 and more than 1/2, both of all members.
let governmentCases: [VerdictCase] = [
    .init(
        "24 June 2019: 25 yes of 27, 4 of them remote, pass 14 and 18",
        [.yes(21), .yes(4, .remote), .away(2)],
        .thresholdReached, [25, 18], [25, 14, 27]
    ),
    .init(
        "14 of 27 are just more than a half",
        [.yes(14), .no(13)],
        .thresholdReached, [27, 18], [14, 14, 27]
    ),
    .init(
        "13 of 27 are less than a half",
        [.yes(13), .no(14)],
        .thresholdNotReached, [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 is decided by the chair's own yes",
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .tieChairBallot(.yes), [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 is decided by the chair's own no",
        [.chair(.no), .yes(13), .no(12), .abstain(1)],
        .tieChairBallot(.no), [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 waits for a chair who abstained",
        [.chair(.abstain), .yes(13), .no(13)],
        nil, [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 waits for a chair who did not vote",
        [.chair(nil), .yes(13), .no(13)],
        nil, [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 waits for a chair who is away: the choice is signed, wherever from",
        [.chairAway, .yes(13), .no(13)],
        nil, [26, 18], [13, 14, 27]
    ),
    .init(
        "13–13 is carried by the chair's later yes",
        [.chair(.abstain), .yes(13), .no(13)], choice: .yes,
        .tieChairChoice(.yes), [27, 18], [13, 14, 27]
    ),
    .init(
        "13–13 is lost by the chair's later no",
        [.chair(nil), .yes(13), .no(13)], choice: .no,
        .tieChairChoice(.no), [27, 18], [13, 14, 27]
    ),
    .init(
        "the chair's ballot goes before a later choice",
        [.chair(.yes), .yes(12), .no(13), .abstain(1)], choice: .no,
        .tieChairBallot(.yes), [27, 18], [13, 14, 27]
    ),
    .init(
        "a later choice decides nothing where there is no tie",
        [.chair(nil), .yes(14), .no(12)], choice: .no,
        .thresholdReached, [27, 18], [14, 14, 27]
    ),
    .init(
        "18 of 27 are exactly the quorum",
        [.yes(18), .away(9)],
        .thresholdReached, [18, 18], [18, 14, 27]
    ),
    .init(
        "the quorum is missed by one, however many say yes",
        [.yes(17), .away(10)],
        .quorumNotMet, [17, 18], [17, 14, 27]
    ),
    .init(
        "the quorum is tried before the tie",
        [.chair(.yes), .yes(7), .no(8), .away(11)],
        .quorumNotMet, [16, 18], [8, 14, 27]
    ),
    .init(
        "a member who is present and silent counts towards the quorum",
        [.yes(14), .silent(4), .away(9)],
        .thresholdReached, [18, 18], [14, 14, 27]
    ),
    .init(
        "nobody votes: 0–0 is no tie",
        [.chair(nil), .silent(26)],
        .thresholdNotReached, [27, 18], [0, 14, 27]
    ),
    .init(
        "nobody comes",
        [.away(27)],
        .quorumNotMet, [0, 18], [0, 14, 27]
    ),
    .init(
        "everybody abstains: 0–0 is no tie",
        [.chair(.abstain), .abstain(26)],
        .thresholdNotReached, [27, 18], [0, 14, 27]
    ),
    .init(
        "to abstain is, of all members, like no",
        [.yes(13), .abstain(14)],
        .thresholdNotReached, [27, 18], [13, 14, 27]
    ),
    .init(
        "remote members make up the quorum",
        [.yes(14), .yes(4, .remote), .away(9)],
        .thresholdReached, [18, 18], [18, 14, 27]
    ),
    .init(
        "all of them may be remote",
        [.yes(27, .remote)],
        .thresholdReached, [27, 18], [27, 14, 27]
    ),
    .init(
        "a tie across places is a tie",
        [.chair(.abstain), .yes(13, .remote), .no(13)],
        nil, [27, 18], [13, 14, 27]
    ),
    .init(
        "a remote chair's ballot decides a tie",
        [.chair(.yes, .remote), .yes(12), .no(13), .abstain(1)],
        .tieChairBallot(.yes), [27, 18], [13, 14, 27]
    ),
    .init(
        "who voted and left is present",
        [.yes(18, from: .room, nowAt: nil), .away(9)],
        .thresholdReached, [18, 18], [18, 14, 27]
    ),
    .init(
        "1–1 of 27 is a tie, which the chair decides",
        [.chair(.no), .yes(1), .silent(25)],
        .tieChairBallot(.no), [27, 18], [1, 14, 27]
    ),
    .init(
        "a body of one: the chair alone carries",
        [.chair(.yes)],
        .thresholdReached, [1, 1], [1, 1, 1]
    ),
    .init(
        "a body of two: 1–1 goes with the chair",
        [.chair(.yes), .no(1)],
        .tieChairBallot(.yes), [2, 2], [1, 2, 2]
    ),
    .init(
        "a body of three: 2/3 are 2",
        [.yes(2), .away(1)],
        .thresholdReached, [2, 2], [2, 2, 3]
    ),
    .init(
        "a body of four: 2/3 are 3, rounded up",
        [.yes(2), .away(2)],
        .quorumNotMet, [2, 3], [2, 3, 4]
    ),
]

/// Cases of other quorums and tie rules.
let quorumCases: [VerdictCase] = [
    .init(
        "remote members do not count: 17 in the room are too few",
        rule(remote: false),
        [.yes(17), .yes(4, .remote), .away(6)],
        .quorumNotMet, [17, 18], [21, 14, 27]
    ),
    .init(
        "remote members do not count, and their votes do",
        rule(remote: false),
        [.yes(10), .no(8), .yes(4, .remote), .away(5)],
        .thresholdReached, [18, 18], [14, 14, 27]
    ),
    .init(
        "remote members do not count: all remote is no quorum",
        rule(remote: false),
        [.yes(27, .remote)],
        .quorumNotMet, [0, 18], [27, 14, 27]
    ),
    .init(
        "the place is that of the attendance: voted in the room, now remote",
        rule(remote: false),
        [.yes(18, from: .room, nowAt: .remote), .away(9)],
        .quorumNotMet, [0, 18], [18, 14, 27]
    ),
    .init(
        "the place is that of the attendance: voted remote, now in the room",
        rule(remote: false),
        [.yes(18, from: .remote, nowAt: .room), .away(9)],
        .thresholdReached, [18, 18], [18, 14, 27]
    ),
    .init(
        "the place is that of the ballot where the member has left",
        rule(remote: false),
        [.yes(18, from: .remote, nowAt: nil), .away(9)],
        .quorumNotMet, [0, 18], [18, 14, 27]
    ),
    .init(
        "no quorum is asked for, and one yes of one vote carries",
        rule(quorum: Fraction(0, 1), of: .votesCast),
        [.yes(1), .away(26)],
        .thresholdReached, [1, 0], [1, 1, 1]
    ),
    .init(
        "no quorum is asked for, and nobody comes: 1 is needed",
        rule(quorum: Fraction(0, 1), of: .votesCast),
        [.away(27)],
        .thresholdNotReached, [0, 0], [0, 1, 0]
    ),
    .init(
        "a quorum of all is missed by one",
        rule(quorum: Fraction(1, 1)),
        [.yes(26), .away(1)],
        .quorumNotMet, [26, 27], [26, 14, 27]
    ),
    .init(
        "a quorum of all is met by the silent too",
        rule(quorum: Fraction(1, 1)),
        [.yes(14), .silent(13)],
        .thresholdReached, [27, 27], [14, 14, 27]
    ),
    .init(
        "half of 27 are 14, rounded up",
        rule(quorum: .half),
        [.yes(14), .away(13)],
        .thresholdReached, [14, 14], [14, 14, 27]
    ),
    .init(
        "half of 27 are not 13",
        rule(quorum: .half),
        [.yes(13), .away(14)],
        .quorumNotMet, [13, 14], [13, 14, 27]
    ),
    .init(
        "in a tie the motion fails, whatever the chair voted",
        rule(tie: .fails),
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .tieFailed, [27, 18], [13, 14, 27]
    ),
    .init(
        "in a tie the motion fails, and nobody is waited for",
        rule(tie: .fails),
        [.chair(nil), .yes(13), .no(13)],
        .tieFailed, [27, 18], [13, 14, 27]
    ),
    .init(
        "a tie is one of yes and no, also where 2/3 are needed",
        rule(.atLeast, .twoThirds),
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .tieChairBallot(.yes), [27, 18], [13, 18, 27]
    ),
]

/// Cases of other bases and thresholds.
let thresholdCases: [VerdictCase] = [
    .init(
        "present: 11 of 20, with the silent in the base",
        rule(of: .presentMembers),
        [.yes(11), .no(5), .silent(4), .away(7)],
        .thresholdReached, [20, 18], [11, 11, 20]
    ),
    .init(
        "present: 10 of 20 are not more than a half",
        rule(of: .presentMembers),
        [.yes(10), .no(5), .silent(5), .away(7)],
        .thresholdNotReached, [20, 18], [10, 11, 20]
    ),
    .init(
        "present: to abstain is like no",
        rule(of: .presentMembers),
        [.yes(10), .abstain(10), .away(7)],
        .thresholdNotReached, [20, 18], [10, 11, 20]
    ),
    .init(
        "present: at least 2/3 of 21 are 14",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(14), .no(7), .away(6)],
        .thresholdReached, [21, 18], [14, 14, 21]
    ),
    .init(
        "present: 13 of 21 are not 2/3",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(13), .no(8), .away(6)],
        .thresholdNotReached, [21, 18], [13, 14, 21]
    ),
    .init(
        "present: at least 2/3 of 20 are 14, rounded up",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(13), .no(7), .away(7)],
        .thresholdNotReached, [20, 18], [13, 14, 20]
    ),
    .init(
        "present: more than 2/3 of 21 are 15",
        rule(.moreThan, .twoThirds, of: .presentMembers),
        [.yes(14), .no(7), .away(6)],
        .thresholdNotReached, [21, 18], [14, 15, 21]
    ),
    .init(
        "present: the remote are in the base, also where the quorum leaves them out",
        rule(remote: false, of: .presentMembers),
        [.yes(10), .no(8), .silent(4, .remote), .away(5)],
        .thresholdNotReached, [18, 18], [10, 12, 22]
    ),
    .init(
        "present: who voted and left is in the base",
        rule(of: .presentMembers),
        [.yes(9, from: .room, nowAt: nil), .no(9), .silent(1), .away(8)], choice: .yes,
        .tieChairChoice(.yes), [19, 18], [9, 10, 19]
    ),
    .init(
        "cast: to abstain is to cast",
        rule(of: .votesCast),
        [.yes(10), .no(5), .abstain(5), .silent(7)],
        .thresholdNotReached, [27, 18], [10, 11, 20]
    ),
    .init(
        "cast: the silent are not in the base",
        rule(of: .votesCast),
        [.yes(11), .no(5), .abstain(4), .silent(7)],
        .thresholdReached, [27, 18], [11, 11, 20]
    ),
    .init(
        "cast: nobody votes, and at least 1/2 of nothing is still 1",
        rule(.atLeast, .half, of: .votesCast),
        [.silent(27)],
        .thresholdNotReached, [27, 18], [0, 1, 0]
    ),
    .init(
        "cast: everybody who votes says yes",
        rule(.atLeast, Fraction(1, 1), of: .votesCast),
        [.yes(20), .silent(7)],
        .thresholdReached, [27, 18], [20, 20, 20]
    ),
    .init(
        "yes and no: the abstentions are not in the base",
        rule(of: .yesAndNo),
        [.yes(10), .no(5), .abstain(5), .silent(7)],
        .thresholdReached, [27, 18], [10, 8, 15]
    ),
    .init(
        "yes and no: one yes against 26 abstentions",
        rule(of: .yesAndNo),
        [.yes(1), .abstain(26)],
        .thresholdReached, [27, 18], [1, 1, 1]
    ),
    .init(
        "yes and no: at least 2/3 of 15 are 10",
        rule(.atLeast, .twoThirds, of: .yesAndNo),
        [.yes(10), .no(5), .silent(12)],
        .thresholdReached, [27, 18], [10, 10, 15]
    ),
    .init(
        "yes and no: at least 2/3 of 14 are 10, rounded up",
        rule(.atLeast, .twoThirds, of: .yesAndNo),
        [.yes(9), .no(5), .silent(13)],
        .thresholdNotReached, [27, 18], [9, 10, 14]
    ),
    .init(
        "yes and no: 9–9 is a tie for «more than»",
        rule(of: .yesAndNo),
        [.chair(.yes), .yes(8), .no(9), .abstain(9)],
        .tieChairBallot(.yes), [27, 18], [9, 10, 18]
    ),
    .init(
        "yes and no: 9–9 is enough for «at least», and no tie",
        rule(.atLeast, .half, of: .yesAndNo),
        [.chair(.no), .yes(9), .no(8), .silent(9)],
        .thresholdReached, [27, 18], [9, 9, 18]
    ),
    .init(
        "all: at least 2/3 of 27 are 18",
        rule(.atLeast, .twoThirds),
        [.yes(18), .no(9)],
        .thresholdReached, [27, 18], [18, 18, 27]
    ),
    .init(
        "all: 17 of 27 are not 2/3",
        rule(.atLeast, .twoThirds),
        [.yes(17), .no(10)],
        .thresholdNotReached, [27, 18], [17, 18, 27]
    ),
    .init(
        "all: more than 2/3 of 27 are 19",
        rule(.moreThan, .twoThirds),
        [.yes(18), .no(9)],
        .thresholdNotReached, [27, 18], [18, 19, 27]
    ),
    .init(
        "all: everybody says yes",
        rule(.atLeast, Fraction(1, 1)),
        [.yes(27)],
        .thresholdReached, [27, 18], [27, 27, 27]
    ),
    .init(
        "all: one who is silent breaks unanimity",
        rule(.atLeast, Fraction(1, 1)),
        [.yes(26), .silent(1)],
        .thresholdNotReached, [27, 18], [26, 27, 27]
    ),
    .init(
        "all: at least 1/3 lets 9 carry against 18",
        rule(.atLeast, Fraction(1, 3)),
        [.yes(9), .no(18)],
        .thresholdReached, [27, 18], [9, 9, 27]
    ),
    .init(
        "all: at least 1/1000 of 27 is 1",
        rule(.atLeast, Fraction(1, 1_000)),
        [.yes(1), .no(26)],
        .thresholdReached, [27, 18], [1, 1, 27]
    ),
    .init(
        "all: more than 999/1000 of 27 are 27",
        rule(.moreThan, Fraction(999, 1_000)),
        [.yes(26), .no(1)],
        .thresholdNotReached, [27, 18], [26, 27, 27]
    ),
]

/// Cases of weights other than 1.
let weightCases: [VerdictCase] = [
    .init(
        "one of weight 10 passes nine of weight 1",
        [.yes(1, weight: 10), .no(9)],
        .thresholdReached, [10, 7], [10, 10, 19]
    ),
    .init(
        "one of weight 9 ties nine of weight 1, and the chair is among them",
        [.chair(.no), .no(8), .yes(1, weight: 9)],
        .tieChairBallot(.no), [10, 7], [9, 10, 18]
    ),
    .init(
        "the quorum is by head: one of weight 1000 is one",
        [.yes(1, weight: 1_000), .away(9)],
        .quorumNotMet, [1, 7], [1_000, 505, 1_009]
    ),
    .init(
        "the quorum is by head: seven of weight 1 are seven",
        [.yes(7), .away(3, weight: 1_000)],
        .thresholdNotReached, [7, 7], [7, 1_504, 3_007]
    ),
    .init(
        "the largest body there can be, with the largest weights",
        [.yes(600, weight: 1_000)],
        .thresholdReached, [600, 400], [600_000, 300_001, 600_000]
    ),
    .init(
        "as many heads with other weights are no tie",
        [.yes(5, weight: 2), .no(5, weight: 3)],
        .thresholdNotReached, [10, 7], [10, 13, 25]
    ),
    .init(
        "as much weight with other heads is a tie",
        rule(tie: .fails),
        [.yes(2, weight: 3), .no(6)],
        .tieFailed, [8, 6], [6, 7, 12]
    ),
    .init(
        "present: the base is the weight of those present",
        rule(of: .presentMembers),
        [.yes(2, weight: 3), .silent(2, weight: 2), .away(1, weight: 10)],
        .thresholdReached, [4, 4], [6, 6, 10]
    ),
    .init(
        "cast: the base is the weight of the ballots",
        rule(of: .votesCast),
        [.yes(1, weight: 3), .abstain(1, weight: 3), .silent(1, weight: 9)],
        .thresholdNotReached, [3, 2], [3, 4, 6]
    ),
    .init(
        "the chair's weight counts once, also where its ballot decides the tie",
        [.chair(.yes, weight: 4), .no(4)],
        .tieChairBallot(.yes), [5, 4], [4, 5, 8]
    ),
]
