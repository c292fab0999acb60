/// protobuf-c's `ProtobufCBinaryData` under a Swift name, with the same layout: a length, and a
/// pointer that may be null where the length is 0.
@frozen
@usableFromInline
struct BinaryData: BitwiseCopyable {
    @usableFromInline
    var count: Int
    @usableFromInline
    var data: UnsafePointer<UInt8>?

    @inlinable
    init(_ buffer: UnsafeBufferPointer<UInt8>) {
        count = buffer.count
        data = buffer.baseAddress
    }

    /// Reads a struct `ProtobufCBinaryData`, which is what `C` has to be.
    @inlinable
    init<C>(_ value: C) {
        self = unsafeBitCast(value, to: BinaryData.self)
    }

    /// The same as a struct `ProtobufCBinaryData`, which is what `C` has to be.
    @inlinable
    func cast<C>(to type: C.Type = C.self) -> C {
        unsafeBitCast(self, to: type)
    }

    @inlinable
    var buffer: UnsafeBufferPointer<UInt8> {
        UnsafeBufferPointer(start: data, count: count)
    }
}
