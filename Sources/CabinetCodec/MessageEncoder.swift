internal import CProtobufC

/// Encodes messages, one after another, with one arena, into buffers of the caller's.
///
/// Each event loop, or thread, has its own.
public struct MessageEncoder: ~Copyable {
    @usableFromInline
    let arena = EncodingArena()

    public init() {}

    deinit { arena.deallocate() }

    /// Encodes `message` into memory that `body` provides.
    ///
    /// `body` is given the exact number of bytes and a function that writes them. It calls the
    /// function at most once, with a buffer of at least that size; the function returns the number
    /// of bytes written.
    ///
    /// - Complexity: O(*n*) in the size of the message. Strings and byte arrays are copied once.
    @inlinable
    public mutating func encode<M: Message, Output, Failure: Error>(
        _ message: M,
        _ body: (
            _ byteCount: Int, _ write: (UnsafeMutableRawBufferPointer) -> Int
        ) throws(Failure) -> Output
    ) throws(Failure) -> Output {
        defer { arena.reset() }
        return try withExtendedLifetime(message) { () throws(Failure) -> Output in
            let packed = message._encode(in: arena)
            let byteCount = packed.packedByteCount
            return try body(byteCount) { buffer in
                precondition(buffer.count >= byteCount, "the buffer is too small for the message")
                return packed.pack(into: buffer)
            }
        }
    }

    /// The number of bytes that `message` takes when encoded.
    public mutating func byteCount<M: Message>(of message: M) -> Int {
        encode(message) { byteCount, _ in byteCount }
    }
}

extension RawMessage {
    @usableFromInline
    var packedByteCount: Int {
        protobuf_c_message_get_packed_size(bound(to: ProtobufCMessage.self))
    }

    /// Writes ``packedByteCount`` bytes, for which `buffer` has room, and returns how many.
    @usableFromInline
    func pack(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        guard let start = buffer.baseAddress else { return 0 }
        return protobuf_c_message_pack(
            bound(to: ProtobufCMessage.self),
            start.assumingMemoryBound(to: UInt8.self)
        )
    }
}
