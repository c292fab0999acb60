/// Reads the fixed parts of a frame's body, big-endian, and never past its end.
///
/// It keeps the place and is given the bytes with each call: a value that holds a span needs a
/// language feature that is not settled yet.
struct BodyReader {
    private(set) var offset = 0
    /// The rule that a body breaks that ends early.
    private let rule: StaticText

    init(rule: StaticText = "2.5") {
        self.rule = rule
    }

    mutating func read<Number: FixedWidthInteger & BitwiseCopyable>(
        _ bytes: RawSpan,
        as type: Number.Type = Number.self
    ) throws(ProtocolViolation) -> Number {
        let start = offset
        try skip(MemoryLayout<Number>.size, in: bytes)
        return Number(bigEndian: bytes.unsafeLoadUnaligned(fromByteOffset: start, as: Number.self))
    }

    mutating func readBytes16(_ bytes: RawSpan) throws(ProtocolViolation) -> CallHeader.Bytes16 {
        CallHeader.Bytes16(high: try read(bytes), low: try read(bytes))
    }

    mutating func skip(_ byteCount: Int, in bytes: RawSpan) throws(ProtocolViolation) {
        guard byteCount >= 0, byteCount <= bytes.byteCount - offset else {
            throw ProtocolViolation(.protocolError, rule: rule, "the body of a frame ends early")
        }
        offset += byteCount
    }
}

extension OutputRawSpan {
    mutating func append<Number: FixedWidthInteger & BitwiseCopyable>(bigEndian number: Number) {
        append(number.bigEndian, as: Number.self)
    }

    mutating func append(_ bytes: CallHeader.Bytes16) {
        append(bigEndian: bytes.high)
        append(bigEndian: bytes.low)
    }

    /// Writes the header of a frame.
    public mutating func append(_ header: FrameHeader) {
        append(bigEndian: header.word)
    }
}
