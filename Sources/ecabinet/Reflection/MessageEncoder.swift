import Foundation

/// Encodes messages that are given in JSON, by the mapping of proto3: names are those of the schema or their
/// lowerCamelCase, 64-bit integers may be texts, bytes are Base64, enums are named or numbered, and `null`
/// stands for a field that is left out.
struct MessageEncoder {
    private static let maxDepth = 64

    let schema: DescriptorSet

    /// - Parameter name: The full name of the message.
    /// - Throws: ``MessageJSONError`` with the place of what does not fit.
    func encode(_ json: JSONValue, as name: String) throws(MessageJSONError) -> [UInt8] {
        try encode(json, as: name, at: "", depth: 0)
    }

    private func encode(
        _ json: JSONValue,
        as name: String,
        at path: String,
        depth: Int
    ) throws(MessageJSONError) -> [UInt8] {
        guard depth < Self.maxDepth else {
            throw MessageJSONError(path, "it is nested too deeply")
        }
        let message: MessageShape
        do throws(DescriptorError) {
            message = try schema.message(name)
        } catch {
            throw MessageJSONError(path, "\(error)")
        }
        guard case .object(let members) = json else {
            throw MessageJSONError(path, "it is a message \(name), and has to be a JSON object")
        }
        let values = try values(of: message, members, path)
        var writer = ProtoWriter()
        for field in message.fields {
            guard let value = values[field.number] else { continue }
            try write(value, of: field, at: Self.joined(path, field.name), depth, &writer)
        }
        return writer.bytes
    }

    /// The values by the numbers of their fields, without those that are `null`.
    private func values(
        of message: MessageShape,
        _ members: [JSONValue.Member],
        _ path: String
    ) throws(MessageJSONError) -> [Int32: JSONValue] {
        var values: [Int32: JSONValue] = [:]
        var oneofs: [Int: String] = [:]
        for member in members {
            guard let field = message.field(member.name) else {
                throw MessageJSONError(unknown: member.name, of: message, at: path)
            }
            let place = Self.joined(path, member.name)
            guard values[field.number] == nil else {
                throw MessageJSONError(place, "it is given twice, under both of its names")
            }
            if member.value == .null { continue }
            if let oneof = field.oneof {
                if let other = oneofs.updateValue(field.name, forKey: oneof) {
                    throw MessageJSONError(place, "«\(other)» is given as well, and excludes it")
                }
            }
            values[field.number] = member.value
        }
        return values
    }

    private static func joined(_ path: String, _ name: String) -> String {
        path.isEmpty ? name : "\(path).\(name)"
    }

    // MARK: - Fields

    private func write(
        _ json: JSONValue,
        of field: FieldShape,
        at path: String,
        _ depth: Int,
        _ writer: inout ProtoWriter
    ) throws(MessageJSONError) {
        guard field.isRepeated else {
            let value = try value(json, field.kind, path, depth)
            // What is the default is not sent where it says nothing more.
            if !field.hasPresence, value.isDefault { return }
            return writer.append(field.number, value)
        }
        guard case .array(let elements) = json else {
            throw MessageJSONError(path, "it is repeated, and has to be a JSON array")
        }
        var packed = ProtoWriter()
        for (index, element) in elements.enumerated() {
            let value = try value(element, field.kind, "\(path)[\(index)]", depth)
            if field.isPacked {
                packed.append(packed: value)
            } else {
                writer.append(field.number, value)
            }
        }
        if !packed.bytes.isEmpty { writer.append(field.number, .bytes(packed.bytes[...])) }
    }

    private func value(
        _ json: JSONValue,
        _ kind: FieldShape.Kind,
        _ path: String,
        _ depth: Int
    ) throws(MessageJSONError) -> ProtoReader.Value {
        switch kind {
        case .int32: .varint(UInt64(bitPattern: Int64(try integer(json, path) as Int32)))
        case .int64: .varint(UInt64(bitPattern: try integer(json, path) as Int64))
        case .uint32: .varint(UInt64(try integer(json, path) as UInt32))
        case .uint64: .varint(try integer(json, path) as UInt64)
        case .sint32: .varint(zigZag(Int64(try integer(json, path) as Int32)))
        case .sint64: .varint(zigZag(try integer(json, path) as Int64))
        case .fixed32: .fixed32(try integer(json, path) as UInt32)
        case .fixed64: .fixed64(try integer(json, path) as UInt64)
        case .sfixed32: .fixed32(UInt32(bitPattern: try integer(json, path) as Int32))
        case .sfixed64: .fixed64(UInt64(bitPattern: try integer(json, path) as Int64))
        case .double: .fixed64(try number(json, path).bitPattern)
        case .float: .fixed32(try single(json, path).bitPattern)
        case .bool: .varint(try bool(json, path) ? 1 : 0)
        case .string: .bytes(Array(try text(json, path).utf8)[...])
        case .bytes: .bytes(try bytes(json, path)[...])
        case .enumeration(let name): .varint(try enumeration(json, name, path))
        case .message(let name):
            .bytes(try encode(json, as: name, at: path, depth: depth + 1)[...])
        }
    }

