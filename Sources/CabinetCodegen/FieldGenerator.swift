/// What one field is in Swift and how it goes to and from its C member.
struct FieldGenerator {
    let field: Field
    let names: SwiftNames
    let zeroValues: [String: String]

    /// The name of the property, or of the case in a `oneof`, where it is declared.
    var property: String {
        field.oneofIndex == nil
            ? SwiftNames.property(field.declaration.name)
            : SwiftNames.oneofCase(field.declaration.name)
    }

    /// The same where it follows a dot.
    var reference: String { SwiftNames.reference(property) }

    /// The type of one element.
    var elementType: String {
        switch field.kind {
        case .double: "Double"
        case .float: "Float"
        case .int32, .sint32, .sfixed32: "Int32"
        case .int64, .sint64, .sfixed64: "Int64"
        case .uint32, .fixed32: "UInt32"
        case .uint64, .fixed64: "UInt64"
        case .bool: "Bool"
        case .string: "String"
        case .bytes: "[UInt8]"
        case .message(let name), .enumeration(let name): names.qualified(name)
        case .group: ""
        }
    }

    var isOptional: Bool {
        !field.isRepeated && (field.isMessage || field.hasExplicitPresence)
    }

    /// The type of the property.
    var type: String {
        if field.isRepeated { return "[\(elementType)]" }
        return isOptional ? elementType + "?" : elementType
    }

    var defaultValue: String {
        if field.isRepeated { return "[]" }
        if isOptional { return "nil" }
        switch field.kind {
        case .bool: return "false"
        case .string: return "\"\""
        case .bytes: return "[]"
        case .enumeration(let name):
            return "." + SwiftNames.reference(zeroValues[name] ?? "unrecognized(0)")
        default: return "0"
        }
    }

    // MARK: - Decoding

    private var member: String { "c.pointee.\(CNames.member(field.declaration.name))" }
    private var count: String { "c.pointee.\(CNames.count(field.declaration.name))" }
    private var presence: String { "c.pointee.\(CNames.presence(field.declaration.name))" }
    private var fieldArgument: String { "field: \"\(field.declaration.name)\"" }

    /// Writes a statement that takes the property from the C struct.
    func decode(to writer: inout SourceWriter) {
        let target = "self.\(reference) ="
        guard field.hasExplicitPresence, !field.isMessage else {
            writer.line("\(target) ", field.isRepeated ? decodedElements : decodedElement)
            return
        }
        let value = "\(presence) != 0 ? \(decodedElement.oneLine) : nil"
        if writer.fits("\(target) \(value)") {
            writer.line("\(target) \(value)")
        } else {
            writer.line(target)
            writer.indented { writer in
                writer.line("\(presence) != 0")
                writer.line("? ", decodedElement, " : nil")
            }
        }
    }

    /// The value of the property, or of the case of a `oneof`; that of a message is optional.
    var decodedElement: Expression {
        switch field.kind {
        case .bool: Expression(opening: "\(member) != 0")
        case .string: call("try RawMessage.string", member, fieldArgument)
        case .bytes: call("RawMessage.bytes", member)
        case .message:
            call("try raw.message", member, "as: \(elementType).self", fieldArgument)
        case .enumeration:
            call("try raw.enumeration", member, "as: \(elementType).self", fieldArgument)
        default: Expression(opening: member)
        }
    }

    private var decodedElements: Expression {
        switch field.kind {
        case .bool: call("RawMessage.booleans", member, count)
        case .string: call("try RawMessage.strings", member, count, fieldArgument)
        case .bytes: call("RawMessage.byteArrays", member, count)
        case .message: call("try raw.messages", member, count, fieldArgument)
        case .enumeration: call("try raw.enums", member, count, fieldArgument)
        default: call("RawMessage.array", member, count)
        }
    }

    private func call(_ function: String, _ arguments: String...) -> Expression {
        Expression(opening: function + "(", arguments: arguments, closing: ")")
    }

    // MARK: - Encoding

    /// Statements that put the property into the C struct. A default value is left out, as proto3
    /// asks.
    func encode(to writer: inout SourceWriter) {
        let value = "self.\(reference)"
        if field.isRepeated {
            writer.block("if !\(value).isEmpty") { writer in
                let elements = "(\(member), \(count))"
                writer.list("\(elements) = arena.\(arrayFunction)(", [value], ")")
            }
        } else if field.isMessage {
            writer.block("if let value = \(value)") { writer in
                writer.line("\(member) = arena.message(value)")
            }
        } else if isOptional {
            writer.block("if let value = \(value)") { writer in
                writer.line("\(presence) = 1")
                assign("value", to: &writer)
            }
        } else {
            writer.block("if \(isNotDefault(value))") { writer in
                writer.line("\(presence) = 1")
                assign(value, to: &writer)
            }
        }
    }

    /// A statement that puts one value into the C member, for the case of a `oneof` as well.
    func assign(_ value: String, to writer: inout SourceWriter) {
        switch field.kind {
        case .bool: writer.line("\(member) = \(value) ? 1 : 0")
        case .string, .bytes:
            writer.line("\(member) = arena.reference(\(value))")
        case .message: writer.line("\(member) = arena.message(\(value))")
        case .enumeration: writer.line("\(member) = \(value).rawValue")
        default: writer.line("\(member) = \(value)")
        }
    }

    private func isNotDefault(_ value: String) -> String {
        switch field.kind {
        case .bool: value
        case .string, .bytes: "!\(value).isEmpty"
        case .enumeration: "\(value).rawValue != 0"
        // Minus zero is not the default: its bits are kept.
        case .float, .double: "\(value).bitPattern != 0"
        default: "\(value) != 0"
        }
    }

    private var arrayFunction: String {
        switch field.kind {
        case .bool: "booleans"
        case .string: "strings"
        case .bytes: "byteArrays"
        case .message: "messages"
        case .enumeration: "enums"
        default: "array"
        }
    }
}
