import CabinetCodec
import FixtureAPI
import Testing

@Suite struct EncoderTests {
    @Test func itWritesIntoTheCallersBufferAndNoFurther() {
        let message = Scalars(anInt32: 5, aString: "a string that is longer than fifteen")
        var encoder = MessageEncoder()
        var buffer = [UInt8](repeating: 0xee, count: 200)
        let written = encoder.encode(message) { byteCount, write in
            let written = buffer.withUnsafeMutableBytes { write($0) }
            #expect(written == byteCount)
            return written
        }
        #expect(Array(buffer[..<written]) == message.serialized())
        #expect(buffer[written...].allSatisfy { $0 == 0xee })
    }

    @Test func itKnowsTheLengthWithoutWriting() {
        let message = Repeated(strings: ["a", "b"], messages: [Scalars(), Scalars(aBool: true)])
        var encoder = MessageEncoder()
        let byteCount = encoder.byteCount(of: message)
        #expect(byteCount == message.serialized().count)
        let empty = encoder.byteCount(of: Empty())
        #expect(empty == 0)
    }

    @Test func itIsUsedAgainAfterALargeMessageAndAnError() throws {
        struct Refused: Error {}
        var encoder = MessageEncoder()
        let large = Repeated(
            messages: (0..<5_000).map { Scalars(anInt32: $0, aString: "number \($0)") }
        )
        for _ in 0..<3 {
            let bytes = encoder.encode(large) { byteCount, write in
                [UInt8](unsafeUninitializedCapacity: byteCount) {
                    $1 = write(UnsafeMutableRawBufferPointer($0))
                }
            }
            #expect(try Repeated(serialized: bytes) == large)
            #expect(throws: Refused.self) {
                var encoder = MessageEncoder()
                try encoder.encode(large) { _, _ throws(Refused) in throw Refused() }
            }
        }
    }

    @Test func everyMessageKnowsItsNameAndItsNature() {
        #expect(Outer.Inner.fullName == "fixture.Outer.Inner")
        #expect(Signed.refusesUnknownFields)
        #expect(!Scalars.refusesUnknownFields)
    }
}
