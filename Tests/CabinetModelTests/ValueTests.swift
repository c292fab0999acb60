import CabinetModel
import ModelTestSupport
import Testing

@Suite struct ValueTests {
    @Test(
        arguments: [
            "a", "0", "m-1", "2019-06-24", "a.b_c", String(repeating: "x", count: 64),
        ]
    )
    func anIdentifierIsAccepted(_ text: String) throws {
        #expect(try PollID(text).text == text)
    }

    @Test(
        arguments: [
            "", "-a", ".a", "_a", "A", "aB", "a b", "ä", "a/b", "a\n", "a\0",
            String(repeating: "x", count: 65),
        ]
    )
    func anIdentifierIsRefused(_ text: String) {
        #expect(throws: InvalidValue.self) { try PollID(text) }
    }

    @Test func identifiersAreSortedAsBytes() {
        let sorted: [PrincipalID] = ["m-1", "m.1", "m1", "m10", "m2", "m_1", "ma"]
        #expect(sorted.shuffled().sorted() == sorted)
    }

    @Test func aFractionIsExact() throws {
        #expect(Fraction.twoThirds.ceiling(of: 27) == 18)
        #expect(Fraction.twoThirds.floor(of: 28) == 18)
        #expect(Fraction.twoThirds.ceiling(of: 28) == 19)
        #expect(try Fraction(999, of: 1_000).floor(of: .max) == 4_290_672_327)
        #expect(try Fraction(1, of: 1).ceiling(of: .max) == .max)
        #expect(try Fraction(0, of: 1).ceiling(of: .max) == 0)
    }

    @Test func aFractionIsAPartOfAWhole() {
        #expect(throws: InvalidValue.self) { try Fraction(1, of: 0) }
        #expect(throws: InvalidValue.self) { try Fraction(2, of: 1) }
        #expect(throws: InvalidValue.self) { try Fraction(1, of: 1_001) }
    }

