/// A protobuf message that `protoc-gen-cabinet` generated: a value that can be encoded and decoded.
///
/// Types conform by being generated. The requirements with a leading underscore connect generated
/// code to the codec and are not for other callers.
public protocol Message: Sendable, Hashable {
    /// A message with every field at its default.
    init()

    /// The full name of the message in its schema, for example `cabinet.rpc.Hello`.
    static var fullName: String { get }

    /// Whether decoding refuses fields, and numbers of enums, that the schema does not know.
    ///
    /// `true` where the schema marks the message as signed: nobody may count, or be held to, what
    /// they could not read. Elsewhere unknown fields are skipped, so that schemas can grow.
    static var refusesUnknownFields: Bool { get }

    /// The C descriptor of the message.
    static var _descriptor: MessageDescriptor { get }

    /// Copies an unpacked C message into a value.
    init(_decoding raw: RawMessage) throws(MessageDecodingError)

    /// Builds the C message, in `arena`, that refers to this value's bytes.
    func _encode(in arena: EncodingArena) -> RawMessage
}

extension Message {
    public static var refusesUnknownFields: Bool { false }
}

extension Message {
    /// Decodes one message from all of `bytes`.
    ///
    /// A caller that decodes many messages keeps a ``MessageDecoder`` and saves an allocation each.
    ///
    /// - Throws: ``MessageDecodingError``, with the path of the field where that is known.
    public init(
        serialized bytes: [UInt8],
        limits: DecodingLimits = .default
    ) throws(MessageDecodingError) {
        var decoder = MessageDecoder(limits: limits)
        self = try decoder.decode(Self.self, from: bytes)
    }

    /// The message in protobuf's binary format, fields in the order of their numbers.
    ///
    /// What is signed or hashed is never a re-encoding: keep the bytes that this returned, or those
    /// that arrived.
    public func serialized() -> [UInt8] {
        var encoder = MessageEncoder()
        return encoder.encode(self) { byteCount, write in
            // An empty array is one for the whole process, to which this initializer would write.
            if byteCount == 0 { return [] }
            return [UInt8](unsafeUninitializedCapacity: byteCount) { buffer, initializedCount in
                initializedCount = write(UnsafeMutableRawBufferPointer(buffer))
            }
        }
    }
}

/// A protobuf enum that `protoc-gen-cabinet` generated. It keeps a number that the schema does not
/// know, unless the message is signed.
public protocol MessageEnum: RawRepresentable, CaseIterable, Sendable, Hashable
where RawValue == Int32 {
    /// The value with that number, or the unrecognized value that keeps it.
    init(rawValue: Int32)
}
