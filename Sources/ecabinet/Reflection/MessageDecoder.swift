import Foundation

/// Decodes messages into JSON, by the mapping of proto3 with the names of the schema: 64-bit integers are
/// texts, bytes are Base64, enums are named. Fields that the schema does not have are left out.
struct MessageDecoder {
    private static let maxDepth = 64

    let schema: DescriptorSet
    /// Whether fields that are not there are written with their default.
    var writesDefaults = false

    /// - Parameter name: The full name of the message.
    /// - Throws: ``ProtoError`` where the bytes are no such message, or the schema lacks a type.
    func decode(_ bytes: [UInt8], as name: String) throws(ProtoError) -> JSONValue {
        try decode(bytes[...], as: name, depth: 0)
    }

    private func decode(
        _ bytes: ArraySlice<UInt8>,
        as name: String,
        depth: Int
    ) throws(ProtoError) -> JSONValue {
        guard depth < Self.maxDepth, let message = schema.messages[name] else { throw .malformed }
        var found: [Int32: [JSONValue]] = [:]
        var reader = ProtoReader(bytes)
        while let (number, value) = try reader.next() {
            guard let field = message.field(number) else { continue }
            found[number, default: []] += try values(of: field, value, depth)
        }
        var members: [JSONValue.Member] = []
        for field in message.fields {
            if let value = value(of: field, found[field.number] ?? []) {
                members.append(.init(field.name, value))
            }
        }
        return .object(members)
    }

    /// - Returns: `nil` for a field that is left out.
    private func value(of field: FieldShape, _ values: [JSONValue]) -> JSONValue? {
        if field.isRepeated { return values.isEmpty && !writesDefaults ? nil : .array(values) }
        // The last one counts.
        if let value = values.last { return value }
        guard writesDefaults, !field.hasPresence else { return nil }
        return defaultValue(of: field.kind)
    }

    private func defaultValue(of kind: FieldShape.Kind) -> JSONValue {
        switch kind {
        case .string, .bytes: .string("")
        case .bool: .bool(false)
        case .int64, .uint64, .sint64, .fixed64, .sfixed64: .string("0")
        case .int32, .uint32, .sint32, .fixed32, .sfixed32, .double, .float: .integer(0)
        case .enumeration(let name): schema.enums[name]?.name(0).map { .string($0) } ?? .integer(0)
        // It has presence.
        case .message: .null
        }
    }

    // MARK: - Values

    /// The elements of a field that may be packed, or its one value.
    private func values(
        of field: FieldShape,
        _ value: ProtoReader.Value,
        _ depth: Int
    ) throws(ProtoError) -> [JSONValue] {
        guard field.isPacked, case .bytes(let bytes) = value else {
            return [try single(value, of: field, depth: depth)]
        }
        var reader = ProtoReader(bytes)
        var values: [JSONValue] = []
        while !reader.isAtEnd {
            let element: ProtoReader.Value =
                switch field.kind {
                case .fixed64, .sfixed64, .double: .fixed64(try reader.fixed(8))
                case .fixed32, .sfixed32, .float:
                    .fixed32(UInt32(truncatingIfNeeded: try reader.fixed(4)))
                default: .varint(try reader.varint())
                }
            values.append(try single(element, of: field, depth: depth))
        }
        return values
    }

    private func single(
        _ value: ProtoReader.Value,
        of field: FieldShape,
        depth: Int
    ) throws(ProtoError) -> JSONValue {
        switch value {
        case .varint(let value): try json(value, field.kind)
        case .fixed64(let value): try json(fixed: value, field.kind)
        case .fixed32(let value): try json(fixed: value, field.kind)
        case .bytes(let bytes): try json(bytes, field.kind, depth)
        }
    }

    private func json(
        _ value: UInt64,
        _ kind: FieldShape.Kind
    ) throws(ProtoError) -> JSONValue {
        switch kind {
        case .int32: return .integer(Int64(Int32(truncatingIfNeeded: value)))
        case .int64: return .string(String(Int64(bitPattern: value)))
        case .uint32: return .integer(Int64(UInt32(truncatingIfNeeded: value)))
        case .uint64: return .string(String(value))
        case .sint32: return .integer(Int64(Int32(truncatingIfNeeded: unzigZag(value))))
        case .sint64: return .string(String(unzigZag(value)))
        case .bool: return .bool(value != 0)
        case .enumeration(let name):
            let number = Int32(truncatingIfNeeded: value)
            return schema.enums[name]?.name(number).map { .string($0) } ?? .integer(Int64(number))
        default: throw .malformed
        }
    }

    private func unzigZag(_ value: UInt64) -> Int64 {
        Int64(bitPattern: value >> 1) ^ -Int64(bitPattern: value & 1)
    }

    private func json(
        fixed value: UInt64,
        _ kind: FieldShape.Kind
    ) throws(ProtoError) -> JSONValue {
        switch kind {
        case .fixed64: .string(String(value))
        case .sfixed64: .string(String(Int64(bitPattern: value)))
        case .double: number(Double(bitPattern: value))
        default: throw .malformed
        }
    }

    private func json(
        fixed value: UInt32,
        _ kind: FieldShape.Kind
    ) throws(ProtoError) -> JSONValue {
        switch kind {
        case .fixed32: return .integer(Int64(value))
        case .sfixed32: return .integer(Int64(Int32(bitPattern: value)))
        case .float:
            let single = Float(bitPattern: value)
            // By its own digits, which are fewer than those of the same number in 64 bits.
            return number(single.isFinite ? Double("\(single)") ?? Double(single) : Double(single))
        default: throw .malformed
        }
    }

    private func number(_ value: Double) -> JSONValue {
        if value.isNaN { return .string("NaN") }
        if value.isInfinite { return .string(value < 0 ? "-Infinity" : "Infinity") }
        return .number(value)
    }

    private func json(
        _ bytes: ArraySlice<UInt8>,
        _ kind: FieldShape.Kind,
        _ depth: Int
    ) throws(ProtoError) -> JSONValue {
        switch kind {
        case .string:
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
            return .string(text)
        case .bytes: return .string(Data(bytes).base64EncodedString())
        case .message(let name): return try decode(bytes, as: name, depth: depth + 1)
        default: throw .malformed
        }
    }
}
