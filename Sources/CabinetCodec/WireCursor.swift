/// Reads the elements of protobuf's wire format, one after another, and not past the end.
struct WireCursor {
    private let bytes: UnsafePointer<UInt8>

    /// The offset of the next byte in the decoded bytes.
    private(set) var position: Int

    /// The offset after the last byte.
    private let end: Int

    /// - Parameter bytes: Has at least `end` bytes and outlives the cursor.
    init(_ bytes: UnsafePointer<UInt8>, from start: Int = 0, to end: Int) {
        self.bytes = bytes
        position = start
        self.end = end
    }

    var isAtEnd: Bool { position >= end }

    /// The bytes up to the end, as text.
    var string: String {
        String(
            decoding: UnsafeBufferPointer(start: bytes + position, count: remaining),
            as: UTF8.self
        )
    }

    /// The number of bytes up to the end.
    var remaining: Int { end - position }

    mutating func readTag() throws(MessageDecodingError) -> (number: UInt32, wireType: WireType) {
        let start = position
        let tag = try readVarint32()
        guard tag >> 3 != 0 else {
            throw MessageDecodingError(.invalidFieldNumber, byteOffset: start)
        }
        guard let wireType = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
            throw MessageDecodingError(
                .unsupportedWireType(UInt8(truncatingIfNeeded: tag & 7)),
                path: "#\(tag >> 3)",
                byteOffset: start
            )
        }
        return (tag >> 3, wireType)
    }

    /// Reads a length and moves on behind what has that length: the cursor that is returned reads it.
    mutating func readLengthDelimited() throws(MessageDecodingError) -> WireCursor {
        let start = position
        let length = Int(try readVarint32())
        guard length <= end - position else {
            throw MessageDecodingError(.truncated, byteOffset: start)
        }
        defer { position += length }
        return WireCursor(bytes, from: position, to: position + length)
    }

    mutating func skip(_ byteCount: Int) throws(MessageDecodingError) {
        guard byteCount <= end - position else {
            throw MessageDecodingError(.truncated, byteOffset: position)
        }
        position += byteCount
    }

    mutating func skipValue(of wireType: WireType) throws(MessageDecodingError) {
        switch wireType {
        case .varint: _ = try readVarint()
        case .fixed64: try skip(8)
        case .fixed32: try skip(4)
        case .lengthDelimited: _ = try readLengthDelimited()
        }
    }

    // MARK: - Varints

    mutating func readVarint() throws(MessageDecodingError) -> UInt64 {
        if let value = readOneByteVarint() { return UInt64(value) }
        return try readLongVarint()
    }

    /// A tag or a length: at most five bytes, at most 32 bits.
    private mutating func readVarint32() throws(MessageDecodingError) -> UInt32 {
        if let value = readOneByteVarint() { return UInt32(value) }
        return try readLongVarint32()
    }

    /// Nearly all tags, most lengths and many numbers have one byte.
    private mutating func readOneByteVarint() -> UInt8? {
        guard position < end, bytes[position] < 0x80 else { return nil }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func readLongVarint() throws(MessageDecodingError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 {
                throw MessageDecodingError(.malformedVarint, byteOffset: start)
            }
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw MessageDecodingError(.truncated, byteOffset: start)
    }

    private mutating func readLongVarint32() throws(MessageDecodingError) -> UInt32 {
        let start = position
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The fifth byte has room for four bits.
            if shift == 28, byte > 0x0f {
                throw MessageDecodingError(.malformedVarint, byteOffset: start)
            }
            value |= UInt32(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw MessageDecodingError(.truncated, byteOffset: start)
    }
}
