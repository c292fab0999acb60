/// Writes protobuf's wire format by hand, right or wrong.
struct WireBuilder {
    private(set) var bytes: [UInt8] = []

    static func make(_ body: (inout WireBuilder) -> Void) -> [UInt8] {
        var builder = WireBuilder()
        body(&builder)
        return builder.bytes
    }

    mutating func raw(_ bytes: [UInt8]) {
        self.bytes += bytes
    }

    mutating func varint(_ value: UInt64) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7f) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    mutating func tag(_ number: UInt64, _ wireType: UInt64) {
        varint(number << 3 | wireType)
    }

    mutating func varintField(_ number: UInt64, _ value: UInt64) {
        tag(number, 0)
        varint(value)
    }

    mutating func bytesField(_ number: UInt64, _ value: [UInt8]) {
        tag(number, 2)
        varint(UInt64(value.count))
        raw(value)
    }

    mutating func stringField(_ number: UInt64, _ value: String) {
        bytesField(number, Array(value.utf8))
    }

    mutating func messageField(_ number: UInt64, _ body: (inout WireBuilder) -> Void) {
        bytesField(number, Self.make(body))
    }
}
