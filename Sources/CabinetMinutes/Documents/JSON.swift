/// A JSON value (RFC 8259) whose members keep their order, so that the same value is written in the
/// same bytes.
indirect enum JSON: Hashable, Sendable {
    case null
    case bool(Bool)
    case number(Int64)
    case string(String)
    case array([JSON])
    case members([Member])

    struct Member: Hashable, Sendable {
        let name: String
        let value: JSON
    }

    /// An object. Members without a value are left out.
    static func object(_ members: [(String, JSON?)]) -> JSON {
        .members(
            members.compactMap { member in
                member.1.map { Member(name: member.0, value: $0) }
            }
        )
    }

    /// A number that an entry has room for: the largest stays where it is.
    static func count(_ number: some BinaryInteger) -> JSON { .number(Int64(clamping: number)) }

    static func optional(_ text: String?) -> JSON? { text.map(JSON.string) }

    static func strings(_ texts: some Sequence<String>) -> JSON { .array(texts.map(JSON.string)) }

    /// The file of a value: two spaces for each level, and a newline at the end.
    var document: [UInt8] {
        var writer = JSONWriter()
        writer.write(self, level: 0)
        return writer.bytes + [UInt8(ascii: "\n")]
    }

    /// The value on one line, with its newline.
    var line: [UInt8] {
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
        case .string(let text): write(text)
        case .array(let values):
            write(values, "[", "]", level) { writer, value, level in
                writer.write(value, level: level)
            }
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
            case ..<0x20, 0x7f: add("\\u00" + hexadecimal([byte]))
            default: bytes.append(byte)
            }
        }
        add("\"")
    }

    private mutating func add(_ text: String) {
        bytes += text.utf8
    }
}
