/// A file of a schema as protoc read it: a `google.protobuf.FileDescriptorProto`, which says all that
/// the file does, comments excepted. Generated code holds those of its schema.
public struct SchemaFile: Sendable {
    /// The path that the file is imported by, for example `cabinet/v1/voting.proto`.
    public let name: String
    private let base64: StaticString

    /// - Parameter base64: The serialized descriptor. For generated code.
    public init(name: String, base64: StaticString) {
        self.name = name
        self.base64 = base64
    }

    /// The serialized descriptor.
    ///
    /// - Complexity: O(*n*): it is decoded anew each time.
    public var serialized: [UInt8] {
        base64.withUTF8Buffer { text in
            var bytes: [UInt8] = []
            bytes.reserveCapacity(text.count / 4 * 3)
            var bits: UInt32 = 0
            var bitCount = 0
            for character in text where character != UInt8(ascii: "=") {
                bits = bits << 6 | Self.value(of: character)
                bitCount += 6
                guard bitCount >= 8 else { continue }
                bitCount -= 8
                bytes.append(UInt8(truncatingIfNeeded: bits >> bitCount))
            }
            return bytes
        }
    }

    private static func value(of character: UInt8) -> UInt32 {
        switch character {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
        case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a")) + 26
        case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0")) + 52
        case UInt8(ascii: "+"): 62
        case UInt8(ascii: "/"): 63
        default: preconditionFailure("generated code holds a descriptor that is not Base64")
        }
    }
}
