internal import CProtobufC

/// Decodes messages, one after another, with one arena.
///
/// Each event loop, or thread, has its own. Decoding scans the bytes for everything that could be
/// wrong, lets protobuf-c unpack them into the arena, and copies the result into a Swift value,
/// where the strings are checked.
public struct MessageDecoder: ~Copyable {
    /// What one message may cost.
    public let limits: DecodingLimits

    // The arena and the allocator have addresses that protobuf-c's callbacks can rely on.
    private let arena: UnsafeMutablePointer<Arena>
    private let allocator: UnsafeMutableRawPointer
    private let context: UnsafeMutablePointer<DecodingContext>

    public init(limits: DecodingLimits = .default) {
        self.limits = limits
        arena = .allocate(capacity: 1)
        arena.initialize(
            to: Arena(
                firstChunkBytes: min(4096, max(limits.maxArenaBytes, 0)),
                limit: limits.maxArenaBytes
            )
        )
        let allocator = UnsafeMutablePointer<ProtobufCAllocator>.allocate(capacity: 1)
        allocator.initialize(
            to: ProtobufCAllocator(
                alloc: { arena, byteCount in
                    arena?.assumingMemoryBound(to: Arena.self).pointee.allocate(byteCount)
                },
                free: { _, _ in },
                allocator_data: arena
            )
        )
        self.allocator = UnsafeMutableRawPointer(allocator)
        context = .allocate(capacity: 1)
    }

    deinit {
        arena.deinitialize(count: 1)
        arena.deallocate()
        allocator.deallocate()
        context.deallocate()
    }

    /// Decodes one message from all of `bytes`.
    ///
    /// - Throws: ``MessageDecodingError`` where the bytes are no such message, or exceed ``limits``.
    /// - Complexity: O(*n*) in the number of bytes.
    public mutating func decode<M: Message>(
        _ type: M.Type,
        from bytes: UnsafeRawBufferPointer
    ) throws(MessageDecodingError) -> M {
        do throws(MessageDecodingError) {
            // Not by way of `self`: Swift 6.3 crashes on that when it builds for the thread sanitizer.
            let arena = arena
            defer { arena.pointee.reset() }
            let raw = try unpack(
                M._descriptor,
                from: bytes,
                refusesUnknownFields: M.refusesUnknownFields
            )
            context.initialize(
                to: DecodingContext(
                    remainingValueBytes: limits.maxValueBytes,
                    maxValueBytes: limits.maxValueBytes,
                    refusesUnknown: M.refusesUnknownFields
                )
            )
            return try M(_decoding: RawMessage(raw, context))
        } catch {
            throw error.naming(M.fullName)
        }
    }

    /// Decodes one message from all of `bytes`.
    ///
    /// - Throws: ``MessageDecodingError`` where the bytes are no such message, or exceed ``limits``.
    public mutating func decode<M: Message>(
        _ type: M.Type,
        from bytes: [UInt8]
    ) throws(MessageDecodingError) -> M {
        try bytes.withUnsafeBufferPointer { buffer throws(MessageDecodingError) in
            try decode(M.self, from: UnsafeRawBufferPointer(buffer))
        }
    }

    private func unpack(
        _ descriptor: MessageDescriptor,
        from bytes: UnsafeRawBufferPointer,
        refusesUnknownFields: Bool
    ) throws(MessageDecodingError) -> UnsafeMutableRawPointer {
        guard bytes.count <= limits.maxMessageBytes else {
            throw MessageDecodingError(
                .messageTooLarge(byteCount: bytes.count, limit: limits.maxMessageBytes)
            )
        }
        let data = bytes.assumingMemoryBound(to: UInt8.self).baseAddress
        if let data {
            var scanner = WireScanner(limits: limits, refusesUnknownFields: refusesUnknownFields)
            try scanner.scan(WireCursor(data, to: bytes.count), descriptor.c)
        }
        let message = protobuf_c_message_unpack(
            descriptor.c,
            allocator.assumingMemoryBound(to: ProtobufCAllocator.self),
            bytes.count,
            data
        )
        guard let message else {
            throw MessageDecodingError(
                arena.pointee.isExhausted
                    ? .arenaExhausted(limit: limits.maxArenaBytes) : .refusedByProtobufC
            )
        }
        return UnsafeMutableRawPointer(message)
    }
}
