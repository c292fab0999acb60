import CabinetModel
import CabinetTexts
import ModelTestSupport
import Testing

@Suite struct VocabularyTests {
    /// All words of each kind.
    private static func vocabulary(in language: Language) -> [[String]] {
        let moment = Moment.at(1)
        let attendances: [Attendance] = [
            .expected, .present(.room, since: moment), .present(.remote, since: moment),
            .left(moment), .onLeave(moment), .absent(moment),
        ]
        let grounds: [VerdictGround] = [
            .quorumNotMet, .thresholdReached, .tieChairBallot(.yes), .tieChairBallot(.no),
            .tieChairChoice(.yes), .tieChairChoice(.no), .tieFailed, .thresholdNotReached,
        ]
        return [
            MeetingPhase.Name.allCases.map { $0.text(in: language) },
            AgendaItemState.allCases.map { $0.text(in: language) },
            Place.allCases.map { $0.text(in: language) },
            attendances.map { $0.text(in: language) },
            Role.allCases.map { $0.text(in: language) },
            DeviceKind.allCases.map { $0.text(in: language) },
            Audience.allCases.map { $0.text(in: language) },
            Choice.allCases.map { $0.text(in: language) },
            PollState.allCases.map { $0.text(in: language) },
            [PollCloseCause.order, .timer].map { $0.text(in: language) },
            [Outcome.carried, .notCarried].map { $0.text(in: language) },
            PollBase.allCases.map { $0.text(in: language) },
            Comparison.allCases.map { $0.text(in: language) },
            TieRule.allCases.map { $0.text(in: language) },
            Visibility.allCases.map { $0.text(in: language) },
            grounds.map { $0.text(in: language) },
        ]
    }

    /// Chair and secretary may close a poll, and the log of a poll does not say who has.
    @Test(arguments: Language.allCases)
    func anOrderToCloseIsNotSaidToBeTheChairs(language: Language) {
        let words = PollCloseCause.order.text(in: language)
        #expect(!words.contains(Role.chair.text(in: language)), "\(words)")
    }

    @Test(arguments: Language.allCases)
    func noTwoThingsOfAKindHaveTheSameWord(language: Language) {
        for words in Self.vocabulary(in: language) {
            #expect(Set(words).count == words.count)
            #expect(!words.contains(""))
        }
    }

    @Test func noWordIsTheSameInBothLanguages() {
        for (vietnamese, english) in zip(
            Self.vocabulary(in: .vietnamese).joined(),
            Self.vocabulary(in: .english).joined()
        ) {
            #expect(vietnamese != english)
        }
    }

    @Test func theWordsOfAMeetingsDocuments() {
        #expect(
            Choice.allCases.map { $0.text(in: .vietnamese) } == [
                "tán thành", "không tán thành", "không có ý kiến",
            ]
        )
        #expect(
            RoleSet([.member, .chair]).text(in: .vietnamese) == "Thành viên Chính phủ, chủ tọa"
        )
        #expect(
            RollCall.Line.named(Vote(.no, from: .remote)).text(in: .english) == "against, remote"
        )
        #expect(
            RollCall.Line.voted(from: .room).text(in: .vietnamese) == "đã biểu quyết, tại phòng họp"
        )
    }
}
