/// A JSON value (RFC 8259) whose members keep their order, so that the same value is written in the
/// same bytes.
public indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    /// What is not finite is written as null, since JSON has no other word for it.
    case decimal(Double)
    case string(String)
    case array([JSON])
    /// An array that is written on one line, as those of many small values are.
    case row([JSON])
    case members([Member])

    public struct Member: Hashable, Sendable {
        public let name: String
        public let value: JSON
    }

    /// An object. Members without a value are left out.
    public static func object(_ members: [(String, JSON?)]) -> JSON {
        .members(
            members.compactMap { member in
                member.1.map { Member(name: member.0, value: $0) }
            }
        )
    }

    /// A number that an entry has room for: the largest stays where it is.
    public static func count(_ number: some BinaryInteger) -> JSON {
        .number(Int64(clamping: number))
    }

    public static func optional(_ text: String?) -> JSON? { text.map(JSON.string) }

    public static func strings(_ texts: some Sequence<String>) -> JSON {
        .array(texts.map(JSON.string))
    }

    /// The file of a value: two spaces for each level, and a newline at the end.
    public var document: [UInt8] {
        var writer = JSONWriter()
        writer.write(self, level: 0)
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// The value on one line, with its newline.
    public var line: [UInt8] {
        var writer = JSONWriter(isCompact: true)
        writer.write(self, level: 0)
        return writer.bytes + [UInt8(ascii: "\n")]
    }
}

private struct JSONWriter {
    private(set) var bytes: [UInt8] = []
    private let isCompact: Bool

    init(isCompact: Bool = false) {
        self.isCompact = isCompact
    }

    mutating func write(_ value: JSON, level: Int) {
        switch value {
        case .null: add("null")
        case .bool(let value): add(value ? "true" : "false")
        case .number(let number): add(String(number))
        case .decimal(let number): add(number.isFinite ? "\(number)" : "null")
        case .string(let text): write(text)
        case .array(let values):
            write(values, "[", "]", level) { writer, value, level in
                writer.write(value, level: level)
            }
        case .row(let values):
            var line = JSONWriter(isCompact: true)
            line.write(.array(values), level: 0)
            bytes += line.bytes
        case .members(let members):
            write(members, "{", "}", level) { writer, member, level in
                writer.write(member.name)
                writer.add(writer.isCompact ? ":" : ": ")
                writer.write(member.value, level: level)
            }
        }
    }

    private mutating func write<Element>(
        _ elements: [Element],
        _ opening: String,
        _ closing: String,
        _ level: Int,
        _ writeElement: (inout JSONWriter, Element, Int) -> Void
    ) {
        add(opening)
        for (index, element) in elements.enumerated() {
            if index > 0 { add(",") }
            breakLine(level + 1)
            writeElement(&self, element, level + 1)
        }
        if !elements.isEmpty { breakLine(level) }
        add(closing)
    }

    private mutating func breakLine(_ level: Int) {
        guard !isCompact else { return }
        add("\n" + String(repeating: "  ", count: level))
    }

    private mutating func write(_ text: String) {
        add("\"")
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""): add("\\\"")
            case UInt8(ascii: "\\"): add("\\\\")
            case UInt8(ascii: "\n"): add("\\n")
            case ..<0x20, 0x7f: add("\\u00" + hexadecimal(byte))
            default: bytes.append(byte)
            }
        }
        add("\"")
    }

    /// Two digits.
    private func hexadecimal(_ byte: UInt8) -> String {
        String(byte >> 4, radix: 16) + String(byte & 0xf, radix: 16)
    }

    private mutating func add(_ text: String) {
        bytes += text.utf8
    }
}
