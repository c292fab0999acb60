internal import CabinetModel

/// Cuts a whole serialized roll into the parts that it is kept in: a snapshot brings it whole, the
/// log in parts. Cutting between fields gives parts that are serialized rolls in themselves.
struct RollSplitter {
    /// Bytes of a whole roll (live.proto, `PollInProgress`).
    private static let maximumRollBytes = 131_072

    private let bytes: [UInt8]
    private var offset = 0

    /// - Throws: ``InvalidField`` where the bytes are no serialized message, or more than the parts
    ///   of a roll can have.
    static func parts(of bytes: [UInt8]) throws(InvalidField) -> [[UInt8]] {
        let maximum = Limits.rollPartBytes.upperBound
        guard bytes.count <= maximumRollBytes else {
            throw InvalidField("", "a roll has at most 131,072 bytes")
        }
        var splitter = RollSplitter(bytes: bytes)
        var parts: [[UInt8]] = []
        var start = 0
        var end = 0
        while splitter.offset < bytes.count {
            try splitter.skipField()
            if splitter.offset - start > maximum, end > start {
                parts.append(Array(bytes[start..<end]))
                start = end
            }
            end = splitter.offset
        }
        if end > start { parts.append(Array(bytes[start..<end])) }
        return parts
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    private mutating func skipField() throws(InvalidField) {
        switch try varint() & 7 {
        case 0: _ = try varint()
        case 1: try skip(8)
        case 2: try skip(varint())
        case 5: try skip(4)
        default: throw malformed
        }
    }

    /// A varint that is longer than it has to be is read as protobuf reads it; the codec has the last
    /// word on each part.
    private mutating func varint() throws(InvalidField) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard bytes.indices.contains(offset) else { throw malformed }
            let byte = bytes[offset]
            offset += 1
            value |= UInt64(byte & 0x7f) << shift
            if byte & 0x80 == 0 { return value }
        }
        throw malformed
    }

    private mutating func skip(_ count: UInt64) throws(InvalidField) {
        guard count <= UInt64(bytes.count - offset) else { throw malformed }
        offset += Int(count)
    }

    private var malformed: InvalidField {
        InvalidField("", "the bytes are a serialized message")
    }
}
