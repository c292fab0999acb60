/// Why bytes are not an acceptable message.
public struct MessageDecodingError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// The message is longer than ``DecodingLimits/maxMessageBytes``.
        case messageTooLarge(byteCount: Int, limit: Int)
        /// There are more fields than ``DecodingLimits/maxFieldCount``.
        case tooManyFields(limit: Int)
        /// There are more unknown fields than ``DecodingLimits/maxUnknownFieldCount``.
        case tooManyUnknownFields(limit: Int)
        /// The message needs more memory than ``DecodingLimits/maxArenaBytes``.
        case arenaExhausted(limit: Int)
        /// The submessages need more memory than ``DecodingLimits/maxValueBytes``.
        case valueTooLarge(limit: Int)
        /// The bytes end inside a field.
        case truncated
        /// A varint is longer than its kind allows: 10 bytes for a value, 5 for a tag or a length.
        case malformedVarint
        /// The number of a field is zero.
        case invalidFieldNumber
        /// A wire type that protobuf does not define, or a group.
        case unsupportedWireType(UInt8)
        /// A known field has another wire type than its type requires.
        case wrongWireType(UInt8)
        /// A packed field does not hold a whole number of elements.
        case malformedPackedField
        /// A number does not fit the type of its field, for example 2 in a `bool`.
        case integerOutOfRange
        /// A singular field, or a second member of its `oneof`, occurs again.
        case duplicateField
        /// A `string` is not UTF-8.
        case invalidUTF8
        /// The schema does not know the field, and the message is signed.
        case unknownField
        /// The schema does not know the number of an enum, and the message is signed.
        case unknownEnumValue
        /// protobuf-c refused what the checks before it had accepted.
        case refusedByProtobufC
    }

    /// What is wrong.
    public let reason: Reason

    /// Where: field names with indices from the decoded message down, such as `seats[3].name`. An
    /// unknown field is given as `#` and its number. Empty where the whole message is meant.
    public private(set) var path: String

    /// The offset in the decoded bytes where the problem was seen, where that is known.
    public let byteOffset: Int?

    /// The full name of the message that was being decoded; empty until the decoder has set it.
    public private(set) var messageName = ""

    public init(_ reason: Reason, path: String = "", byteOffset: Int? = nil) {
        self.reason = reason
        self.path = path
        self.byteOffset = byteOffset
    }

    /// The same error seen from the enclosing message.
    @usableFromInline
    func inside(_ field: String, index: Int? = nil) -> MessageDecodingError {
        var error = self
        let step = index.map { "\(field)[\($0)]" } ?? field
        error.path = path.isEmpty ? step : "\(step).\(path)"
        return error
    }

    func naming(_ messageName: String) -> MessageDecodingError {
        var error = self
        error.messageName = messageName
        return error
    }
}

extension MessageDecodingError: CustomStringConvertible {
    public var description: String {
        let place = path.isEmpty ? messageName : "\(messageName).\(path)"
        let offset = byteOffset.map { " (at byte \($0))" } ?? ""
        return "\(place): \(reason)\(offset)"
    }
}

extension MessageDecodingError.Reason: CustomStringConvertible {
    public var description: String {
        switch self {
        case .messageTooLarge(let byteCount, let limit):
            "the message has \(byteCount) bytes, and the limit is \(limit)"
        case .tooManyFields(let limit):
            "the message has more than \(limit) fields"
        case .tooManyUnknownFields(let limit):
            "the message has more than \(limit) fields that the schema does not know"
        case .arenaExhausted(let limit):
            "the message needs more than \(limit) bytes of memory to decode"
        case .valueTooLarge(let limit):
            "the submessages need more than \(limit) bytes of memory"
        case .truncated:
            "the bytes end inside a field"
        case .malformedVarint:
            "a varint is too long"
        case .invalidFieldNumber:
            "a field has the number 0"
        case .unsupportedWireType(let wireType):
            "the wire type \(wireType) is not supported"
        case .wrongWireType(let wireType):
            "the wire type \(wireType) does not fit the type of the field"
        case .malformedPackedField:
            "a packed field does not hold a whole number of elements"
        case .integerOutOfRange:
            "a number does not fit the type of the field"
        case .duplicateField:
            "a singular field, or a second member of its oneof, occurs again"
        case .invalidUTF8:
            "a string is not UTF-8"
        case .unknownField:
            "the schema does not know this field, and a signed message may not have such"
        case .unknownEnumValue:
            "the schema does not know this number, and a signed message may not have such"
        case .refusedByProtobufC:
            "protobuf-c could not read the message"
        }
    }
}
