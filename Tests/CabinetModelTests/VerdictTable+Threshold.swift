import CabinetModel
import ModelTestSupport

/// Cases of other bases and thresholds.
let thresholdCases: [VerdictCase] = [
    .init(
        "present: 11 of 20, with the silent in the base",
        rule(of: .presentMembers),
        [.yes(11), .no(5), .silent(4), .away(7)],
        .gives(.thresholdReached, [20, 18], [11, 11, 20])
    ),
    .init(
        "present: 10 of 20 are not more than a half",
        rule(of: .presentMembers),
        [.yes(10), .no(5), .silent(5), .away(7)],
        .gives(.thresholdNotReached, [20, 18], [10, 11, 20])
    ),
    .init(
        "present: to abstain is like no",
        rule(of: .presentMembers),
        [.yes(10), .abstain(10), .away(7)],
        .gives(.thresholdNotReached, [20, 18], [10, 11, 20])
    ),
    .init(
        "present: at least 2/3 of 21 are 14",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(14), .no(7), .away(6)],
        .gives(.thresholdReached, [21, 18], [14, 14, 21])
    ),
    .init(
        "present: 13 of 21 are not 2/3",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(13), .no(8), .away(6)],
        .gives(.thresholdNotReached, [21, 18], [13, 14, 21])
    ),
    .init(
        "present: at least 2/3 of 20 are 14, rounded up",
        rule(.atLeast, .twoThirds, of: .presentMembers),
        [.yes(13), .no(7), .away(7)],
        .gives(.thresholdNotReached, [20, 18], [13, 14, 20])
    ),
    .init(
        "present: more than 2/3 of 21 are 15",
        rule(.moreThan, .twoThirds, of: .presentMembers),
        [.yes(14), .no(7), .away(6)],
        .gives(.thresholdNotReached, [21, 18], [14, 15, 21])
    ),
    .init(
        "present: the remote are in the base, also where the quorum leaves them out",
        rule(remote: false, of: .presentMembers),
        [.yes(10), .no(8), .silent(4, .remote), .away(5)],
        .gives(.thresholdNotReached, [18, 18], [10, 12, 22])
    ),
    .init(
        "present: who voted and left is in the base",
        rule(of: .presentMembers),
        [.yes(9, from: .room, nowAt: nil), .no(9), .silent(1), .away(8)],
        choice: .yes,
        .gives(.tieChairChoice(.yes), [19, 18], [9, 10, 19])
    ),
    .init(
        "cast: to abstain is to cast",
        rule(of: .votesCast),
        [.yes(10), .no(5), .abstain(5), .silent(7)],
        .gives(.thresholdNotReached, [27, 18], [10, 11, 20])
    ),
    .init(
        "cast: the silent are not in the base",
        rule(of: .votesCast),
        [.yes(11), .no(5), .abstain(4), .silent(7)],
        .gives(.thresholdReached, [27, 18], [11, 11, 20])
    ),
    .init(
        "cast: nobody votes, and at least 1/2 of nothing is still 1",
        rule(.atLeast, .half, of: .votesCast),
        [.silent(27)],
        .gives(.thresholdNotReached, [27, 18], [0, 1, 0])
    ),
    .init(
        "cast: everybody who votes says yes",
        rule(.atLeast, Fraction(1, 1), of: .votesCast),
        [.yes(20), .silent(7)],
        .gives(.thresholdReached, [27, 18], [20, 20, 20])
    ),
    .init(
        "cast: at least 2/3 of 20 are 14, rounded up, with the abstentions among the 20",
        rule(.atLeast, .twoThirds, of: .votesCast),
        [.yes(14), .no(3), .abstain(3), .silent(7)],
        .gives(.thresholdReached, [27, 18], [14, 14, 20])
    ),
    .init(
        "cast: 13 of 20 are not 2/3",
        rule(.atLeast, .twoThirds, of: .votesCast),
        [.yes(13), .no(3), .abstain(4), .silent(7)],
        .gives(.thresholdNotReached, [27, 18], [13, 14, 20])
    ),
    .init(
        "cast: 10–10 is a tie for «more than»",
        rule(of: .votesCast),
        [.chair(.no), .yes(10), .no(9), .silent(7)],
        .gives(.tieChairBallot(.no), [27, 18], [10, 11, 20])
    ),
    .init(
        "cast: 10–10 is enough for «at least», and no tie",
        rule(.atLeast, .half, of: .votesCast),
        [.chair(.no), .yes(10), .no(9), .silent(7)],
        .gives(.thresholdReached, [27, 18], [10, 10, 20])
    ),
    .init(
        "cast: remote ballots are in the base, also where the quorum leaves them out",
        rule(remote: false, of: .votesCast),
        [.yes(10), .no(8), .no(3, .remote), .away(6)],
        .gives(.thresholdNotReached, [18, 18], [10, 11, 21])
    ),
    .init(
        "yes and no: everybody abstains, and at least 1/2 of nothing is still 1",
        rule(.atLeast, .half, of: .yesAndNo),
        [.abstain(27)],
        .gives(.thresholdNotReached, [27, 18], [0, 1, 0])
    ),
    .init(
        "yes and no: 10–10 waits for a chair who abstained, and the later yes carries",
        rule(of: .yesAndNo),
        [.chair(.abstain), .yes(10), .no(10), .away(6)],
        choice: .yes,
        .gives(.tieChairChoice(.yes), [21, 18], [10, 11, 20])
    ),
    .init(
        "yes and no: the abstentions are not in the base",
        rule(of: .yesAndNo),
        [.yes(10), .no(5), .abstain(5), .silent(7)],
        .gives(.thresholdReached, [27, 18], [10, 8, 15])
    ),
    .init(
        "yes and no: one yes against 26 abstentions",
        rule(of: .yesAndNo),
        [.yes(1), .abstain(26)],
        .gives(.thresholdReached, [27, 18], [1, 1, 1])
    ),
    .init(
        "yes and no: at least 2/3 of 15 are 10",
        rule(.atLeast, .twoThirds, of: .yesAndNo),
        [.yes(10), .no(5), .silent(12)],
        .gives(.thresholdReached, [27, 18], [10, 10, 15])
    ),
    .init(
        "yes and no: at least 2/3 of 14 are 10, rounded up",
        rule(.atLeast, .twoThirds, of: .yesAndNo),
        [.yes(9), .no(5), .silent(13)],
        .gives(.thresholdNotReached, [27, 18], [9, 10, 14])
    ),
    .init(
        "yes and no: 9–9 is a tie for «more than»",
        rule(of: .yesAndNo),
        [.chair(.yes), .yes(8), .no(9), .abstain(9)],
        .gives(.tieChairBallot(.yes), [27, 18], [9, 10, 18])
    ),
    .init(
        "yes and no: 9–9 is enough for «at least», and no tie",
        rule(.atLeast, .half, of: .yesAndNo),
        [.chair(.no), .yes(9), .no(8), .silent(9)],
        .gives(.thresholdReached, [27, 18], [9, 9, 18])
    ),
    .init(
        "all: at least 2/3 of 27 are 18",
        rule(.atLeast, .twoThirds),
        [.yes(18), .no(9)],
        .gives(.thresholdReached, [27, 18], [18, 18, 27])
    ),
    .init(
        "all: 17 of 27 are not 2/3",
        rule(.atLeast, .twoThirds),
        [.yes(17), .no(10)],
        .gives(.thresholdNotReached, [27, 18], [17, 18, 27])
    ),
    .init(
        "all: more than 2/3 of 27 are 19",
        rule(.moreThan, .twoThirds),
        [.yes(18), .no(9)],
        .gives(.thresholdNotReached, [27, 18], [18, 19, 27])
    ),
    .init(
        "all: everybody says yes",
        rule(.atLeast, Fraction(1, 1)),
        [.yes(27)],
        .gives(.thresholdReached, [27, 18], [27, 27, 27])
    ),
    .init(
        "all: one who is silent breaks unanimity",
        rule(.atLeast, Fraction(1, 1)),
        [.yes(26), .silent(1)],
        .gives(.thresholdNotReached, [27, 18], [26, 27, 27])
    ),
    .init(
        "all: at least 1/3 lets 9 carry against 18",
        rule(.atLeast, Fraction(1, 3)),
        [.yes(9), .no(18)],
        .gives(.thresholdReached, [27, 18], [9, 9, 27])
    ),
    .init(
        "all: at least 1/1000 of 27 is 1",
        rule(.atLeast, Fraction(1, 1_000)),
        [.yes(1), .no(26)],
        .gives(.thresholdReached, [27, 18], [1, 1, 27])
    ),
    .init(
        "all: more than 999/1000 of 27 are 27",
        rule(.moreThan, Fraction(999, 1_000)),
        [.yes(26), .no(1)],
        .gives(.thresholdNotReached, [27, 18], [26, 27, 27])
    ),
]

