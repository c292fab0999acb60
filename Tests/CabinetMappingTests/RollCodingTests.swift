import CabinetAPI
import CabinetCodec
import CabinetMapping
import CabinetModel
import ModelTestSupport
import Testing

@Suite struct RollCodingTests {
    private func roll(of count: Int, keys: Int = 4) throws -> CabinetModel.Roll {
        try Roll(
            (0..<count).map { number in
                let digits = String(number)
                return RollVoter(
                    try Identifier("m" + digits + text(63 - digits.utf8.count)),
                    weight: 1_000,
                    keys: try SigningKeys((0..<keys).map { .named("\(number) \($0)") })
                )
            }
        )
    }

    @Test(arguments: [1, 2, 48, 49, 50, 99, 599, 600])
    func thePartsTogetherAreTheSerializedRoll(_ count: Int) throws {
        let roll = try roll(of: count)
        let frozen = try FrozenRoll(freezing: roll)
        let whole = CabinetAPI.Roll(
            voters: roll.voters.map { voter in
                CabinetAPI.RollVoter(
                    memberID: voter.member.text,
                    weight: voter.weight.value,
                    keyFingerprints: voter.keys.fingerprints.map(\.bytes)
                )
            }
        )
        #expect(frozen.parts.flatMap(\.bytes) == whole.serialized())
        #expect(frozen.roll == roll)
        #expect(frozen.parts.allSatisfy { $0.bytes.count <= 10_240 })
    }

    @Test func theLongestRollTakesThirteenParts() throws {
        #expect(try FrozenRoll(freezing: roll(of: 600)).parts.count == 13)
    }

    /// Each made by hand, with Python's hashlib: domain ‖ bytes.
    @Test func digestsAreThoseOfTheSchema() throws {
        let roll = try Roll([RollVoter("a", weight: 2)])
        let frozen = try FrozenRoll(freezing: roll)
        #expect(frozen.parts[0].bytes == [0x0a, 0x05, 0x0a, 0x01, 0x61, 0x10, 0x02])
        #expect(
            frozen.digest.description
                == "047341baf6b6ecb2760deacd148fc22c2d38680453e83e7f32613c34416f4476"
        )
        let motion = try Motion(serializing: CabinetAPI.Motion(text: "Có"))
        #expect(motion.bytes == [0x0a, 0x03, 0x43, 0xc3, 0xb3])
        #expect(
            motion.digest.description
                == "a465a735e59cfb6c0edf0adee9141c3085ef7567b1bd84bb37c8b10dc23feff7"
        )
    }
}
