/// Holds the C form of a message while it is encoded. For generated code.
///
/// The C structs live in the arena. The bytes of strings and byte arrays do not: the structs point
/// to them where they are, in the Swift values, and protobuf-c copies them once, into the caller's
/// buffer. That is sound because ``MessageEncoder`` keeps the message alive and unchanged until
/// protobuf-c has returned, and the storage of an array, and of a string that is not stored inline
/// in its value, has one address for as long as the value is neither changed nor released. `Span`
/// rests on the same property of the two types.
///
/// It has no limit of its own: a message's C form is at most a small multiple of the Swift value
/// that the caller already holds.
///
/// A reference: copies of it are the same arena.
public struct EncodingArena {
    // Behind a pointer, and not a property of a class: access to it needs no check for exclusivity.
    private let arena: UnsafeMutablePointer<Arena>

    init() {
        arena = .allocate(capacity: 1)
        arena.initialize(to: Arena(firstChunkBytes: 4096, limit: .max))
    }

    func deallocate() {
        arena.deinitialize(count: 1)
        arena.deallocate()
    }

    @usableFromInline
    func reset() {
        arena.pointee.reset()
    }

    /// Uninitialized room for one C struct.
    @inlinable
    public func allocate<C>(_ type: C.Type) -> UnsafeMutablePointer<C> {
        allocate(type, count: 1)
    }

    @inlinable
    func allocate<C>(_ type: C.Type, count: Int) -> UnsafeMutablePointer<C> {
        allocate(byteCount: MemoryLayout<C>.stride * count)
            .bindMemory(to: type, capacity: count)
    }

    @usableFromInline
    func allocate(byteCount: Int) -> UnsafeMutableRawPointer {
        // The limit is Int.max and the size that of values in memory, so there is no refusal.
        arena.pointee.allocate(byteCount).unsafelyUnwrapped
    }

    // MARK: - Singular fields

    /// A struct `ProtobufCBinaryData`, which is what `C` has to be.
    @inlinable
    public func reference<C>(_ bytes: [UInt8]) -> C {
        bytes.withUnsafeBufferPointer { BinaryData($0) }.cast()
    }

    /// A struct `ProtobufCBinaryData`, which is what `C` has to be.
    @inlinable
    public func reference<C>(_ string: String) -> C {
        binaryData(string).cast()
    }

    @inlinable
    public func message<M: Message, C>(_ message: M) -> UnsafeMutablePointer<C> {
        message._encode(in: self).bound(to: C.self)
    }

    // MARK: - Repeated fields

    /// The elements of a repeated field whose C and Swift types are the same.
    @inlinable
    public func array<Element: BitwiseCopyable>(
        _ elements: [Element]
    ) -> (UnsafeMutablePointer<Element>?, Int) {
        elements.withUnsafeBufferPointer { buffer in
            (UnsafeMutablePointer(mutating: buffer.baseAddress), buffer.count)
        }
    }

    /// The elements of a repeated `bool`: an `int` in C.
    public func booleans(_ elements: [Bool]) -> (UnsafeMutablePointer<Int32>?, Int) {
        map(elements) { $0 ? 1 : 0 }
    }

    @inlinable
    public func enums<E: MessageEnum>(_ elements: [E]) -> (UnsafeMutablePointer<Int32>?, Int) {
        map(elements) { $0.rawValue }
    }

    @inlinable
    public func byteArrays<C>(_ elements: [[UInt8]]) -> (UnsafeMutablePointer<C>?, Int) {
        map(elements) { reference($0) }
    }

    @inlinable
    public func strings<C>(_ elements: [String]) -> (UnsafeMutablePointer<C>?, Int) {
        map(elements) { reference($0) }
    }

    @inlinable
    public func messages<M: Message, C>(
        _ elements: [M]
    ) -> (UnsafeMutablePointer<UnsafeMutablePointer<C>?>?, Int) {
        map(elements) { $0._encode(in: self).bound(to: C.self) }
    }

    // MARK: -

    @inlinable
    func map<Element, C>(
        _ elements: [Element],
        _ transform: (Element) -> C
    ) -> (UnsafeMutablePointer<C>?, Int) {
        guard !elements.isEmpty else { return (nil, 0) }
        let result = allocate(C.self, count: elements.count)
        elements.withUnsafeBufferPointer { buffer in
            for index in buffer.indices {
                (result + index).initialize(to: transform(buffer[index]))
            }
        }
        return (result, elements.count)
    }

    @usableFromInline
    func binaryData(_ string: String) -> BinaryData {
        // A string of up to 15 bytes has no storage: its bytes are the value.
        let byteCount = string.utf8.count
        if byteCount > 15,
            let reference = string.utf8.withContiguousStorageIfAvailable({ BinaryData($0) })
        {
            return reference
        }
        let copy = UnsafeMutableBufferPointer(
            start: allocate(UInt8.self, count: byteCount),
            count: byteCount
        )
        _ = copy.initialize(from: string.utf8)
        return BinaryData(UnsafeBufferPointer(copy))
    }
}
