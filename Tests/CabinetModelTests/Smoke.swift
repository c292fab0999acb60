import CabinetModel
import Testing

@Test func aRuleMayNotAskForMoreThanEverything() throws {
    #expect(throws: Rejection.self) {
        try PollRule(threshold: Fraction(1, of: 1), comparison: .moreThan)
    }
}
