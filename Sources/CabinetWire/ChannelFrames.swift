/// The body of BOUND: the channel that a call subscribed to (CWP/1, rule 5.2).
public struct BoundBody: Hashable, Sendable {
    public static let byteCount = 27

    /// The channel's id, 1 up to ``FrameHeader/maxField``.
    public var channelID: UInt32
    public var epoch: UInt64
    /// The first sequence number that can still be had.
    public var firstSequence: UInt64
    /// The sequence number of the event that comes next.
    public var nextSequence: UInt64

    public init(channelID: UInt32, epoch: UInt64, firstSequence: UInt64, nextSequence: UInt64) {
        self.channelID = channelID
        self.epoch = epoch
        self.firstSequence = firstSequence
        self.nextSequence = nextSequence
    }

    /// - Throws: ``ProtocolViolation`` where the body ends early or cannot be.
    public init(_ body: RawSpan) throws(ProtocolViolation) {
        var reader = BodyReader()
        let high = try reader.read(body, as: UInt8.self)
        let low = try reader.read(body, as: UInt16.self)
        channelID = UInt32(high) << 16 | UInt32(low)
        epoch = try reader.read(body)
        firstSequence = try reader.read(body)
        nextSequence = try reader.read(body)
        guard channelID != 0, firstSequence > 0, firstSequence <= nextSequence else {
            throw ProtocolViolation(
                .protocolError,
                rule: "5.2",
                "a BOUND to the channel 0, or to a history that is none"
            )
        }
    }

    /// - Precondition: The channel's id fits 24 bits.
    public func write(to output: inout OutputRawSpan) {
        precondition(channelID > 0 && channelID <= FrameHeader.maxField)
        output.append(bigEndian: UInt8(channelID >> 16))
        output.append(bigEndian: UInt16(truncatingIfNeeded: channelID))
        output.append(bigEndian: epoch)
        output.append(bigEndian: firstSequence)
        output.append(bigEndian: nextSequence)
    }
}

/// A number of 8 bytes at the beginning of a body: the sequence number of EVENT, MARK and SNAPSHOT, the
/// limit of CREDIT, the number of PING and PONG.
public enum SequenceBody {
    public static let byteCount = 8

    /// - Throws: ``ProtocolViolation`` where the body is too short.
    public static func read(_ body: RawSpan) throws(ProtocolViolation) -> UInt64 {
        var reader = BodyReader()
        return try reader.read(body)
    }

    public static func write(_ sequence: UInt64, to output: inout OutputRawSpan) {
        output.append(bigEndian: sequence)
    }
}

/// The body of BATCH: several events, one after the other (CWP/1, rule 5.6).
public struct BatchBody: Hashable, Sendable {
    /// The bytes before the first event.
    public static let headerByteCount = 10

    /// The most events in a batch.
    public static let maxCount = Int(UInt16.max)

    /// The longest message of an event, in bytes: alone in a batch, it fills the frame (rule 5.9).
    public static let maxMessageBytes =
        ConnectionLimits.maxEventFrameBytes - FrameHeader.byteCount - headerByteCount - 2

    public let firstSequence: UInt64
    /// The places of the events' messages in the body.
    public let messages: [Range<Int>]

    /// Takes a batch apart.
    ///
    /// - Throws: ``ProtocolViolation`` for an empty batch, one whose parts do not add up to the body,
    ///   or whose sequence numbers would overflow.
    /// - Complexity: O(*n*) in the number of events.
    public init(_ body: RawSpan) throws(ProtocolViolation) {
        var reader = BodyReader()
        firstSequence = try reader.read(body)
        let count = Int(try reader.read(body, as: UInt16.self))
        guard count > 0, !firstSequence.addingReportingOverflow(UInt64(count)).overflow else {
            throw ProtocolViolation(.protocolError, rule: "5.6", "a BATCH without events")
        }
        // Each event has at least the byte of its length, so that the count is bounded by the body
        // before memory is spent on it.
        guard count <= body.byteCount - reader.offset else {
            throw ProtocolViolation(.protocolError, rule: "5.6", "a BATCH shorter than its count")
        }
        var messages: [Range<Int>] = []
        messages.reserveCapacity(count)
        for _ in 0..<count {
            let byteCount = Int(try reader.readVarint32(body))
            let start = reader.offset
            try reader.skip(byteCount, in: body)
            messages.append(start..<reader.offset)
        }
        guard reader.offset == body.byteCount else {
            throw ProtocolViolation(.protocolError, rule: "5.6", "a BATCH longer than its events")
        }
        self.messages = messages
    }

    /// The bytes that an event with a message of that length takes in a batch.
    public static func byteCount(ofMessage byteCount: Int) -> Int {
        varintByteCount(byteCount) + byteCount
    }

    /// Writes what stands before the first event.
    ///
    /// - Precondition: `count` is 1…``maxCount``.
    public static func writeHeader(
        firstSequence: UInt64,
        count: Int,
        to output: inout OutputRawSpan
    ) {
        precondition(count > 0)
        output.append(bigEndian: firstSequence)
        output.append(bigEndian: UInt16(count))
    }

    /// Writes the length that stands before an event's message.
    public static func writeMessageByteCount(
        _ byteCount: Int,
        to output: inout OutputRawSpan
    ) {
        var rest = byteCount
        while rest >= 0x80 {
            output.append(UInt8(rest & 0x7f | 0x80), as: UInt8.self)
            rest >>= 7
        }
        output.append(UInt8(rest), as: UInt8.self)
    }

    private static func varintByteCount(_ value: Int) -> Int {
        (max(1, Int.bitWidth - value.leadingZeroBitCount) + 6) / 7
    }
}

extension BodyReader {
    /// A length: a varint of at most 5 bytes and 32 bits, least significant group first.
    fileprivate mutating func readVarint32(
        _ bytes: RawSpan
    ) throws(ProtocolViolation) -> UInt32 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 28, by: 7) {
            let byte = try read(bytes, as: UInt8.self)
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80, let result = UInt32(exactly: value) { return result }
        }
        throw ProtocolViolation(.protocolError, rule: "5.6", "the length of an event is malformed")
    }
}
