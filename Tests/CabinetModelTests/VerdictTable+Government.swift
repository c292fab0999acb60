import CabinetModel
import ModelTestSupport

/// Cases of the law's default rule: quorum 2/3 and more than 1/2, both of all members.
let governmentCases: [VerdictCase] = [
    .init(
        "24 June 2019: 25 yes of 27, 4 of them remote, pass 14 and 18",
        [.yes(21), .yes(4, .remote), .away(2)],
        .gives(.thresholdReached, [25, 18], [25, 14, 27])
    ),
    .init(
        "14 of 27 are just more than a half",
        [.yes(14), .no(13)],
        .gives(.thresholdReached, [27, 18], [14, 14, 27])
    ),
    .init(
        "13 of 27 are less than a half",
        [.yes(13), .no(14)],
        .gives(.thresholdNotReached, [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 is decided by the chair's own yes",
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .gives(.tieChairBallot(.yes), [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 is decided by the chair's own no",
        [.chair(.no), .yes(13), .no(12), .abstain(1)],
        .gives(.tieChairBallot(.no), [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 waits for a chair who abstained",
        [.chair(.abstain), .yes(13), .no(13)],
        .gives(nil, [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 waits for a chair who did not vote",
        [.chair(nil), .yes(13), .no(13)],
        .gives(nil, [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 waits for a chair who is away: the choice is signed, wherever from",
        [.chairAway, .yes(13), .no(13)],
        .gives(nil, [26, 18], [13, 14, 27])
    ),
    .init(
        "13–13 is carried by the chair's later yes",
        [.chair(.abstain), .yes(13), .no(13)],
        choice: .yes,
        .gives(.tieChairChoice(.yes), [27, 18], [13, 14, 27])
    ),
    .init(
        "13–13 is lost by the chair's later no",
        [.chair(nil), .yes(13), .no(13)],
        choice: .no,
        .gives(.tieChairChoice(.no), [27, 18], [13, 14, 27])
    ),
    .init(
        "the chair's ballot goes before a later choice",
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        choice: .no,
        .gives(.tieChairBallot(.yes), [27, 18], [13, 14, 27])
    ),
    .init(
        "a later choice decides nothing where there is no tie",
        [.chair(nil), .yes(14), .no(12)],
        choice: .no,
        .gives(.thresholdReached, [27, 18], [14, 14, 27])
    ),
    .init(
        "18 of 27 are exactly the quorum",
        [.yes(18), .away(9)],
        .gives(.thresholdReached, [18, 18], [18, 14, 27])
    ),
    .init(
        "the quorum is missed by one, however many say yes",
        [.yes(17), .away(10)],
        .gives(.quorumNotMet, [17, 18], [17, 14, 27])
    ),
    .init(
        "the quorum is tried before the tie",
        [.chair(.yes), .yes(7), .no(8), .away(11)],
        .gives(.quorumNotMet, [16, 18], [8, 14, 27])
    ),
    .init(
        "a member who is present and silent counts towards the quorum",
        [.yes(14), .silent(4), .away(9)],
        .gives(.thresholdReached, [18, 18], [14, 14, 27])
    ),
    .init(
        "nobody votes: 0–0 is no tie",
        [.chair(nil), .silent(26)],
        .gives(.thresholdNotReached, [27, 18], [0, 14, 27])
    ),
    .init(
        "nobody comes",
        [.away(27)],
        .gives(.quorumNotMet, [0, 18], [0, 14, 27])
    ),
    .init(
        "everybody abstains: 0–0 is no tie",
        [.chair(.abstain), .abstain(26)],
        .gives(.thresholdNotReached, [27, 18], [0, 14, 27])
    ),
    .init(
        "to abstain is, of all members, like no",
        [.yes(13), .abstain(14)],
        .gives(.thresholdNotReached, [27, 18], [13, 14, 27])
    ),
    .init(
        "remote members make up the quorum",
        [.yes(14), .yes(4, .remote), .away(9)],
        .gives(.thresholdReached, [18, 18], [18, 14, 27])
    ),
    .init(
        "all of them may be remote",
        [.yes(27, .remote)],
        .gives(.thresholdReached, [27, 18], [27, 14, 27])
    ),
    .init(
        "a tie across places is a tie",
        [.chair(.abstain), .yes(13, .remote), .no(13)],
        .gives(nil, [27, 18], [13, 14, 27])
    ),
    .init(
        "a remote chair's ballot decides a tie",
        [.chair(.yes, .remote), .yes(12), .no(13), .abstain(1)],
        .gives(.tieChairBallot(.yes), [27, 18], [13, 14, 27])
    ),
    .init(
        "who voted and left is present",
        [.yes(18, from: .room, nowAt: nil), .away(9)],
        .gives(.thresholdReached, [18, 18], [18, 14, 27])
    ),
    .init(
        "1–1 of 27 is a tie, which the chair decides",
        [.chair(.no), .yes(1), .silent(25)],
        .gives(.tieChairBallot(.no), [27, 18], [1, 14, 27])
    ),
    .init(
        "a body of one: the chair alone carries",
        [.chair(.yes)],
        .gives(.thresholdReached, [1, 1], [1, 1, 1])
    ),
    .init(
        "a body of two: 1–1 goes with the chair",
        [.chair(.yes), .no(1)],
        .gives(.tieChairBallot(.yes), [2, 2], [1, 2, 2])
    ),
    .init(
        "a body of three: 2/3 are 2",
        [.yes(2), .away(1)],
        .gives(.thresholdReached, [2, 2], [2, 2, 3])
    ),
    .init(
        "a body of four: 2/3 are 3, rounded up",
        [.yes(2), .away(2)],
        .gives(.quorumNotMet, [2, 3], [2, 3, 4])
    ),
]

/// Cases of other quorums and tie rules.
let quorumCases: [VerdictCase] = [
    .init(
        "remote members do not count: 17 in the room are too few",
        rule(remote: false),
        [.yes(17), .yes(4, .remote), .away(6)],
        .gives(.quorumNotMet, [17, 18], [21, 14, 27])
    ),
    .init(
        "remote members do not count, and their votes do",
        rule(remote: false),
        [.yes(10), .no(8), .yes(4, .remote), .away(5)],
        .gives(.thresholdReached, [18, 18], [14, 14, 27])
    ),
    .init(
        "remote members do not count: all remote is no quorum",
        rule(remote: false),
        [.yes(27, .remote)],
        .gives(.quorumNotMet, [0, 18], [27, 14, 27])
    ),
    .init(
        "the place is that of the attendance: voted in the room, now remote",
        rule(remote: false),
        [.yes(18, from: .room, nowAt: .remote), .away(9)],
        .gives(.quorumNotMet, [0, 18], [18, 14, 27])
    ),
    .init(
        "the place is that of the attendance: voted remote, now in the room",
        rule(remote: false),
        [.yes(18, from: .remote, nowAt: .room), .away(9)],
        .gives(.thresholdReached, [18, 18], [18, 14, 27])
    ),
    .init(
        "the place is that of the ballot where the member has left",
        rule(remote: false),
        [.yes(18, from: .remote, nowAt: nil), .away(9)],
        .gives(.quorumNotMet, [0, 18], [18, 14, 27])
    ),
    .init(
        "no quorum is asked for, and one yes of one vote carries",
        rule(quorum: Fraction(0, 1), of: .votesCast),
        [.yes(1), .away(26)],
        .gives(.thresholdReached, [1, 0], [1, 1, 1])
    ),
    .init(
        "no quorum is asked for, and nobody comes: 1 is needed",
        rule(quorum: Fraction(0, 1), of: .votesCast),
        [.away(27)],
        .gives(.thresholdNotReached, [0, 0], [0, 1, 0])
    ),
    .init(
        "a quorum of all is missed by one",
        rule(quorum: Fraction(1, 1)),
        [.yes(26), .away(1)],
        .gives(.quorumNotMet, [26, 27], [26, 14, 27])
    ),
    .init(
        "a quorum of all is met by the silent too",
        rule(quorum: Fraction(1, 1)),
        [.yes(14), .silent(13)],
        .gives(.thresholdReached, [27, 27], [14, 14, 27])
    ),
    .init(
        "half of 27 are 14, rounded up",
        rule(quorum: .half),
        [.yes(14), .away(13)],
        .gives(.thresholdReached, [14, 14], [14, 14, 27])
    ),
    .init(
        "half of 27 are not 13",
        rule(quorum: .half),
        [.yes(13), .away(14)],
        .gives(.quorumNotMet, [13, 14], [13, 14, 27])
    ),
    .init(
        "in a tie the motion fails, whatever the chair voted",
        rule(tie: .fails),
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .gives(.tieFailed, [27, 18], [13, 14, 27])
    ),
    .init(
        "in a tie the motion fails, and nobody is waited for",
        rule(tie: .fails),
        [.chair(nil), .yes(13), .no(13)],
        .gives(.tieFailed, [27, 18], [13, 14, 27])
    ),
    .init(
        "a tie is one of yes and no, also where 2/3 are needed",
        rule(.atLeast, .twoThirds),
        [.chair(.yes), .yes(12), .no(13), .abstain(1)],
        .gives(.tieChairBallot(.yes), [27, 18], [13, 18, 27])
    ),
]
