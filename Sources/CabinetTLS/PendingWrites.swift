internal import NIOCore

/// Plaintext that is waiting to be encrypted, and the promises that go with it.
struct PendingWrites {
    /// Encrypted at once: enough for one good socket write, and little to hold back.
    static let maxBatchBytes = 4 * TLSSession.maxRecordBytes

    private struct Write {
        var bytes: ByteBuffer
        let promise: EventLoopPromise<Void>?
    }

    private var queue = MarkedCircularBuffer<Write>(initialCapacity: 4)

    var isEmpty: Bool { queue.isEmpty }

    /// Whether there is anything that was flushed.
    var hasFlushed: Bool { queue.hasMark }

    mutating func append(_ bytes: ByteBuffer, promise: EventLoopPromise<Void>?) {
        queue.append(Write(bytes: bytes, promise: promise))
    }

    mutating func flush() {
        queue.mark()
    }

    /// Encrypts what was flushed, up to ``maxBatchBytes``, in as few records as there can be: small
    /// writes share one, and large ones are encrypted where they are.
    ///
    /// Completes no promise itself: that can lead to another write, and so to this struct again.
    ///
    /// - Parameters:
    ///   - gathering: Room for one record.
    ///   - promises: Gets the promises of the writes that are now complete, also on error.
    mutating func encryptBatch(
        with session: TLSSession,
        gathering: UnsafeMutableRawBufferPointer,
        _ promises: inout [EventLoopPromise<Void>]
    ) throws(TLSError) {
        if let write = popOnlyFlushed() {
            if let promise = write.promise { promises.append(promise) }
            return try session.write(write.bytes)
        }
        var batchBytes = 0
        var gathered = 0
        while queue.hasMark, batchBytes < Self.maxBatchBytes {
            let index = queue.startIndex
            let byteCount = queue[index].bytes.readableBytes
            let isLast = queue.isMarked(index: index)
            if gathered == 0, byteCount >= TLSSession.maxRecordBytes || isLast {
                let room = Self.maxBatchBytes - batchBytes
                let whole = byteCount - byteCount % TLSSession.maxRecordBytes
                let taken = min(room, isLast ? byteCount : whole)
                try encrypt(taken, of: index, with: session)
                batchBytes += taken
            } else {
                let taken = min(byteCount, TLSSession.maxRecordBytes - gathered)
                gather(taken, of: index, into: gathering, at: gathered)
                gathered += taken
                batchBytes += taken
                if gathered == TLSSession.maxRecordBytes {
                    try session.write(UnsafeRawBufferPointer(gathering))
                    gathered = 0
                }
            }
            if queue[index].bytes.readableBytes == 0, let write = queue.popFirst(),
                let promise = write.promise
            {
                promises.append(promise)
            }
        }
        try session.write(UnsafeRawBufferPointer(rebasing: gathering[..<gathered]))
    }

    /// Removes the one write that was flushed, if it is one, and not too long to be encrypted at once:
    /// that is what a flush is for the most part.
    private mutating func popOnlyFlushed() -> Write? {
        let first = queue.startIndex
        guard queue.isMarked(index: first), queue[first].bytes.readableBytes <= Self.maxBatchBytes
        else { return nil }
        return queue.popFirst()
    }

    /// Removes everything, for its promises to be failed.
    mutating func takeAll() -> [EventLoopPromise<Void>] {
        let promises = queue.compactMap(\.promise)
        queue = MarkedCircularBuffer(initialCapacity: 4)
        return promises
    }

    /// Removes what was written and not flushed.
    mutating func takeUnflushed() -> [EventLoopPromise<Void>] {
        guard let last = queue.markedElementIndex else { return takeAll() }
        let kept = queue.distance(from: queue.startIndex, to: last) + 1
        let writes = Array(queue)
        queue = MarkedCircularBuffer(initialCapacity: 4)
        for write in writes[..<kept] { queue.append(write) }
        queue.mark()
        return writes[kept...].compactMap(\.promise)
    }

    private mutating func encrypt(
        _ byteCount: Int,
        of index: MarkedCircularBuffer<Write>.Index,
        with session: TLSSession
    ) throws(TLSError) {
        let bytes = queue[index].bytes
        let error = bytes.withUnsafeReadableBytes { bytes -> TLSError? in
            do throws(TLSError) {
                try session.write(UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]))
                return nil
            } catch {
                return error
            }
        }
        if let error { throw error }
        queue[index].bytes.moveReaderIndex(forwardBy: byteCount)
    }

    private mutating func gather(
        _ byteCount: Int,
        of index: MarkedCircularBuffer<Write>.Index,
        into gathering: UnsafeMutableRawBufferPointer,
        at offset: Int
    ) {
        queue[index].bytes.readWithUnsafeReadableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: gathering[offset...])
                .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[..<byteCount]))
            return byteCount
        }
    }
}
