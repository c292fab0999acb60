/// Where a call belongs in a distributed trace: W3C Trace Context, level 1, in its binary form.
public struct TraceContext: Sendable, Hashable {
    /// 16 bytes, not all 0.
    public let traceID: [UInt8]
    /// The identifier of the operation that made the call; not 0.
    public let parentID: UInt64
    /// Bit 0: the caller may have recorded the trace.
    public let flags: UInt8

    /// The trace that the current task belongs to. On a server the runtime sets it for each `async`
    /// handler; on a client it goes along with every call.
    @TaskLocal public static var current: TraceContext?

    /// - Returns: `nil` where the standard knows no such context (sections 3.2.2.3 and 3.2.2.4).
    public init?(traceID: [UInt8], parentID: UInt64, flags: UInt8) {
        guard traceID.count == 16, traceID.contains(where: { $0 != 0 }), parentID != 0 else {
            return nil
        }
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
    }

    /// Parses the value of a `traceparent` header.
    ///
    /// - Returns: `nil` where it is malformed. Of a version above 00 the first four parts are read.
    public init?(traceparent: String) {
        let parts = traceparent.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count >= 4, let version = Self.bytes(parts[0]), version.count == 1,
            version[0] != 0xff, version[0] != 0 || parts.count == 4,
            let traceID = Self.bytes(parts[1]), let parent = Self.bytes(parts[2]),
            parent.count == 8, let flags = Self.bytes(parts[3]), flags.count == 1
        else { return nil }
        let parentID = parent.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        self.init(traceID: traceID, parentID: parentID, flags: flags[0])
    }

    /// The value of a `traceparent` header, version 00.
    public var traceparent: String {
        let parent = (0..<8).map { UInt8(truncatingIfNeeded: parentID >> (56 - 8 * $0)) }
        return "00-\(Self.hex(traceID))-\(Self.hex(parent))-\(Self.hex([flags]))"
    }

    /// The same trace, with another operation as the parent.
    ///
    /// - Precondition: `parentID` is not 0.
    public func child(parentID: UInt64) -> TraceContext {
        precondition(parentID != 0)
        return TraceContext(unchecked: traceID, parentID, flags)
    }

    private init(unchecked traceID: [UInt8], _ parentID: UInt64, _ flags: UInt8) {
        self.traceID = traceID
        self.parentID = parentID
        self.flags = flags
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let text = bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 0xf)]] }
        return String(decoding: text, as: UTF8.self)
    }

    /// Lower-case hexadecimal digits alone: the standard has no others.
    private static func bytes(_ text: Substring) -> [UInt8]? {
        func value(_ digit: UInt8) -> UInt8? {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
            default: nil
            }
        }
        let digits = text.utf8.map(value)
        guard digits.count % 2 == 0, !digits.contains(nil) else { return nil }
        let values = digits.compactMap(\.self)
        return stride(from: 0, to: values.count, by: 2).map { values[$0] << 4 | values[$0 + 1] }
    }
}
