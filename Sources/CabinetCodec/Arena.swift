/// Memory that is handed out piece by piece and given back all at once.
///
/// The first chunk is kept between uses, further chunks are freed by ``reset()``. Where they were
/// needed the first one grows, so that the next message of that size finds room, but not beyond a
/// bound: an arena that once held a very large message does not stay large.
struct Arena: ~Copyable {
    /// Every field of a generated C struct is at home on this alignment.
    private static var alignment: Int { 8 }

    private var firstChunk: UnsafeMutableRawBufferPointer
    private var furtherChunks: [UnsafeMutableRawBufferPointer] = []
    private var next: UnsafeMutableRawPointer
    private var remaining: Int
    private var reservedBytes: Int
    private let limit: Int

    /// What the first chunk may grow to.
    private static var maxFirstChunkBytes: Int { 64 << 10 }

    /// Whether an allocation was refused, since the last ``reset()``, because of the limit.
    private(set) var isExhausted = false

    /// - Parameters:
    ///   - firstChunkBytes: The size that the chunk that is kept has at first.
    ///   - limit: The bytes that all chunks may have together. The first chunk is not refused.
    init(firstChunkBytes: Int, limit: Int) {
        firstChunk = .allocate(byteCount: firstChunkBytes, alignment: Self.alignment)
        next = firstChunk.baseAddress.unsafelyUnwrapped
        remaining = firstChunkBytes
        reservedBytes = firstChunkBytes
        self.limit = limit
    }

    deinit {
        for chunk in furtherChunks { chunk.deallocate() }
        firstChunk.deallocate()
    }

    /// Uninitialized memory of that size, aligned for any field of a C message, or `nil` beyond the
    /// limit.
    mutating func allocate(_ byteCount: Int) -> UnsafeMutableRawPointer? {
        let (padded, overflow) = byteCount.addingReportingOverflow(Self.alignment - 1)
        guard byteCount >= 0, !overflow else {
            isExhausted = true
            return nil
        }
        let size = padded & ~(Self.alignment - 1)
        if size > remaining {
            guard addChunk(atLeast: size) else {
                isExhausted = true
                return nil
            }
        }
        defer {
            next += size
            remaining -= size
        }
        return next
    }

    mutating func reset() {
        if !furtherChunks.isEmpty {
            for chunk in furtherChunks { chunk.deallocate() }
            furtherChunks.removeAll(keepingCapacity: true)
            growFirstChunk(to: min(reservedBytes, Self.maxFirstChunkBytes))
        }
        next = firstChunk.baseAddress.unsafelyUnwrapped
        remaining = firstChunk.count
        reservedBytes = firstChunk.count
        isExhausted = false
    }

    private mutating func growFirstChunk(to byteCount: Int) {
        guard byteCount > firstChunk.count else { return }
        firstChunk.deallocate()
        firstChunk = .allocate(byteCount: byteCount, alignment: Self.alignment)
    }

    /// Doubles what is reserved, so that the number of chunks stays logarithmic; the last chunk is
    /// as large as the limit leaves room for.
    private mutating func addChunk(atLeast size: Int) -> Bool {
        let room = limit - reservedBytes
        guard size <= room else { return false }
        let byteCount = min(max(size, reservedBytes), room)
        let chunk = UnsafeMutableRawBufferPointer.allocate(
            byteCount: byteCount,
            alignment: Self.alignment
        )
        furtherChunks.append(chunk)
        reservedBytes += byteCount
        next = chunk.baseAddress.unsafelyUnwrapped
        remaining = byteCount
        return true
    }
}
