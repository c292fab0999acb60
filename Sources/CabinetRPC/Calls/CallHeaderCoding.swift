internal import CabinetWire

extension CallHeader.Bytes16 {
    /// - Precondition: There are 16 bytes.
    init(_ bytes: [UInt8]) {
        precondition(bytes.count == 16)
        func word(_ bytes: ArraySlice<UInt8>) -> UInt64 {
            bytes.reduce(0) { $0 << 8 | UInt64($1) }
        }
        self.init(high: word(bytes[..<8]), low: word(bytes[8...]))
    }

    var bytes: [UInt8] {
        [high, low].flatMap { word in
            (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) }
        }
    }
}

extension IdempotencyKey {
    init?(_ key: CallHeader.Bytes16) {
        self.init(key.bytes)
    }
}

extension TraceContext {
    init?(_ trace: CallHeader.Trace) {
        self.init(traceID: trace.traceID.bytes, parentID: trace.parentID, flags: trace.flags)
    }
}

extension CallHeader.Trace {
    init(_ trace: TraceContext) {
        self.init(
            traceID: CallHeader.Bytes16(trace.traceID),
            parentID: trace.parentID,
            flags: trace.flags
        )
    }
}

extension Metadata {
    /// Whether the names are such as the schema allows.
    var hasValidNames: Bool {
        entries.allSatisfy { entry in
            (1...64).contains(entry.name.utf8.count)
                && entry.name.utf8.allSatisfy { byte in
                    switch byte {
                    case UInt8(ascii: "a")...UInt8(ascii: "z"),
                        UInt8(ascii: "0")...UInt8(ascii: "9"),
                        UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
                        true
                    default: false
                    }
                }
        }
    }

    /// The values of a name, in their order.
    public subscript(name: String) -> [[UInt8]] {
        entries.filter { $0.name == name }.map(\.value)
    }
}
