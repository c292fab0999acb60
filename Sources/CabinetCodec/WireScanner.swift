internal import CProtobufC

/// Walks a serialized message before protobuf-c does, and accepts only what this codec means to
/// accept.
///
/// protobuf-c 1.4.1 says of bad bytes only that they are bad, keeps every unknown field, merges a
/// submessage that occurs twice, truncates numbers, and spends memory as it goes. The scanner finds
/// the problem and its place, bounds the number of fields, and is stricter than protobuf asks in
/// two points, so that two readers cannot take one message for two: a singular field occurs at most
/// once, and a number fits its field. An encoder that follows the schema never runs into either.
struct WireScanner {
    private let limits: DecodingLimits
    private let refusesUnknownFields: Bool
    private var fieldCount = 0
    private var unknownFieldCount = 0

    init(limits: DecodingLimits, refusesUnknownFields: Bool) {
        self.limits = limits
        self.refusesUnknownFields = refusesUnknownFields
    }

    /// Checks that the bytes of `message` are such a message.
    ///
    /// The recursion is as deep as the schema nests messages, whatever the bytes are: the generator
    /// refuses recursive messages.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    mutating func scan(
        _ message: WireCursor,
        _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>
    ) throws(MessageDecodingError) {
        var cursor = message
        var seen = SeenFields()
        var lookup = FieldLookup(descriptor)

        while !cursor.isAtEnd {
            let fieldStart = cursor.position
            let (number, wireType) = try cursor.readTag()
            try countFields(1, at: fieldStart)
            guard let (field, index) = lookup.field(number) else {
                try skipUnknownField(number, wireType, &cursor, fieldStart)
                continue
            }
            do throws(MessageDecodingError) {
                if field.pointee.label != PROTOBUF_C_LABEL_REPEATED {
                    guard seen.insert(index, of: lookup.fields) else {
                        throw MessageDecodingError(.duplicateField, byteOffset: fieldStart)
                    }
                }
                try scanValue(of: field, wireType, &cursor)
            } catch {
                var index: Int?
                if field.pointee.label == PROTOBUF_C_LABEL_REPEATED, wireType == .lengthDelimited,
                    !field.pointee.type.isPackable
                {
                    index = occurrences(of: number, in: message, before: fieldStart)
                }
                throw error.inside(field.pointee.schemaName, index: index)
            }
        }
    }

    private mutating func scanValue(
        of field: UnsafePointer<ProtobufCFieldDescriptor>,
        _ wireType: WireType,
        _ cursor: inout WireCursor
    ) throws(MessageDecodingError) {
        let type = field.pointee.type
        if wireType == type.wireType {
            switch wireType {
            case .varint:
                try scanInteger(type, &cursor)
            case .fixed64:
                try cursor.skip(8)
            case .fixed32:
                try cursor.skip(4)
            case .lengthDelimited:
                let value = try cursor.readLengthDelimited()
                if type == PROTOBUF_C_TYPE_MESSAGE {
                    let descriptor = field.pointee.descriptor.assumingMemoryBound(
                        to: ProtobufCMessageDescriptor.self
                    )
                    try scan(value, descriptor)
                }
            }
        } else if wireType == .lengthDelimited, field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
            try scanPacked(type, &cursor)
        } else {
            throw MessageDecodingError(
                .wrongWireType(wireType.rawValue),
                byteOffset: cursor.position
            )
        }
    }

    /// The elements of a packed field. Packed and single elements may be mixed, as protobuf asks.
    private mutating func scanPacked(
        _ type: ProtobufCType,
        _ cursor: inout WireCursor
    ) throws(MessageDecodingError) {
        var elements = try cursor.readLengthDelimited()
        switch type.wireType {
        case .varint:
            while !elements.isAtEnd {
                try countFields(1, at: elements.position)
                try scanInteger(type, &elements)
            }
        case .fixed64, .fixed32:
            let width = type.wireType == .fixed64 ? 8 : 4
            guard elements.remaining.isMultiple(of: width) else {
                throw MessageDecodingError(.malformedPackedField, byteOffset: elements.position)
            }
            try countFields(elements.remaining / width, at: elements.position)
        case .lengthDelimited:
            // A type that travels length-delimited was matched before: it cannot be packed.
            throw MessageDecodingError(
                .wrongWireType(WireType.lengthDelimited.rawValue),
                byteOffset: elements.position
            )
        }
    }

    private func scanInteger(
        _ type: ProtobufCType,
        _ cursor: inout WireCursor
    ) throws(MessageDecodingError) {
        let start = cursor.position
        let value = try cursor.readVarint()
        let fits =
            switch type {
            case PROTOBUF_C_TYPE_INT32, PROTOBUF_C_TYPE_ENUM:
                Int32(exactly: Int64(bitPattern: value)) != nil
            case PROTOBUF_C_TYPE_UINT32, PROTOBUF_C_TYPE_SINT32:
                value <= UInt64(UInt32.max)
            case PROTOBUF_C_TYPE_BOOL:
                value <= 1
            default:
                true
            }
        guard fits else {
            throw MessageDecodingError(.integerOutOfRange, byteOffset: start)
        }
    }

    private mutating func skipUnknownField(
        _ number: UInt32,
        _ wireType: WireType,
        _ cursor: inout WireCursor,
        _ fieldStart: Int
    ) throws(MessageDecodingError) {
        func failure(_ reason: MessageDecodingError.Reason) -> MessageDecodingError {
            MessageDecodingError(reason, path: "#\(number)", byteOffset: fieldStart)
        }
        if refusesUnknownFields {
            throw failure(.unknownField)
        }
        unknownFieldCount += 1
        if unknownFieldCount > limits.maxUnknownFieldCount {
            throw failure(.tooManyUnknownFields(limit: limits.maxUnknownFieldCount))
        }
        do {
            try cursor.skipValue(of: wireType)
        } catch {
            throw error.inside("#\(number)")
        }
    }

    private mutating func countFields(
        _ count: Int,
        at offset: Int
    ) throws(MessageDecodingError) {
        fieldCount += count
        if fieldCount > limits.maxFieldCount {
            throw MessageDecodingError(
                .tooManyFields(limit: limits.maxFieldCount),
                byteOffset: offset
            )
        }
    }

    /// How often a field occurs in bytes that were scanned already. Only a failure asks, so that a
    /// good message does not pay for counting.
    private func occurrences(of number: UInt32, in message: WireCursor, before end: Int) -> Int {
        var cursor = message
        var count = 0
        while cursor.position < end, let (found, wireType) = try? cursor.readTag() {
            if found == number { count += 1 }
            guard (try? cursor.skipValue(of: wireType)) != nil else { break }
        }
        return count
    }
}

extension ProtobufCFieldDescriptor {
    /// The field's name in the schema. The generator gives protoc-gen-c another name for three words
    /// that are taken in the C struct or in Swift; a path shows the one that the schema has.
    fileprivate var schemaName: String {
        let name = String(cString: name)
        return ["base_", "init_", "self_"].contains(name.lowercased())
            ? String(name.dropLast()) : name
    }
}
