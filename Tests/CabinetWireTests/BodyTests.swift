import CabinetWire
import Testing

@Suite struct BodyTests {
    private static let full = CallHeader(
        method: 0x0102,
        timeoutMicroseconds: 0x0304_0506,
        key: .init(high: 1, low: 2),
        trace: .init(traceID: .init(high: 3, low: 4), parentID: 5, flags: 6),
        resume: .init(epoch: 7, sequence: 8),
        metadataByteCount: 3
    )

    @Test func aCallWithNothingButAMethodIsSixBytes() throws {
        let header = CallHeader(method: 310)
        let body = bytes { header.write(to: &$0) }
        #expect(body == [0x01, 0x36, 0, 0, 0, 0])
        #expect(header.flags.isEmpty)
        let read = try CallHeader(body: body.span.bytes, flags: [], maxMetadataBytes: 0)
        #expect(read == header)
    }

    @Test func aCallHeaderSurvives() throws {
        let body = bytes { Self.full.write(to: &$0) } + [9, 9, 9] + [1]
        #expect(Self.full.byteCount == body.count - 4)
        #expect(Self.full.flags == [.key, .trace, .resume, .metadata])
        let read = try CallHeader(
            body: body.span.bytes,
            flags: Self.full.flags.union(.end),
            maxMetadataBytes: 3
        )
        #expect(read == Self.full)
    }

    @Test func aCallThatEndsEarlyIsRefusedAtEveryLength() {
        let body = bytes { Self.full.write(to: &$0) } + [9, 9, 9]
        for byteCount in 0..<body.count {
            let part = Array(body.prefix(byteCount))
            let found = violation {
                _ = try CallHeader(
                    body: part.span.bytes,
                    flags: Self.full.flags,
                    maxMetadataBytes: 3
                )
            }
            #expect(found?.ruleText == "protocolError 3.2", "\(byteCount) bytes")
        }
    }

    @Test func metadataBeyondTheLimitIsRefusedBeforeItIsLookedFor() {
        let header = CallHeader(method: 1, metadataByteCount: 8_193)
        let body = bytes { header.write(to: &$0) }
        let found = violation {
            _ = try CallHeader(body: body.span.bytes, flags: .metadata, maxMetadataBytes: 8_192)
        }
        #expect(found?.ruleText == "tooLarge 3.2")
    }

    @Test func boundSurvives() throws {
        let bound = BoundBody(
            channelID: 0x0a_0b0c,
            epoch: .max,
            firstSequence: 1,
            nextSequence: 0x0102_0304_0506_0708
        )
        let body = bytes { bound.write(to: &$0) }
        #expect(body.count == BoundBody.byteCount)
        #expect(body.prefix(3) == [0x0a, 0x0b, 0x0c])
        let read = try BoundBody(body.span.bytes)
        #expect(read == bound)
        let zero = [UInt8](repeating: 0, count: BoundBody.byteCount)
        #expect(violation { _ = try BoundBody(zero.span.bytes) }?.ruleText == "protocolError 5.2")
    }

    /// Message lengths at which the varint grows.
    @Test(arguments: [[0], [1, 127, 128], [16_383, 16_384, 0, 300]])
    func aBatchSurvives(lengths: [Int]) throws {
        let body = bytes { output in
            BatchBody.writeHeader(firstSequence: 41, count: lengths.count, to: &output)
            for length in lengths {
                BatchBody.writeMessageByteCount(length, to: &output)
                for index in 0..<length {
                    output.append(UInt8(truncatingIfNeeded: index), as: UInt8.self)
                }
            }
        }
        let expected =
            BatchBody.headerByteCount
            + lengths.map { BatchBody.byteCount(ofMessage: $0) }.reduce(0, +)
        #expect(body.count == expected)
        let batch = try BatchBody(body.span.bytes)
        #expect(batch.firstSequence == 41)
        #expect(batch.messages.map(\.count) == lengths)
        #expect(batch.messages.last?.upperBound == body.count)
    }

    @Test(
        arguments: [
            ("no events", [0, 0, 0, 0, 0, 0, 0, 1, 0, 0]),
            ("a count and nothing else", [0, 0, 0, 0, 0, 0, 0, 1, 0xff, 0xff]),
            ("fewer events than the count", [0, 0, 0, 0, 0, 0, 0, 1, 0, 2, 1, 9]),
            ("an event past the end", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 2, 9]),
            ("bytes behind the last event", [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 9]),
            (
                "a length of six bytes",
                [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0x80, 0x80, 0x80, 0x80, 0x80, 0]
            ),
            (
                "a length above 32 bits",
                [0, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0xff, 0xff, 0xff, 0xff, 0x1f]
            ),
            (
                "sequence numbers that overflow",
                [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0, 1, 0]
            ),
        ] as [(String, [UInt8])]
    )
    func aMalformedBatchIsRefused(name: String, body: [UInt8]) {
        #expect(violation { _ = try BatchBody(body.span.bytes) } != nil, "\(name)")
    }

    @Test func statedLimitsAreTheDefaultOrHigher() throws {
        #expect(try ConnectionLimits() == .default)
        #expect(try ConnectionLimits(statedCalls: 65).maxCalls == 65)
        #expect(
            violation { _ = try ConnectionLimits(statedFrameBytes: 65_535) }?.ruleText
                == "protocolError 1.5"
        )
        #expect(violation { _ = try ConnectionLimits(statedCalls: .max) } != nil)
    }

    /// With less, each short item would need a CREDIT of its own (rules 4.5 and 9.1).
    @Test func theCreditIsAFrameAndAKibibyteAtLeast() throws {
        let frame: UInt32 = 131_072 - 8 - 1_024
        #expect(try ConnectionLimits(statedFrameBytes: frame).maxFrameBytes == Int(frame))
        #expect(
            violation { _ = try ConnectionLimits(statedFrameBytes: frame + 1) }?.ruleText
                == "protocolError 1.5"
        )
    }
}
