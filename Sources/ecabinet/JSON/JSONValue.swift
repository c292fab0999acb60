import CabinetTexts

/// A JSON value (RFC 8259) whose members keep their order, and whose integers keep their digits.
indirect enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    case integer(Int64)
    case unsigned(UInt64)
    /// A finite number.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object([Member])

    /// A name with its value.
    struct Member: Hashable, Sendable {
        let name: String
        let value: JSONValue

        init(_ name: String, _ value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

    /// The first member with a name.
    subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }
}

// MARK: - Writing

extension JSONValue {
    /// Indented by two spaces, for people as well.
    var text: String {
        var text = ""
        write(into: &text, indent: 0)
        return text
    }

    /// On one line.
    var compactText: String {
        var text = ""
        write(into: &text, indent: nil)
        return text
    }

    private func write(into text: inout String, indent: Int?) {
        switch self {
        case .null: text += "null"
        case .bool(let value): text += value ? "true" : "false"
        case .integer(let value): text += String(value)
        case .unsigned(let value): text += String(value)
        case .number(let value): text += Self.digits(value)
        case .string(let value): Self.write(value, into: &text)
        case .array(let values):
            Self.write(values, "[", "]", into: &text, indent) { value, text, indent in
                value.write(into: &text, indent: indent)
            }
        case .object(let members):
            Self.write(members, "{", "}", into: &text, indent) { member, text, indent in
                Self.write(member.name, into: &text)
                text += indent == nil ? ":" : ": "
                member.value.write(into: &text, indent: indent)
            }
        }
    }

    private static func digits(_ value: Double) -> String {
        guard value.isFinite else { return "null" }
        let text = "\(value)"
        return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    }

    private static func write<Part>(
        _ parts: [Part],
        _ opening: String,
        _ closing: String,
        into text: inout String,
        _ indent: Int?,
        _ writePart: (Part, inout String, Int?) -> Void
    ) {
        text += opening
        let inner = indent.map { $0 + 1 }
        for (index, part) in parts.enumerated() {
            if index > 0 { text += "," }
            if let inner { text += "\n" + String(repeating: "  ", count: inner) }
            writePart(part, &text, inner)
        }
        if let indent, !parts.isEmpty { text += "\n" + String(repeating: "  ", count: indent) }
        text += closing
    }

    /// Text in quotation marks. What a terminal would not be shown as it is, is escaped as well.
    private static func write(_ value: String, into text: inout String) {
        text += "\""
        for scalar in value.unicodeScalars {
            switch scalar {
            case "\"": text += "\\\""
            case "\\": text += "\\\\"
            case "\n": text += "\\n"
            case "\r": text += "\\r"
            case "\t": text += "\\t"
            case _ where SanitizedText.shows(scalar): text.unicodeScalars.append(scalar)
            default:
                // Beyond the basic plane it takes both halves of a surrogate pair (RFC 8259, section 7).
                for unit in String(scalar).utf16 {
                    let digits = String(unit, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            }
        }
        text += "\""
    }
}
