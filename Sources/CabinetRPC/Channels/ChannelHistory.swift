internal import CabinetWire
internal import NIOCore

/// The newest events of a channel, encoded: what can be had by those who are behind.
struct ChannelHistory: Sendable {
    private struct Entry: Sendable {
        let message: ByteBuffer
        /// The bytes of all events up to this one, those that are gone included.
        let endOffset: UInt64
    }

    private let maxBytes: UInt64
    private let maxEvents: Int
    private var entries = CircularBuffer<Entry>()
    private var firstOffset: UInt64 = 0
    /// The sequence number of the first event that can be had; that of the next where there is none.
    private(set) var firstSequence: UInt64
    /// The sequence number of the event that comes next.
    private(set) var nextSequence: UInt64

    init(nextSequence: UInt64, _ limits: ChannelLimits) {
        firstSequence = nextSequence
        self.nextSequence = nextSequence
        maxBytes = UInt64(clamping: limits.historyBytes)
        maxEvents = limits.historyEvents
    }

    /// Takes the next event, and drops the oldest beyond the limits.
    mutating func append(_ message: ByteBuffer) {
        let endOffset = (entries.last?.endOffset ?? firstOffset) + UInt64(message.readableBytes)
        entries.append(Entry(message: message, endOffset: endOffset))
        nextSequence += 1
        while let first = entries.first,
            endOffset - firstOffset > maxBytes || entries.count > maxEvents
        {
            firstOffset = first.endOffset
            firstSequence += 1
            entries.removeFirst()
        }
    }

    /// Whether the events from `sequence` on can be had. There may be none yet.
    func contains(_ sequence: UInt64) -> Bool {
        sequence >= firstSequence && sequence <= nextSequence
    }

    /// The bytes of the events from `sequence` on.
    ///
    /// - Precondition: They can be had.
    func byteCount(from sequence: UInt64) -> UInt64 {
        precondition(contains(sequence))
        guard let last = entries.last else { return 0 }
        let offset =
            sequence == firstSequence
            ? firstOffset : entry(sequence - 1).endOffset
        return last.endOffset - offset
    }

    /// Writes a frame with events from `sequence` on, as many as fit in one.
    ///
    /// - Returns: The sequence number after them.
    /// - Precondition: The event `sequence` can be had, and is no longer than
    ///   ``BatchBody/maxMessageBytes``.
    func writeFrame(
        from sequence: UInt64,
        channelID: UInt32,
        to buffer: inout ByteBuffer
    ) -> UInt64 {
        precondition(contains(sequence) && sequence < nextSequence)
        let first = entry(sequence).message
        var end = sequence + 1
        var bodyByteCount =
            BatchBody.headerByteCount + BatchBody.byteCount(ofMessage: first.readableBytes)
        let maxBodyBytes = ConnectionLimits.maxEventFrameBytes - FrameHeader.byteCount
        while end < nextSequence, end - sequence < UInt64(BatchBody.maxCount) {
            let byteCount = BatchBody.byteCount(ofMessage: entry(end).message.readableBytes)
            guard bodyByteCount + byteCount <= maxBodyBytes else { break }
            bodyByteCount += byteCount
            end += 1
        }
        if end == sequence + 1 {
            buffer.writeEvent(sequence, first, channelID: channelID)
        } else {
            buffer.write(
                FrameHeader(type: .batch, id: channelID, bodyByteCount: bodyByteCount)
            )
            buffer.writeInteger(sequence)
            buffer.writeInteger(UInt16(end - sequence))
            for sequence in sequence..<end {
                let message = entry(sequence).message
                buffer.writeWithOutputRawSpan(minimumWritableBytes: 5) { span in
                    BatchBody.writeMessageByteCount(message.readableBytes, to: &span)
                }
                buffer.writeImmutableBuffer(message)
            }
        }
        return end
    }

    private func entry(_ sequence: UInt64) -> Entry {
        let offset = Int(sequence - firstSequence)
        return entries[entries.index(entries.startIndex, offsetBy: offset)]
    }
}

extension ByteBuffer {
    fileprivate mutating func writeEvent(
        _ sequence: UInt64,
        _ message: ByteBuffer,
        channelID: UInt32
    ) {
        write(
            FrameHeader(
                type: .event,
                id: channelID,
                bodyByteCount: SequenceBody.byteCount + message.readableBytes
            )
        )
        writeInteger(sequence)
        writeImmutableBuffer(message)
    }
}
