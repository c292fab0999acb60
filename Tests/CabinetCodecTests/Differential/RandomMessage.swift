import CabinetCodegen

/// A random message of any type: its text form, for protoc, and what its fields are then expected
/// to be, in the form of ``FieldDump``.
struct RandomMessage {
    let text: String
    let fields: String
}

struct RandomMessageMaker<Random: RandomNumberGenerator> {
    private let messages: [String: MessageType]
    private let enums: [String: EnumType]
    var random: Random
    /// Whether the message is signed, and so may hold only what the schema knows.
    private var isSigned = false

    init(_ protoc: Protoc, random: Random) {
        messages = Dictionary(
            uniqueKeysWithValues: protoc.messages.map { ($0.declaration.fullName, $0) }
        )
        let all =
            protoc.schema.files.flatMap(\.enums) + protoc.messages.flatMap(\.enums)
        enums = Dictionary(
            all.map { ($0.declaration.fullName, $0) },
            uniquingKeysWith: { first, _ in first }
        )
        self.random = random
    }

    mutating func make(_ message: MessageType) -> RandomMessage {
        let wasSigned = isSigned
        isSigned = wasSigned || message.isSigned
        defer { isSigned = wasSigned }
        var text = ""
        var fields: [(number: Int32, text: String)] = []
        // Of each oneof one member at most.
        let chosen = message.oneofs.indices.map { index in
            message.fields.filter { $0.oneofIndex == index }.randomElement(using: &random)?.number
        }
        for field in message.fields {
            if let index = field.oneofIndex, chosen[index] != field.number { continue }
            guard Int.random(in: 0..<4, using: &random) > 0 else { continue }
            let count = field.isRepeated ? Int.random(in: 0...3, using: &random) : 1
            let values = (0..<count).map { _ in value(of: field) }
            for value in values {
                let separator = value.isMessage ? " " : ": "
                text += "\(field.declaration.name)\(separator)\(value.text)\n"
            }
            if field.isRepeated {
                guard !values.isEmpty else { continue }
                let list = values.map(\.dump).joined(separator: ",")
                fields.append((field.number, "\(field.declaration.name)=[\(list)]"))
            } else if let value = values.first {
                let hasPresence =
                    value.isMessage || field.hasExplicitPresence || field.oneofIndex != nil
                if !hasPresence, value.isDefault { continue }
                fields.append((field.number, "\(field.declaration.name)=\(value.dump)"))
            }
        }
        let dump = fields.sorted { $0.number < $1.number }.map(\.text).joined(separator: ";")
        return RandomMessage(text: text, fields: "{\(dump)}")
    }

    private struct Value {
        var text: String
        var dump: String
        var isDefault = false
        var isMessage = false
    }

    private mutating func value(of field: Field) -> Value {
        switch field.kind {
        case .double:
            let number =
                extreme([0, -0.0, 1, -1.5, .greatestFiniteMagnitude, .leastNonzeroMagnitude])
                ?? Double.random(in: -1e9...1e9, using: &random)
            return Value(
                text: "\(number)",
                dump: FieldDump.of(number),
                isDefault: number.bitPattern == 0
            )
        case .float:
            let number =
                extreme([0, -0.0, 1, -1.5, .greatestFiniteMagnitude, .leastNormalMagnitude])
                ?? Float.random(in: -1e6...1e6, using: &random)
            return Value(
                text: "\(number)",
                dump: FieldDump.of(number),
                isDefault: number.bitPattern == 0
            )
        case .int32, .sint32, .sfixed32: return integer(Int32.self)
        case .int64, .sint64, .sfixed64: return integer(Int64.self)
        case .uint32, .fixed32: return integer(UInt32.self)
        case .uint64, .fixed64: return integer(UInt64.self)
        case .bool:
            let flag = Bool.random(using: &random)
            return Value(text: "\(flag)", dump: "\(flag)", isDefault: !flag)
        case .string:
            let bytes = Array(string().utf8)
            return Value(text: quoted(bytes), dump: FieldDump.of(bytes), isDefault: bytes.isEmpty)
        case .bytes:
            let bytes = byteArray()
            return Value(text: quoted(bytes), dump: FieldDump.of(bytes), isDefault: bytes.isEmpty)
        case .enumeration(let name):
            let known = enums[name]?.values.map(\.number) ?? [0]
            let number =
                !isSigned && Int.random(in: 0..<8, using: &random) == 0
                ? Int32.random(in: .min ... .max, using: &random)
                : known.randomElement(using: &random) ?? 0
            return Value(text: "\(number)", dump: "\(number)", isDefault: number == 0)
        case .message(let name):
            guard let type = messages[name] else { return Value(text: "{}", dump: "{}") }
            let inner = make(type)
            return Value(text: "{\n\(inner.text)}", dump: inner.fields, isMessage: true)
        case .group:
            return Value(text: "", dump: "")
        }
    }

    private mutating func extreme<Number>(_ numbers: [Number]) -> Number? {
        Bool.random(using: &random) ? numbers.randomElement(using: &random) : nil
    }

    private mutating func integer<Number: FixedWidthInteger>(_ type: Number.Type) -> Value {
        let number =
            extreme([0, 1, 127, .max, .min, .max / 2, Number(truncatingIfNeeded: -1)])
            ?? Number.random(in: .min ... .max, using: &random)
        return Value(text: "\(number)", dump: "\(number)", isDefault: number == 0)
    }

    private mutating func string() -> String {
        let strings = [
            "", "a", "\0", "embedded\0NUL", "fifteen bytes..", "sixteen bytes...",
            "Nguyễn Thị Minh Khai", "Nguye\u{302}\u{303}n Thi\u{323}", "\u{7f}\u{80}\u{7ff}\u{800}",
            "\u{ffff}\u{10000}\u{10ffff}", "\"quoted\\\" 'text'\n\t",
        ]
        let string = strings.randomElement(using: &random) ?? ""
        return Int.random(in: 0..<20, using: &random) == 0
            ? String(repeating: string, count: 100) : string
    }

    private mutating func byteArray() -> [UInt8] {
        let counts = [0, 1, 15, 16, 32, 71, Int.random(in: 0...300, using: &random)]
        let count =
            Int.random(in: 0..<400, using: &random) == 0
            ? 100_000 : counts.randomElement(using: &random) ?? 0
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
    }

    private func quoted(_ bytes: [UInt8]) -> String {
        var text = "\""
        for byte in bytes {
            let digits = String(byte, radix: 8)
            text += "\\" + String(repeating: "0", count: 3 - digits.count) + digits
        }
        return text + "\""
    }
}
