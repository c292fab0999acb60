/// Reads an input as a program: its bytes, one after the other, say what is done.
///
/// It has no end that a program could run into: where nothing is left, everything is 0.
struct ProgramReader {
    private let input: UnsafeRawBufferPointer
    private var offset = 0

    init(_ input: UnsafeRawBufferPointer) {
        self.input = input
    }

    var isAtEnd: Bool { offset == input.count }

    mutating func byte() -> UInt8 {
        guard offset < input.count else { return 0 }
        defer { offset += 1 }
        return input[offset]
    }

    mutating func bool() -> Bool { byte() & 1 != 0 }

    mutating func bytes(_ count: Int) -> [UInt8] {
        let end = min(offset + count, input.count)
        defer { offset = end }
        return Array(input[offset..<end])
    }

    mutating func number(byteCount: Int) -> UInt64 {
        (0..<byteCount).reduce(0) { value, _ in value << 8 | UInt64(byte()) }
    }

    /// One of a few values.
    mutating func choose<Value>(_ values: [Value]) -> Value {
        values[Int(byte()) % values.count]
    }

    /// One of a collection that may be empty.
    mutating func index(below count: Int) -> Int? {
        count == 0 ? nil : Int(byte()) % count
    }
}
