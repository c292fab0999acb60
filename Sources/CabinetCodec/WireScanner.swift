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
    private let bytes: UnsafePointer<UInt8>
    private let limits: DecodingLimits
    private let refusesUnknownFields: Bool
    private var fieldCount = 0
    private var unknownFieldCount = 0

    init(
        bytes: UnsafePointer<UInt8>,
        limits: DecodingLimits,
        refusesUnknownFields: Bool
    ) {
        self.bytes = bytes
        self.limits = limits
        self.refusesUnknownFields = refusesUnknownFields
    }

    /// Checks the message in `start..<end`.
    ///
    /// The recursion is as deep as the schema nests messages, whatever the bytes are: the generator
    /// refuses recursive messages.
    ///
    /// - Complexity: O(*n*) in the number of bytes.
    mutating func scan(
        _ descriptor: UnsafePointer<ProtobufCMessageDescriptor>,
        from start: Int,
        to end: Int
    ) throws(MessageDecodingError) {
        var position = start
        var seen = SeenFields()
        var lookup = FieldLookup(descriptor)

        while position < end {
            let fieldStart = position
            let (number, wireType) = try readTag(&position, end)
            try countFields(1, at: fieldStart)
            guard let field = lookup.field(number) else {
                try skipUnknownField(number, wireType, &position, end, fieldStart)
                continue
            }
            do throws(MessageDecodingError) {
                if field.pointee.label != PROTOBUF_C_LABEL_REPEATED {
                    guard seen.insert(field, of: descriptor) else {
                        throw MessageDecodingError(.duplicateField, byteOffset: fieldStart)
                    }
                }
                try scanValue(of: field, wireType, &position, end)
            } catch {
                var index: Int?
                if field.pointee.label == PROTOBUF_C_LABEL_REPEATED, wireType == .lengthDelimited,
                    !field.pointee.type.isPackable
                {
                    index = occurrences(of: number, from: start, to: fieldStart)
                }
                throw error.inside(String(cString: field.pointee.name), index: index)
            }
        }
    }

    private mutating func scanValue(
        of field: UnsafePointer<ProtobufCFieldDescriptor>,
        _ wireType: WireType,
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) {
        let type = field.pointee.type
        if wireType == type.wireType {
            switch wireType {
            case .varint:
                try readInteger(type, &position, end)
            case .fixed64:
                try advance(8, &position, end)
            case .fixed32:
                try advance(4, &position, end)
            case .lengthDelimited:
                let length = try readLength(&position, end)
                if type == PROTOBUF_C_TYPE_MESSAGE {
                    let descriptor = field.pointee.descriptor.assumingMemoryBound(
                        to: ProtobufCMessageDescriptor.self
                    )
                    try scan(descriptor, from: position, to: position + length)
                }
                position += length
            }
        } else if wireType == .lengthDelimited, field.pointee.label == PROTOBUF_C_LABEL_REPEATED {
            try scanPacked(type, &position, end)
        } else {
            throw MessageDecodingError(.wrongWireType(wireType.rawValue), byteOffset: position)
        }
    }

    /// The elements of a packed field. Packed and single elements may be mixed, as protobuf asks.
    private mutating func scanPacked(
        _ type: ProtobufCType,
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) {
        let length = try readLength(&position, end)
        let packedEnd = position + length
        switch type.wireType {
        case .varint:
            while position < packedEnd {
                try countFields(1, at: position)
                try readInteger(type, &position, packedEnd)
            }
        case .fixed64, .fixed32:
            let width = type.wireType == .fixed64 ? 8 : 4
            guard length.isMultiple(of: width) else {
                throw MessageDecodingError(.malformedPackedField, byteOffset: position)
            }
            try countFields(length / width, at: position)
            position = packedEnd
        case .lengthDelimited:
            // A type that travels length-delimited was matched before: it cannot be packed.
            throw MessageDecodingError(
                .wrongWireType(WireType.lengthDelimited.rawValue),
                byteOffset: position
            )
        }
    }

    private mutating func skipUnknownField(
        _ number: UInt32,
        _ wireType: WireType,
        _ position: inout Int,
        _ end: Int,
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
            switch wireType {
            case .varint:
                _ = try readVarint(&position, end)
            case .fixed64:
                try advance(8, &position, end)
            case .fixed32:
                try advance(4, &position, end)
            case .lengthDelimited:
                position += try readLength(&position, end)
            }
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

    // MARK: - Primitives

    private func readTag(
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) -> (number: UInt32, wireType: WireType) {
        let start = position
        let tag = try readVarint32(&position, end)
        guard tag >> 3 != 0 else {
            throw MessageDecodingError(.invalidFieldNumber, byteOffset: start)
        }
        guard let wireType = WireType(rawValue: UInt8(truncatingIfNeeded: tag & 7)) else {
            throw MessageDecodingError(
                .unsupportedWireType(UInt8(truncatingIfNeeded: tag & 7)),
                path: "#\(tag >> 3)",
                byteOffset: start
            )
        }
        return (tag >> 3, wireType)
    }

    /// A length that leaves room: `position + length <= end` holds afterwards.
    private func readLength(
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) -> Int {
        let start = position
        let length = Int(try readVarint32(&position, end))
        guard length <= end - position else {
            throw MessageDecodingError(.truncated, byteOffset: start)
        }
        return length
    }

    private func advance(
        _ byteCount: Int,
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) {
        guard byteCount <= end - position else {
            throw MessageDecodingError(.truncated, byteOffset: position)
        }
        position += byteCount
    }

    private func readInteger(
        _ type: ProtobufCType,
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) {
        let start = position
        let value = try readVarint(&position, end)
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

    private func readVarint(
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) -> UInt64 {
        let start = position
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The tenth byte has room for one bit.
            if shift == 63, byte > 1 {
                throw MessageDecodingError(.malformedVarint, byteOffset: start)
            }
            value |= UInt64(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw MessageDecodingError(.truncated, byteOffset: start)
    }

    /// A tag or a length: at most five bytes, at most 32 bits.
    private func readVarint32(
        _ position: inout Int,
        _ end: Int
    ) throws(MessageDecodingError) -> UInt32 {
        let start = position
        var value: UInt32 = 0
        var shift: UInt32 = 0
        while position < end {
            let byte = bytes[position]
            position += 1
            // The fifth byte has room for four bits.
            if shift == 28, byte > 0x0f {
                throw MessageDecodingError(.malformedVarint, byteOffset: start)
            }
            value |= UInt32(byte & 0x7f) &<< shift
            if byte < 0x80 { return value }
            shift += 7
        }
        throw MessageDecodingError(.truncated, byteOffset: start)
    }

    /// How often a field occurs in bytes that were scanned already. Only a failure asks, so that a
    /// good message does not pay for counting.
    private func occurrences(of number: UInt32, from start: Int, to end: Int) -> Int {
        var position = start
        var count = 0
        while position < end, let (found, wireType) = try? readTag(&position, end) {
            if found == number { count += 1 }
            switch wireType {
            case .varint: _ = try? readVarint(&position, end)
            case .fixed64: position += 8
            case .fixed32: position += 4
            case .lengthDelimited: position += (try? readLength(&position, end)) ?? end
            }
        }
        return count
    }
}
