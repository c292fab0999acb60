/// Reads the elements of protobuf's wire format, one after another, and not past the end.
struct ProtoReader {
    /// A field's value, without its type.
    enum Value: Hashable {
        case varint(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
    }

    private var rest: ArraySlice<UInt8>

    init(_ bytes: ArraySlice<UInt8>) {
        rest = bytes
    }

    var isAtEnd: Bool { rest.isEmpty }

    /// The next field; `nil` at the end.
    mutating func next() throws(ProtoError) -> (number: Int32, value: Value)? {
        guard !isAtEnd else { return nil }
        let tag = try varint()
        guard let number = Int32(exactly: tag >> 3), number > 0 else { throw .malformed }
        switch tag & 7 {
        case 0: return (number, .varint(try varint()))
        case 1: return (number, .fixed64(try fixed(8)))
        case 2: return (number, .bytes(try bytes()))
        case 5: return (number, .fixed32(UInt32(truncatingIfNeeded: try fixed(4))))
        default: throw .malformed
        }
    }

    mutating func varint() throws(ProtoError) -> UInt64 {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), through: 63, by: 7) {
            guard let byte = rest.popFirst() else { throw .malformed }
            guard shift < 63 || byte <= 1 else { throw .malformed }
            value |= UInt64(byte & 0x7f) << shift
            if byte < 0x80 { return value }
        }
        throw .malformed
    }

    /// Little-endian.
    mutating func fixed(_ count: Int) throws(ProtoError) -> UInt64 {
        guard rest.count >= count else { throw .malformed }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private mutating func bytes() throws(ProtoError) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: try varint()), count <= rest.count else {
            throw .malformed
        }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }
}

/// Bytes that are no protobuf message, or one of more values than are decoded.
enum ProtoError: Error, Hashable, Sendable {
    case malformed
    /// More than ``MessageDecoder/maxValues``.
    case tooManyValues
}
