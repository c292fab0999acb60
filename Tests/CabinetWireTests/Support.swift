import CabinetWire
import Testing

/// Bytes that a test writes with the functions under test.
func bytes(capacity: Int = 65_536, _ write: (inout OutputRawSpan) -> Void) -> [UInt8] {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: capacity, alignment: 8)
    defer { buffer.deallocate() }
    var span = OutputRawSpan(buffer: buffer, initializedCount: 0)
    write(&span)
    return Array(buffer.prefix(span.byteCount))
}

/// The reason and the rule of the violation that `body` throws; `nil` where it throws none.
func violation(_ body: () throws -> Void) -> ProtocolViolation? {
    do {
        try body()
        return nil
    } catch {
        return error as? ProtocolViolation
    }
}

extension ProtocolViolation {
    /// For comparison in tests, which do not pin the explanation.
    var ruleText: String { "\(reason) \(rule)" }
}

extension Timestamp {
    static func seconds(_ count: Double) -> Timestamp {
        Timestamp(nanoseconds: UInt64(count * 1_000_000_000))
    }
}

/// `#expect(actual == expected)`, for calls on noncopyable values, which the macro cannot take apart.
func check<Value: Equatable>(
    _ actual: Value,
    _ expected: Value,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    #expect(actual == expected, sourceLocation: sourceLocation)
}
