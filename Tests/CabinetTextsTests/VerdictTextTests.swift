import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct VerdictTextTests {
    private static func verdict(
        _ rule: PollRule = .governmentDefault,
        room: Int = 21,
        remote: Int = 4,
        away: Int = 2,
        weight: Weight = 1,
        tieChoice: TieChoice? = nil,
        chair: Int? = nil,
        votes: [Choice]
    ) throws -> Verdict {
        let places: [Place?] =
            Array(repeating: .room, count: room) + Array(repeating: .remote, count: remote)
            + Array(repeating: nil, count: away)
        let voters = places.enumerated().map { index, place in
            Scrutiny.Voter(
                weight: weight,
                attendance: place,
                vote: index < votes.count ? place.map { Vote(votes[index], from: $0) } : nil
            )
        }
        return try #require(
            Scrutiny(rule: rule, voters: voters, chairPosition: chair, tieChoice: tieChoice).verdict
        )
    }

    private static func votes(yes: Int, no: Int = 0, abstain: Int = 0) -> [Choice] {
        Array(repeating: .yes, count: yes) + Array(repeating: .no, count: no)
            + Array(repeating: .abstain, count: abstain)
    }

    @Test func theSessionOf24June2019() throws {
        let verdict = try Self.verdict(votes: Self.votes(yes: 25))
        #expect(
            verdict.figures(in: .english)
                == "25 of 27 in favour, 14 needed, quorum 18 met by 25"
        )
        #expect(
            verdict.figures(in: .vietnamese)
                == "25/27 tán thành, cần 14; đủ túc số 18 (có 25)"
        )
        #expect(
            verdict.explanation(in: .english) == [
                "Carried: those in favour reached the number needed.",
                "In favour 25 (21 in the room, 4 remote); against 0; abstaining 0; not voted 2.",
                "Quorum: at least 2/3 of 27 members, which is 18; 25 (21 in the room, 4 remote) were "
                    + "present, 25 count: the quorum is met.",
                "Needed: more than 1/2 of all members (27), which is 14; in favour 25.",
            ]
        )
        #expect(
            verdict.explanation(in: .vietnamese) == [
                "Được thông qua: đạt số phiếu tán thành cần thiết.",
                "Tán thành 25 (21 tại phòng họp, 4 từ xa); không tán thành 0; không có ý kiến 0; "
                    + "chưa biểu quyết 2.",
                "Túc số ít nhất 2/3 của 27 thành viên, tức là 18; có mặt 25 (21 tại phòng họp, 4 từ "
                    + "xa), được tính 25: đủ túc số.",
                "Cần quá 1/2 tổng số thành viên (27), tức là 14; tán thành 25.",
            ]
        )
    }

    @Test func tooFewPresentIsSaidToBeWhy() throws {
        let verdict = try Self.verdict(room: 17, remote: 0, away: 10, votes: Self.votes(yes: 17))
        #expect(
            verdict.summary(in: .english)
                == "Not carried: 17 of 27 in favour, 14 needed, quorum 18 not met by 17"
        )
        #expect(
            verdict.summary(in: .vietnamese)
                == "Không được thông qua: 17/27 tán thành, cần 14; không đủ túc số 18 (có 17)"
        )
        #expect(
            verdict.explanation(in: .english).first
                == "Not carried: too few members were present for a quorum."
        )
    }

    @Test func remoteMembersWhoDoNotCountAreSaidNotTo() throws {
        let rule = try PollRule(quorumIncludesRemote: false)
        let verdict = try Self.verdict(
            rule,
            room: 18,
            remote: 4,
            away: 5,
            votes: Self.votes(yes: 22)
        )
        #expect(
            verdict.explanation(in: .english)[2]
                == "Quorum: at least 2/3 of 27 members, which is 18; 22 (18 in the room, 4 remote) "
                + "were present, 18 count (remote members do not count): the quorum is met."
        )
    }

    @Test func whoDecidedATieIsSaid() throws {
        let rule = try PollRule(thresholdBase: .yesAndNo)
        let votes = Self.votes(yes: 10, no: 10)
        let byBallot = try Self.verdict(rule, chair: 0, votes: votes)
        #expect(
            byBallot.explanation(in: .english).first
                == "Carried: a tie, which the chair's own ballot decided: in favour."
        )
        #expect(
            byBallot.explanation(in: .vietnamese).last
                == "Khi số phiếu ngang nhau, quyết định theo ý kiến của chủ tọa."
        )
        let byChoice = try Self.verdict(rule, tieChoice: .no, votes: votes)
        #expect(
            byChoice.explanation(in: .english).first
                == "Not carried: a tie, which the chair decided after the close: against."
        )
        let failed = try Self.verdict(
            PollRule(thresholdBase: .yesAndNo, tie: .fails),
            votes: votes
        )
        #expect(
            failed.explanation(in: .english).first
                == "Not carried: a tie, in which the motion fails."
        )
    }

    @Test(arguments: [
        (PollBase.allMembers, "15 of 27 in favour, 14 needed", "15/27 tán thành, cần 14"),
        (
            .presentMembers, "15 of 25 present in favour, 13 needed",
            "15/25 thành viên có mặt tán thành, cần 13"
        ),
        (
            .votesCast, "15 of 22 votes cast in favour, 12 needed",
            "15/22 phiếu biểu quyết tán thành, cần 12"
        ),
        (
            .yesAndNo, "15 of 20 votes for and against in favour, 11 needed",
            "15/20 phiếu tán thành và không tán thành, cần 11"
        ),
    ])
    func theBaseIsNamed(base: PollBase, english: String, vietnamese: String) throws {
        let verdict = try Self.verdict(
            PollRule(thresholdBase: base),
            votes: Self.votes(yes: 15, no: 5, abstain: 2)
        )
        #expect(verdict.figures(in: .english) == english + ", quorum 18 met by 25")
        #expect(verdict.figures(in: .vietnamese) == vietnamese + "; đủ túc số 18 (có 25)")
    }

    @Test func weightsAreShownWhereThereAreSome() throws {
        let verdict = try Self.verdict(weight: 100, votes: Self.votes(yes: 25))
        #expect(
            verdict.figures(in: .english)
                == "2,500 of 2,700 in favour, 1,351 needed (by weight), quorum 18 met by 25"
        )
        #expect(
            verdict.tally.text(in: .vietnamese)
                == "Tán thành 25 (trọng số 2.500) (21 tại phòng họp, 4 từ xa); không tán thành 0 "
                + "(trọng số 0); không có ý kiến 0 (trọng số 0); chưa biểu quyết 2 (trọng số 200)"
        )
    }

    @Test func anOpenPollSaysHowManyAreNeeded() throws {
        var session = try Session.voting(members: 27)
        for number in 1...13 { try session.cast(Session.member(number), .yes) }
        let standing = try #require(session.replica(.display)?.standing)
        #expect(standing.text(in: .english) == "13 of 14 needed")
        #expect(standing.text(in: .vietnamese) == "13/14 phiếu cần có")
        #expect(
            standing.quorum.text(in: .vietnamese)
                == "Túc số 18/27: có mặt 27 (27 tại phòng họp, 0 từ xa)"
        )
    }

    @Test func countsThatAreHiddenAreSaidToBe() throws {
        let session = try Session.voting(rule: PollRule(visibility: .nothing))
        let standing = try #require(session.replica(.members)?.standing)
        #expect(standing.text(in: .english) == "The counts are shown after the close")
    }

    @Test func theGovernmentsRuleIsSaidInSentences() {
        #expect(
            PollRule.governmentDefault.explanation(in: .vietnamese) == [
                "Túc số: ít nhất 2/3 tổng số thành viên, tính cả dự họp từ xa.",
                "Được thông qua khi có quá 1/2 tổng số thành viên tán thành.",
                "Khi số phiếu ngang nhau, quyết định theo ý kiến của chủ tọa.",
                "Phiếu đã gửi thì không thay đổi được.",
                "Trong khi biểu quyết, chỉ hiện số phiếu, không hiện tên.",
            ]
        )
        #expect(
            PollRule.governmentDefault.explanation(in: .english) == [
                "Quorum: at least 2/3 of all members, remote ones included.",
                "Carried by more than 1/2 of all members in favour.",
                "In a tie the chair's own choice decides.",
                "A ballot that was cast cannot be changed.",
                "While the poll is open, the counts are shown and no names.",
            ]
        )
    }
}
