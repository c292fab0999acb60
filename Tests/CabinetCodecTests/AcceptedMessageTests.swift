import CabinetCodec
import FixtureAPI
import Testing

/// What has to be accepted although it looks odd, and what has to survive.
@Suite struct AcceptedMessageTests {
    private func decode<M: Message>(
        _ type: M.Type,
        _ body: (inout WireBuilder) -> Void
    ) throws -> M {
        try M(serialized: WireBuilder.make(body))
    }

    @Test func noBytesAreAMessageWithDefaults() throws {
        #expect(try Scalars(serialized: []) == Scalars())
        #expect(Scalars().serialized().isEmpty)
        #expect(try Empty(serialized: []) == Empty())
    }

    @Test func unknownFieldsOfEveryKindAreSkipped() throws {
        let message = try decode(Scalars.self) { builder in
            for index in 0..<4_096 {
                switch index % 4 {
                case 0: builder.varintField(99, .max)
                case 1: builder.bytesField(100, [0xff, 0x00])
                case 2:
                    builder.tag(101, 5)
                    builder.raw([1, 2, 3, 4])
                default:
                    builder.tag(536_870_911, 1)
                    builder.raw([1, 2, 3, 4, 5, 6, 7, 8])
                }
            }
            builder.varintField(3, 5)
        }
        #expect(message == Scalars(anInt32: 5))
    }

    @Test func aNegativeInt32TakesTenBytes() throws {
        let message = try decode(Scalars.self) { $0.varintField(3, UInt64(bitPattern: -1)) }
        #expect(message.anInt32 == -1)
        #expect(message.serialized().count == 11)
    }

    @Test func aVarintMayBeLongerThanItNeedsToBe() throws {
        let message = try decode(Scalars.self) { $0.raw([0x98, 0x00, 0x85, 0x80, 0x00]) }
        #expect(message.anInt32 == 5)
    }

    @Test func numbersArePackedOrNotOrBothWhateverTheSchemaSays() throws {
        let message = try decode(Repeated.self) {
            $0.varintField(5, 1)
            $0.bytesField(5, [2, 3])
            $0.varintField(5, 4)
            $0.bytesField(18, [5, 6])
            $0.varintField(18, 7)
            $0.bytesField(9, [8, 0, 0, 0, 9, 0, 0, 0])
            $0.bytesField(13, [1, 0])
            $0.bytesField(3, [])
        }
        #expect(message.uint32s == [1, 2, 3, 4])
        #expect(message.unpacked == [5, 6, 7])
        #expect(message.fixed32s == [8, 9])
        #expect(message.bools == [true, false])
    }

    @Test func whatIsPackedOnTheWireIsWhatTheSchemaSays() {
        #expect(Repeated(uint32s: [1, 2]).serialized() == [0x2a, 2, 1, 2])
        #expect(Repeated(unpacked: [1, 2]).serialized() == [0x90, 1, 1, 0x90, 1, 2])
    }

    @Test func fieldsComeInAnyOrderAndLeaveInThatOfTheirNumbers() throws {
        let message = try decode(Scalars.self) {
            $0.stringField(14, "z")
            $0.varintField(3, 1)
        }
        #expect(message == Scalars(anInt32: 1, aString: "z"))
        #expect(message.serialized() == [0x18, 1, 0x72, 1, 0x7a])
    }

    /// 15 bytes are the most that a `String` stores in its value; longer ones are referred to.
    @Test(arguments: [
        "", "\0", "a\0b", "fifteen bytes..", "sixteen bytes...", "Nguyễn Văn Bảo, Bộ trưởng",
        "Nguye\u{302}\u{303}n (NFD)", String(repeating: "Ủy ban ", count: 1_000), "👩‍👩‍👧‍👦", "\u{10ffff}",
    ])
    func aStringKeepsItsBytes(text: String) throws {
        let message = Repeated(
            strings: [text, "", text + text],
            messages: [Scalars(aString: text)]
        )
        let back = try Repeated(serialized: message.serialized())
        #expect(back.strings.map { Array($0.utf8) } == message.strings.map { Array($0.utf8) })
        #expect(back.messages.first.map { Array($0.aString.utf8) } == Array(text.utf8))
    }

    @Test(arguments: [0, 1, 15, 16, 100_000])
    func byteArraysKeepTheirBytes(count: Int) throws {
        let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0) }
        let message = Choices(choice: .data(bytes))
        #expect(try Choices(serialized: message.serialized()) == message)
    }

    @Test func anEnumKeepsANumberThatItDoesNotKnow() throws {
        let message = try decode(Repeated.self) { $0.bytesField(16, [1, 3, 0]) }
        #expect(message.colors == [.red, .unrecognized(3), .unspecified])
        #expect(message.serialized() == [0x82, 1, 3, 1, 3, 0])
        #expect(try decode(Scalars.self) { $0.varintField(16, 77) }.aColor == .unrecognized(77))
        #expect(Color(rawValue: 4) == .blue)
        #expect(Color.crimson == .red)
    }

    @Test func explicitPresenceTellsAbsenceFromTheDefault() throws {
        #expect(Optionals().serialized().isEmpty)
        let set = Optionals(
            anInt32: 0,
            aBool: false,
            aString: "",
            someBytes: [],
            aMessage: Scalars()
        )
        let back = try Optionals(serialized: set.serialized())
        #expect(back == set)
        #expect(back.aDouble == nil)
        #expect(back.aString == "")
    }

    @Test func aOneofKeepsADefaultValue() throws {
        for choice: Choices.Choice in [
            .number(0), .flag(false), .text(""), .data([]), .nothing(Empty()),
        ] {
            let message = Choices(choice: choice, otherChoice: .default(0))
            #expect(try Choices(serialized: message.serialized()) == message)
        }
    }

    @Test func minusZeroIsKept() throws {
        let message = Scalars(aDouble: -0.0, aFloat: -0.0)
        let back = try Scalars(serialized: message.serialized())
        #expect(back.aDouble.sign == .minus)
        #expect(back.aFloat.sign == .minus)
    }
}