/// Cases of weights other than 1.
let weightCases: [VerdictCase] = [
    .init(
        "one of weight 10 passes nine of weight 1",
        [.yes(1, weight: 10), .no(9)],
        .gives(.thresholdReached, [10, 7], [10, 10, 19])
    ),
    .init(
        "one of weight 9 ties nine of weight 1, and the chair is among them",
        [.chair(.no), .no(8), .yes(1, weight: 9)],
        .gives(.tieChairBallot(.no), [10, 7], [9, 10, 18])
    ),
    .init(
        "the quorum is by head: one of weight 1000 is one",
        [.yes(1, weight: 1_000), .away(9)],
        .gives(.quorumNotMet, [1, 7], [1_000, 505, 1_009])
    ),
    .init(
        "the quorum is by head: seven of weight 1 are seven",
        [.yes(7), .away(3, weight: 1_000)],
        .gives(.thresholdNotReached, [7, 7], [7, 1_504, 3_007])
    ),
    .init(
        "the largest body there can be, with the largest weights",
        [.yes(600, weight: 1_000)],
        .gives(.thresholdReached, [600, 400], [600_000, 300_001, 600_000])
    ),
    .init(
        "as many heads with other weights are no tie",
        [.yes(5, weight: 2), .no(5, weight: 3)],
        .gives(.thresholdNotReached, [10, 7], [10, 13, 25])
    ),
    .init(
        "as much weight with other heads is a tie",
        rule(tie: .fails),
        [.yes(2, weight: 3), .no(6)],
        .gives(.tieFailed, [8, 6], [6, 7, 12])
    ),
    .init(
        "present: the base is the weight of those present",
        rule(of: .presentMembers),
        [.yes(2, weight: 3), .silent(2, weight: 2), .away(1, weight: 10)],
        .gives(.thresholdReached, [4, 4], [6, 6, 10])
    ),
    .init(
        "cast: the base is the weight of the ballots",
        rule(of: .votesCast),
        [.yes(1, weight: 3), .abstain(1, weight: 3), .silent(1, weight: 9)],
        .gives(.thresholdNotReached, [3, 2], [3, 4, 6])
    ),
    .init(
        "the chair's weight counts once, also where its ballot decides the tie",
        [.chair(.yes, weight: 4), .no(4)],
        .gives(.tieChairBallot(.yes), [5, 4], [4, 5, 8])
    ),
]