    @Test func aRuleThatContradictsItselfCannotBeMade() {
        #expect(throws: Rejection.pollRuleInvalid(rule: "threshold is above 0")) {
            try PollRule(threshold: Fraction(0, of: 1))
        }
        #expect(
            throws: Rejection.pollRuleInvalid(
                rule: "threshold is below 1 where comparison is MORE_THAN"
            )
        ) {
            try PollRule(threshold: Fraction(3, of: 3))
        }
    }

    @Test func theDefaultIsTheRuleOfTheLaw() throws {
        #expect(try PollRule() == .governmentDefault)
    }

    @Test func textsHaveTheirBoundsInBytes() {
        #expect(throws: InvalidValue.self) { try Title(String("")) }
        #expect(throws: InvalidValue.self) { try Title(String("two\nlines")) }
        #expect(throws: InvalidValue.self) { try Title(String(repeating: "đ", count: 257)) }
        #expect(throws: Never.self) { try Title(String(repeating: "đ", count: 256)) }
        // Composed and decomposed are other bytes, and so other texts.
        #expect(Text<TitleKind>("é") != "e\u{301}")
    }

    @Test func digestsAndKeysHaveTheirLength() throws {
        for count in [0, 15, 17, 31, 33] {
            let bytes = [UInt8](repeating: 1, count: count)
            #expect(throws: InvalidValue.self) { try Digest(bytes) }
            #expect(throws: InvalidValue.self) { try KeyFingerprint(bytes) }
            #expect(throws: InvalidValue.self) { try BallotID(bytes) }
            #expect(throws: InvalidValue.self) { try CommandKey(bytes) }
        }
        let bytes = (0..<32).map { UInt8($0 * 7) }
        #expect(try Digest(bytes).bytes == bytes)
        #expect(try BallotID(bytes.prefix(16)).bytes == Array(bytes.prefix(16)))
    }

    @Test func keysAreSortedAndEachThereOnce() throws {
        let keys = ["a", "b", "c", "d"].map { KeyFingerprint.named($0) }
        #expect(try SigningKeys(keys.reversed()).fingerprints == keys.sorted())
        #expect(throws: InvalidValue.self) { try SigningKeys(keys + [.named("e")]) }
        #expect(throws: InvalidValue.self) { try SigningKeys([keys[0], keys[0]]) }
    }

    @Test(
        arguments: [
            [], [.auditor], [.administrator], [.guest, .member], [.chair], [.chair, .secretary],
        ] as [RoleSet]
    )
    func rolesThatDoNotGoTogetherAreRefused(_ roles: RoleSet) {
        #expect(throws: InvalidValue.self) {
            try Participant("p", displayName: "P", roles: roles)
        }
    }

    @Test func onlyAMemberHasWeightAndKeys() throws {
        #expect(throws: InvalidValue.self) {
            try Participant("p", displayName: "P", roles: [.secretary], weight: 1)
        }
        #expect(throws: InvalidValue.self) {
            try Participant(
                "p",
                displayName: "P",
                roles: [.guest],
                keys: SigningKeys([.named("p")])
            )
        }
        let member = try Participant("p", displayName: "P", roles: [.member])
        #expect(member.membership?.weight == .one)
    }

    @Test func aRollIsSortedAndFrozenWhole() throws {
        let roll = try Roll(["b", "c", "a"].map { RollVoter($0) })
        #expect(roll.voters.map(\.member) == ["a", "b", "c"])
        #expect(roll.position(of: "c") == 2)
        #expect(roll.position(of: "d") == nil)
        #expect(throws: InvalidValue.self) { try Roll([RollVoter]()) }
        #expect(throws: InvalidValue.self) { try Roll(["a", "a"].map { RollVoter($0) }) }
        let parts = try ["b", "a"].map { try RollPart(bytes: [1], voters: [RollVoter($0)]) }
        #expect(throws: InvalidValue.self) {
            try FrozenRoll(parts: parts, digest: .standIn("roll"))
        }
    }

    @Test func otherValuesHaveTheirBounds() {
        #expect(throws: InvalidValue.self) { try Weight(UInt32(0)) }
        #expect(throws: InvalidValue.self) { try Weight(UInt32(1_001)) }
        #expect(throws: InvalidValue.self) { try Revision(UInt32(0)) }
        #expect(throws: InvalidValue.self) { try Moment(unixMilliseconds: 0) }
        #expect(throws: InvalidValue.self) { try PollDuration(milliseconds: 999) }
        #expect(throws: InvalidValue.self) { try PollDuration(milliseconds: 86_400_001) }
        #expect(throws: InvalidValue.self) { try Epoch(0) }
        #expect(throws: InvalidValue.self) { try LogOrigin("a b") }
        #expect(throws: InvalidValue.self) { try LogOrigin("a+b") }
        #expect(throws: InvalidValue.self) {
            try Motion(bytes: [UInt8](repeating: 1, count: 8_193), digest: .standIn("x"))
        }
    }

    @Test func aRejectionSaysCodeReasonAndAttributes() {
        let rejection = Rejection.quorumNotMet(counted: 17, needed: 18)
        #expect(
            rejection.description
                == "FAILED_PRECONDITION / QUORUM_NOT_MET counted=17 needed=18"
        )
        #expect(
            Rejection.roleRequired(roles: [.chair, .secretary]).attributes
                == ["roles": "CHAIR,SECRETARY"]
        )
        #expect(
            Rejection.limitReached(.polls, maximum: 200).attributes
                == ["limit": "polls", "maximum": "200"]
        )
        #expect(Rejection.pollNotOpen(state: .held).attributes == ["state": "HELD"])
        #expect(Rejection.pollInProgress("p").attributes == ["poll_id": "p"])
        #expect(Rejection.revisionStale(last: 3).attributes == ["revision": "3"])
    }
}
