import CabinetWire
import Testing

@Suite struct FrameTests {
    private func next(
        _ reader: FrameReader,
        _ bytes: [UInt8]
    ) throws(ProtocolViolation) -> FrameReader.Next {
        try reader.next(in: bytes.span.bytes)
    }

    @Test func aHeaderIsEightBytesInTheOrderOfTheDocument() {
        let header = FrameHeader(
            type: .call,
            flags: [.end, .key],
            id: 0x0a_0b0c,
            bodyByteCount: 0x01_0203
        )
        #expect(bytes { $0.append(header) } == [0x01, 0x02, 0x03, 0x02, 0x05, 0x0a, 0x0b, 0x0c])
        #expect(header.type == .call)
        #expect(header.flags == [.end, .key])
        #expect(header.id == 0x0a_0b0c)
        #expect(header.bodyByteCount == 0x01_0203)
    }

    @Test(arguments: [0, 1, 7])
    func partOfAHeaderIsIncomplete(byteCount: Int) throws {
        let reader = FrameReader(from: .client)
        let part = [UInt8](repeating: 0, count: byteCount)
        #expect(try next(reader, part) == .incomplete(neededBytes: 8))
    }

    @Test func aFrameIsFoundWhenItsLastByteIsThere() throws {
        let reader = FrameReader(from: .client)
        let header = FrameHeader(type: .item, id: 1, bodyByteCount: 3)
        let whole = bytes { $0.append(header) } + [1, 2, 3]
        #expect(try next(reader, Array(whole.dropLast())) == .incomplete(neededBytes: 11))
        #expect(try next(reader, whole) == .frame(header))
        #expect(try next(reader, (whole + [9])) == .frame(header))
    }

    @Test func anUnknownTypeWithTheTopBitIsAFrameLikeOthers() throws {
        let reader = FrameReader(from: .server)
        let header = FrameHeader(
            type: FrameType(rawValue: 0xff),
            flags: FrameFlags(rawValue: 0xff),
            id: 7,
            bodyByteCount: 1
        )
        let frame = bytes { $0.append(header) } + [0]
        #expect(try next(reader, frame) == .frame(header))
    }

    @Test func beforeHelloNoFrameIsLongerThanHelloMayBe() {
        let reader = FrameReader(from: .client)
        let header = bytes { $0.append(FrameHeader(type: .hello, id: 0, bodyByteCount: 4_097)) }
        #expect(violation { _ = try next(reader, header) }?.ruleText == "tooLarge 1.6")
    }

    struct Refusal: Sendable, CustomTestStringConvertible {
        var name: String
        var sender = Side.client
        var type: FrameType
        var flags: FrameFlags = []
        var id: UInt32 = 1
        var byteCount = 0
        var rule: String

        var testDescription: String { name }
    }

    @Test(arguments: [
        Refusal(name: "unknown type", type: FrameType(rawValue: 0x7f), rule: "protocolError 2.3"),
        Refusal(name: "type 0", type: FrameType(rawValue: 0), rule: "protocolError 2.3"),
        Refusal(name: "too long", type: .item, byteCount: 65_537, rule: "tooLarge 2.2"),
        Refusal(name: "REPLY by a client", type: .reply, rule: "protocolError 2.6"),
        Refusal(name: "EVENT by a client", type: .event, byteCount: 8, rule: "protocolError 2.6"),
        Refusal(
            name: "CALL by a server",
            sender: .server,
            type: .call,
            byteCount: 6,
            rule: "protocolError 2.6"
        ),
        Refusal(
            name: "CANCEL by a server",
            sender: .server,
            type: .cancel,
            rule: "protocolError 2.6"
        ),
        Refusal(
            name: "CALL in slot 0",
            type: .call,
            id: 0,
            byteCount: 6,
            rule: "protocolError 2.6"
        ),
        Refusal(
            name: "PING with an id",
            type: .ping,
            id: 1,
            byteCount: 8,
            rule: "protocolError 2.6"
        ),
        Refusal(name: "HELLO with an id", type: .hello, id: 1, rule: "protocolError 2.6"),
        Refusal(
            name: "ITEM with KEY",
            type: .item,
            flags: .key,
            rule: "protocolError 2.4"
        ),
        Refusal(
            name: "the reserved flag",
            type: .item,
            flags: FrameFlags(rawValue: 0x80),
            rule: "protocolError 2.4"
        ),
        Refusal(name: "CANCEL with a body", type: .cancel, byteCount: 1, rule: "protocolError 2.5"),
        Refusal(name: "CREDIT of 7 bytes", type: .credit, byteCount: 7, rule: "protocolError 2.5"),
        Refusal(
            name: "PING of 9 bytes",
            type: .ping,
            id: 0,
            byteCount: 9,
            rule: "protocolError 2.5"
        ),
        Refusal(name: "CALL of 5 bytes", type: .call, byteCount: 5, rule: "protocolError 2.5"),
        Refusal(
            name: "BOUND of 26 bytes",
            sender: .server,
            type: .bound,
            byteCount: 26,
            rule: "protocolError 2.5"
        ),
        Refusal(
            name: "MARK of 0 bytes",
            sender: .server,
            type: .mark,
            rule: "protocolError 2.5"
        ),
        Refusal(
            name: "EVENT beyond a TLS record",
            sender: .server,
            type: .event,
            byteCount: 16_377,
            rule: "tooLarge 5.9"
        ),
        Refusal(
            name: "BATCH beyond a TLS record",
            sender: .server,
            type: .batch,
            byteCount: 16_377,
            rule: "tooLarge 5.9"
        ),
    ])
    func aHeaderThatBreaksARuleIsRefusedBeforeItsBodyHasCome(refusal: Refusal) {
        var reader = FrameReader(from: refusal.sender)
        reader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        let header = bytes {
            $0.append(
                FrameHeader(
                    type: refusal.type,
                    flags: refusal.flags,
                    id: refusal.id,
                    bodyByteCount: refusal.byteCount
                )
            )
        }
        let found = violation { _ = try next(reader, header) }
        #expect(found?.ruleText == refusal.rule)
    }

    @Test(arguments: [FrameType.event, .batch])
    func anEventOrABatchFillsATLSRecord(type: FrameType) throws {
        var reader = FrameReader(from: .server)
        reader.maxBodyBytes = ConnectionLimits.default.maxFrameBytes
        let frame = FrameHeader(
            type: type,
            id: 1,
            bodyByteCount: ConnectionLimits.maxEventFrameBytes - FrameHeader.byteCount
        )
        let header = bytes { $0.append(frame) }
        #expect(try next(reader, header) == .incomplete(neededBytes: 16_384))
    }

    @Test func theLongestEventFillsABatchOfItsOwn() {
        let byteCount =
            FrameHeader.byteCount + BatchBody.headerByteCount
            + BatchBody.byteCount(ofMessage: BatchBody.maxMessageBytes)
        #expect(byteCount == ConnectionLimits.maxEventFrameBytes)
        let event = FrameHeader.byteCount + SequenceBody.byteCount + BatchBody.maxMessageBytes
        #expect(event <= ConnectionLimits.maxEventFrameBytes)
    }

    @Test func aTLSHelloOrAnHTTPRequestIsNoFrame() {
        let reader = FrameReader(from: .client)
        let tls: [UInt8] = [0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01]
        let http = Array("GET / HTTP/1.1\r\n".utf8)
        #expect(violation { _ = try next(reader, tls) } != nil)
        #expect(violation { _ = try next(reader, http) } != nil)
    }
}
