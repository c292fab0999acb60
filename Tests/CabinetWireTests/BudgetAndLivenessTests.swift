import CabinetWire
import Testing

@Suite struct ControlBudgetTests {
    @Test func aBurstIsAllowedAndTheNextFrameIsNot() {
        var budget = ControlBudget(burst: 3, perSecond: 2, at: .seconds(1))
        for _ in 0..<3 { check(budget.spend(at: .seconds(1)), true) }
        check(budget.spend(at: .seconds(1)), false)
    }

    @Test func tokensComeBackAtTheirRateAndNoFaster() {
        var budget = ControlBudget(burst: 2, perSecond: 2, at: .seconds(0))
        check(budget.spend(at: .seconds(0)), true)
        check(budget.spend(at: .seconds(0)), true)
        check(budget.spend(at: .seconds(0.4)), false)
        check(budget.spend(at: .seconds(0.5)), true)
        check(budget.spend(at: .seconds(0.9)), false)
        check(budget.spend(at: .seconds(1)), true)
    }

    @Test func aBucketIsNeverMoreThanFull() {
        var budget = ControlBudget(burst: 2, perSecond: 1, at: .seconds(0))
        check(budget.spend(at: .seconds(1_000)), true)
        check(budget.spend(at: .seconds(1_000)), true)
        check(budget.spend(at: .seconds(1_000.9)), false)
    }

    @Test func aRateBeyondTheClockIsNoTrap() {
        var budget = ControlBudget(burst: 1, perSecond: .max, at: .seconds(0))
        check(budget.spend(at: .seconds(0)), true)
        check(budget.spend(at: .seconds(0)), false)
        check(budget.spend(at: .seconds(1)), true)
    }

    @Test func aClockThatGoesBackGivesNothing() {
        var budget = ControlBudget(burst: 1, perSecond: 1, at: .seconds(10))
        check(budget.spend(at: .seconds(10)), true)
        check(budget.spend(at: .seconds(5)), false)
        check(budget.spend(at: .seconds(11)), true)
    }
}

@Suite struct LivenessTests {
    private func rule(_ expiry: Liveness.Expiry?) -> String? {
        guard case .violation(let violation) = expiry else { return nil }
        return violation.ruleText
    }

    @Test func aPeerWithoutHelloIsCutOff() {
        var liveness = Liveness(at: .seconds(0))
        #expect(liveness.nextDeadline == .seconds(2))
        check(liveness.expire(at: .seconds(1.9)), nil)
        #expect(rule(liveness.expire(at: .seconds(2))) == "timeout 1.6")
    }

    @Test func anIncompleteFrameCountsFromItsFirstByteHoweverItTrickles() {
        var liveness = Liveness(.init(ping: nil, idle: nil), at: .seconds(0))
        liveness.receivedHello()
        for second in 1...9 {
            liveness.received(at: .seconds(Double(second)))
            liveness.finishedReading(isIncomplete: true, at: .seconds(Double(second)))
            #expect(liveness.expire(at: .seconds(Double(second))) == nil)
        }
        #expect(rule(liveness.expire(at: .seconds(11))) == "stalled 2.7")
    }

    @Test func aWholeFrameStartsTheTimeOfTheNextAnew() {
        var liveness = Liveness(.init(ping: nil, idle: nil), at: .seconds(0))
        liveness.receivedHello()
        liveness.finishedReading(isIncomplete: true, at: .seconds(1))
        liveness.finishedFrame()
        liveness.finishedReading(isIncomplete: true, at: .seconds(9))
        #expect(liveness.nextDeadline == .seconds(19))
        liveness.finishedReading(isIncomplete: false, at: .seconds(10))
        #expect(liveness.nextDeadline == nil)
    }

    @Test func aPeerThatTakesNothingIsCutOffAndOneThatTakesALittleIsNot() {
        var liveness = Liveness(.init(ping: nil, idle: nil), at: .seconds(0))
        liveness.receivedHello()
        liveness.beganWriting(at: .seconds(1))
        liveness.beganWriting(at: .seconds(5))
        liveness.wrote(isPending: true, at: .seconds(9))
        check(liveness.expire(at: .seconds(18)), nil)
        #expect(rule(liveness.expire(at: .seconds(19))) == "stalled 9.3")
        liveness.wrote(isPending: false, at: .seconds(20))
        #expect(liveness.nextDeadline == nil)
    }

    @Test func silenceIsPingedAndThenDeath() {
        var liveness = Liveness(.init(idle: nil), at: .seconds(0))
        liveness.receivedHello()
        liveness.received(at: .seconds(1))
        check(liveness.expire(at: .seconds(20)), nil)
        check(liveness.expire(at: .seconds(21)), .ping(1))
        check(liveness.expire(at: .seconds(21)), nil)
        #expect(liveness.nextDeadline == .seconds(41))
        check(liveness.expire(at: .seconds(41)), .dead)
        check(liveness.expire(at: .seconds(99)), nil)
    }

    @Test func anythingThatArrivesAfterAPingIsLifeAndALatePongIsFine() {
        var liveness = Liveness(.init(idle: nil), at: .seconds(0))
        liveness.receivedHello()
        check(liveness.expire(at: .seconds(20)), .ping(1))
        liveness.received(at: .seconds(25))
        check(liveness.expire(at: .seconds(45)), .ping(2))
        check(liveness.receivedPong(1), true)
        check(liveness.receivedPong(2), true)
        check(liveness.receivedPong(2), false)
        check(liveness.receivedPong(3), false)
    }

    @Test func anAnswerInTheSameTickIsLife() {
        var liveness = Liveness(.init(idle: nil), at: .seconds(0))
        liveness.receivedHello()
        check(liveness.expire(at: .seconds(20)), .ping(1))
        liveness.received(at: .seconds(20))
        check(liveness.receivedPong(1), true)
        check(liveness.expire(at: .seconds(40)), .ping(2))
    }

    @Test func aPingThatIsNotWrittenYetIsNotDeath() {
        var liveness = Liveness(.init(stalledWrite: .seconds(60), idle: nil), at: .seconds(0))
        liveness.receivedHello()
        check(liveness.expire(at: .seconds(20)), .ping(1))
        liveness.beganWriting(at: .seconds(20))
        check(liveness.expire(at: .seconds(40)), nil)
        liveness.wrote(isPending: false, at: .seconds(41))
        check(liveness.expire(at: .seconds(60)), .dead)
    }

    @Test func nothingIsDueAfterTheEnd() {
        var liveness = Liveness(at: .seconds(0))
        liveness.stop()
        check(liveness.nextDeadline, nil)
        check(liveness.expire(at: .seconds(1_000)), nil)
    }

    @Test func anIdleConnectionEndsAndOneInUseDoesNot() {
        var liveness = Liveness(.init(ping: nil), at: .seconds(0))
        liveness.receivedHello()
        liveness.changedUse(isInUse: true, at: .seconds(10))
        #expect(liveness.nextDeadline == nil)
        liveness.changedUse(isInUse: false, at: .seconds(1_000))
        check(liveness.expire(at: .seconds(1_299)), nil)
        check(liveness.expire(at: .seconds(1_300)), .idle)
    }
}
