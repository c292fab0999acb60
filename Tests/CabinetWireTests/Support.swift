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

/// Random numbers that can be had again: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
        return mixed ^ (mixed >> 31)
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