    private func zigZag(_ value: Int64) -> UInt64 {
        UInt64(bitPattern: (value << 1) ^ (value >> 63))
    }

    // MARK: - Values

    private func integer<Value: FixedWidthInteger>(
        _ json: JSONValue,
        _ path: String
    ) throws(MessageJSONError) -> Value {
        let found: Value? =
            switch json {
            case .integer(let value): Value(exactly: value)
            case .unsigned(let value): Value(exactly: value)
            case .number(let value): Value(exactly: value)
            case .string(let text): Value(text)
            default: nil
            }
        guard let found else {
            throw MessageJSONError(
                path,
                "it has to be a whole number from \(Value.min) to \(Value.max)"
            )
        }
        return found
    }

    private func number(_ json: JSONValue, _ path: String) throws(MessageJSONError) -> Double {
        switch json {
        case .integer(let value): return Double(value)
        case .unsigned(let value): return Double(value)
        case .number(let value): return value
        case .string("NaN"): return .nan
        case .string("Infinity"): return .infinity
        case .string("-Infinity"): return -.infinity
        case .string(let text):
            if let value = Double(text), value.isFinite { return value }
        default: break
        }
        throw MessageJSONError(
            path,
            "it has to be a number, \"NaN\", \"Infinity\" or \"-Infinity\""
        )
    }

    private func single(_ json: JSONValue, _ path: String) throws(MessageJSONError) -> Float {
        let number = try number(json, path)
        let single = Float(number)
        guard single.isFinite || !number.isFinite else {
            throw MessageJSONError(path, "the number is too large for a field of 32 bits")
        }
        return single
    }

    private func bool(_ json: JSONValue, _ path: String) throws(MessageJSONError) -> Bool {
        guard case .bool(let value) = json else {
            throw MessageJSONError(path, "it has to be true or false")
        }
        return value
    }

    private func text(_ json: JSONValue, _ path: String) throws(MessageJSONError) -> String {
        guard case .string(let value) = json else {
            throw MessageJSONError(path, "it has to be a text")
        }
        return value
    }

    /// Base64, in either of its alphabets, padded or not.
    private func bytes(_ json: JSONValue, _ path: String) throws(MessageJSONError) -> [UInt8] {
        if case .string(let value) = json {
            var text = value.replacing("-", with: "+").replacing("_", with: "/")
            if !text.hasSuffix("=") {
                text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
            }
            if let data = Data(base64Encoded: text) { return Array(data) }
        }
        throw MessageJSONError(path, "it has to be a text in Base64")
    }

    private func enumeration(
        _ json: JSONValue,
        _ name: String,
        _ path: String
    ) throws(MessageJSONError) -> UInt64 {
        guard case .string(let text) = json else {
            return UInt64(bitPattern: Int64(try integer(json, path) as Int32))
        }
        let found: EnumShape
        do throws(DescriptorError) {
            found = try schema.enumeration(name)
        } catch {
            throw MessageJSONError(path, "\(error)")
        }
        guard let number = found.number(text) else {
            let names = found.values.map(\.name).joined(separator: ", ")
            throw MessageJSONError(path, "«\(text)» is no \(name); there are \(names)")
        }
        return UInt64(bitPattern: Int64(number))
    }
}

extension ProtoReader.Value {
    fileprivate var isDefault: Bool {
        switch self {
        case .varint(let value), .fixed64(let value): value == 0
        case .bytes(let bytes): bytes.isEmpty
        case .fixed32(let value): value == 0
        }
    }
}

/// JSON that is no message of its type.
struct MessageJSONError: Error, Hashable, Sendable, CustomStringConvertible {
    /// As `principals[2].display_name`; empty for the whole.
    let path: String
    let explanation: String

    init(_ path: String, _ explanation: String) {
        self.path = path
        self.explanation = explanation
    }

    fileprivate init(unknown name: String, of message: MessageShape, at path: String) {
        let names = message.fields.map(\.name)
        self.init(
            path.isEmpty ? name : "\(path).\(name)",
            names.isEmpty
                ? "\(message.name) has no fields"
                : "\(message.name) has no such field; it has \(names.joined(separator: ", "))"
        )
    }

    var description: String { path.isEmpty ? explanation : "\(path): \(explanation)" }
}
