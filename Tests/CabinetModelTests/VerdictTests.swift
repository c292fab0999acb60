import CabinetModel
import ModelTestSupport
import Testing

@Suite struct VerdictTests {
    @Test(arguments: governmentCases + quorumCases + thresholdCases + weightCases)
    func theVerdictIsWhatTheRulesSay(_ line: VerdictCase) throws {
        let scrutiny = line.scrutiny
        let verdict = scrutiny.verdict
        let standing = scrutiny.standing
        let counts = try #require(standing.counts)
        #expect(verdict?.ground == line.expected.ground)
        #expect(
            [standing.quorum.countedMembers, standing.quorum.neededMembers] == line.expected.quorum
        )
        #expect(
            [
                counts.threshold.yesWeight, counts.threshold.neededWeight,
                counts.threshold.baseWeight,
            ] == line.expected.threshold
        )
        // The verdict explains itself with the numbers of the line that was shown before.
        if let verdict {
            #expect(verdict.tally == counts.tally)
            #expect(verdict.quorum == standing.quorum)
            #expect(verdict.threshold == counts.threshold)
            #expect(verdict.rule == line.rule)
        }
    }

    @Test func theTableHasItsLines() {
        let table = governmentCases + quorumCases + thresholdCases + weightCases
        #expect(table.count >= 60)
        #expect(Set(table.map(\.description)).count == table.count)
    }

    @Test func theLineOfAnOpenPollReadsAsPeopleSayIt() {
        let threshold = ThresholdCount(baseWeight: 27, neededWeight: 14, yesWeight: 13)
        #expect(threshold.description == "13 of 14 needed")
        #expect(!threshold.isReached)
    }

    @Test func theMarginIsNegativeWhereTheQuorumIsMissed() {
        func margin(_ counted: UInt32) -> Int {
            QuorumCount(
                allMembers: 27,
                roomMembers: counted,
                remoteMembers: 0,
                countedMembers: counted,
                neededMembers: 18
            ).marginMembers
        }
        #expect(margin(25) == 7)
        #expect(margin(18) == 0)
        #expect(margin(17) == -1)
    }

    @Test func theFourPartsOfATallyAddUpToTheRoll() {
        let line = thresholdCases[0].scrutiny
        let tally = Tally(of: line.voters.map { ($0.weight, $0.vote) })
        #expect((tally.cast + tally.notVoted).members == 27)
        #expect((tally.cast + tally.notVoted).weight == 27)
    }

    @Test func numbersOfALyingServerDoNotTrap() {
        let huge = ChoiceCount(
            room: HeadCount(members: .max, weight: .max),
            remote: HeadCount(members: .max, weight: .max)
        )
        let tally = Tally(
            yes: huge,
            no: huge,
            abstain: huge,
            notVoted: HeadCount(members: .max, weight: .max)
        )
        let threshold = ThresholdCount(
            rule: .governmentDefault,
            tally: tally,
            allMembers: HeadCount(members: .max, weight: .max),
            presence: Presence(of: [])
        )
        #expect(threshold.yesWeight == .max)
        #expect(threshold.neededWeight == 1 << 31)
    }
}
