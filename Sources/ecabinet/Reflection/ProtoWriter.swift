/// Writes the elements of protobuf's wire format.
struct ProtoWriter {
    private(set) var bytes: [UInt8] = []

    mutating func append(_ number: Int32, _ value: ProtoReader.Value) {
        switch value {
        case .varint(let value):
            varint(tag(number, 0))
            varint(value)
        case .fixed64(let value):
            varint(tag(number, 1))
            fixed(value, 8)
        case .bytes(let value):
            varint(tag(number, 2))
            varint(UInt64(value.count))
            bytes += value
        case .fixed32(let value):
            varint(tag(number, 5))
            fixed(UInt64(value), 4)
        }
    }

    /// The value alone, as in a packed field.
    mutating func append(packed value: ProtoReader.Value) {
        switch value {
        case .varint(let value): varint(value)
        case .fixed64(let value): fixed(value, 8)
        case .fixed32(let value): fixed(UInt64(value), 4)
        case .bytes: preconditionFailure("what has a length is never packed")
        }
    }

    private func tag(_ number: Int32, _ wireType: UInt64) -> UInt64 {
        UInt64(UInt32(bitPattern: number)) << 3 | wireType
    }

    private mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func fixed(_ value: UInt64, _ count: Int) {
        for index in 0..<count { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
    }
}
