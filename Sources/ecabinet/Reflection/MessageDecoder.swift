import Foundation

/// Decodes messages into JSON, by the mapping of proto3 with the names of the schema: 64-bit integers are
/// texts, bytes are Base64, enums are named. Fields that the schema does not have are left out.
///
/// What comes more than once is merged as protobuf's encoding has it («Last One Wins»): of a field that is
/// not repeated, and of the fields of a oneof, the last counts; parts of one message are merged.
struct MessageDecoder {
    private static let maxDepth = 64
    /// Values in a message, those of the messages within it, defaults that are written and fields that the
    /// schema does not have included. A byte of a packed field is a value, and takes some fifty times as much
    /// in JSON.
    static let maxValues = 262_144

    let schema: DescriptorSet
    /// Whether fields that are not there are written with their default.
    var writesDefaults = false

    /// - Parameter name: The full name of the message.
    /// - Throws: ``ProtoError`` where the bytes are no such message, the schema lacks a type, or there are
    ///   more than ``maxValues`` values.
    func decode(_ bytes: [UInt8], as name: String) throws(ProtoError) -> JSONValue {
        var budget = ValueBudget(left: Self.maxValues)
        return try decode(bytes[...], as: name, depth: 0, &budget)
    }

    /// Values that may still be decoded.
    private struct ValueBudget {
        var left: Int

        mutating func take() throws(ProtoError) {
            guard left > 0 else { throw .tooManyValues }
            left -= 1
        }
    }

    /// What was found of each field, by its number.
    private struct Found {
        var values: [Int32: [JSONValue]] = [:]
        /// The parts of messages that are not repeated: one after the other they are that message's encoding
        /// as well.
        var parts: [Int32: [ArraySlice<UInt8>]] = [:]

        /// Of each oneof the number of the field that counts.
        private var chosen: [Int: Int32] = [:]

        /// Gives up the other field of the oneof that a field is in.
        mutating func keep(_ field: FieldShape) {
            guard let oneof = field.oneof,
                let other = chosen.updateValue(field.number, forKey: oneof), other != field.number
            else { return }
            values[other] = nil
            parts[other] = nil
        }
    }

    private func decode(
        _ bytes: ArraySlice<UInt8>,
        as name: String,
        depth: Int,
        _ budget: inout ValueBudget
    ) throws(ProtoError) -> JSONValue {
        guard depth < Self.maxDepth, let message = schema.messages[name] else { throw .malformed }
        var found = Found()
        var reader = ProtoReader(bytes)
        while let (number, value) = try reader.next() {
            guard let field = message.field(number) else {
                try budget.take()
                continue
            }
            found.keep(field)
            if case .message = field.kind, !field.isRepeated {
                guard case .bytes(let part) = value else { throw .malformed }
                try budget.take()
                found.parts[number, default: []].append(part)
            } else {
                found.values[number, default: []] += try values(of: field, value, depth, &budget)
            }
        }
        var members: [JSONValue.Member] = []
        for field in message.fields {
            if let value = try value(of: field, found, depth, &budget) {
                members.append(.init(field.name, value))
            }
        }
        return .object(members)
    }

    /// One part is not copied.
    private static func joined(_ parts: [ArraySlice<UInt8>]) -> ArraySlice<UInt8> {
        parts.count == 1 ? parts[0] : Array(parts.joined())[...]
    }

    /// - Returns: `nil` for a field that is left out.
    private func value(
        of field: FieldShape,
        _ found: Found,
        _ depth: Int,
        _ budget: inout ValueBudget
    ) throws(ProtoError) -> JSONValue? {
        if case .message(let name) = field.kind, let parts = found.parts[field.number] {
            return try decode(Self.joined(parts), as: name, depth: depth + 1, &budget)
        }
        let values = found.values[field.number] ?? []
        if let last = values.last { return field.isRepeated ? .array(values) : last }
        guard writesDefaults, field.isRepeated || !field.hasPresence else { return nil }
        // A message of two bytes may have a thousand of them.
        try budget.take()
        return field.isRepeated ? .array([]) : defaultValue(of: field.kind)
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
        _ depth: Int,
        _ budget: inout ValueBudget
    ) throws(ProtoError) -> [JSONValue] {
        guard field.isPacked, case .bytes(let bytes) = value else {
            return [try single(value, of: field, depth, &budget)]
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
            values.append(try single(element, of: field, depth, &budget))
        }
        return values
    }

    private func single(
        _ value: ProtoReader.Value,
        of field: FieldShape,
        _ depth: Int,
        _ budget: inout ValueBudget
    ) throws(ProtoError) -> JSONValue {
        try budget.take()
        return switch value {
        case .varint(let value): try json(value, field.kind)
        case .fixed64(let value): try json(fixed: value, field.kind)
        case .fixed32(let value): try json(fixed: value, field.kind)
        case .bytes(let bytes): try json(bytes, field.kind, depth, &budget)
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
        _ depth: Int,
        _ budget: inout ValueBudget
    ) throws(ProtoError) -> JSONValue {
        switch kind {
        case .string:
            guard let text = String(validating: bytes, as: UTF8.self) else { throw .malformed }
            return .string(text)
        case .bytes: return .string(Data(bytes).base64EncodedString())
        case .message(let name): return try decode(bytes, as: name, depth: depth + 1, &budget)
        default: throw .malformed
        }
    }
}
