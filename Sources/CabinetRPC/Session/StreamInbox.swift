internal import CabinetWire
internal import NIOCore

/// The messages of a stream that have arrived and were not read yet, and the credit that the sender is
/// given for more (CWP/1, section 4).
///
/// It keeps bytes, not messages, so that the credit bounds its memory: 12 bytes for each message beyond
/// what it has on the wire. Used on the event loop alone.
struct StreamInbox {
    /// What a reader gets.
    enum Next: Sendable {
        case message(ByteBuffer)
        /// The stream has ended as it should.
        case end
        case failed(RPCError)
    }

    private var messages = ByteBuffer()
    private var ending: Next?
    private var reader: LoopWait<Next>?

    private let windowBytes: UInt64
    private let frameBytes: UInt64
    private var receivedBytes: UInt64 = 0
    private var readBytes: UInt64 = 0
    private var limitBytes: UInt64

    /// - Parameter limits: Those of this side's HELLO.
    init(_ limits: ConnectionLimits) {
        windowBytes = UInt64(limits.initialCreditBytes)
        limitBytes = windowBytes
        frameBytes = UInt64(limits.maxFrameBytes + FrameHeader.byteCount)
    }

    /// A message has arrived.
    ///
    /// - Returns: The credit to be given, counted from the beginning of the call; `nil` for none.
    mutating func receive(_ message: RawSpan) -> UInt64? {
        guard ending == nil else { return nil }
        receivedBytes += UInt64(message.byteCount + FrameHeader.byteCount)
        if let reader, !reader.isOver {
            self.reader = nil
            var bytes = ByteBuffer()
            bytes.writeBytes(message)
            reader.resume(.message(bytes))
            return read(message.byteCount)
        }
        messages.writeInteger(UInt32(message.byteCount))
        messages.writeBytes(message)
        return nil
    }

    /// The stream has ended as it should. What has arrived can still be read.
    mutating func end() {
        finish(.end)
    }

    /// The stream has ended in error. What has arrived before can still be read.
    mutating func end(with error: RPCError) {
        finish(.failed(error))
    }

    /// The stream has failed. What has arrived is not read any more.
    mutating func fail(_ error: RPCError) {
        messages = ByteBuffer()
        if case .failed = ending { return }
        ending = nil
        finish(.failed(error))
    }

    private mutating func finish(_ next: Next) {
        guard ending == nil else { return }
        ending = next
        guard messages.readableBytes == 0 else { return }
        reader?.resume(next)
        reader = nil
    }

    /// Gives the next message to `wait`, now or when there is one.
    ///
    /// - Returns: The credit to be given.
    mutating func read(_ wait: LoopWait<Next>) -> UInt64? {
        if let byteCount = messages.readInteger(as: UInt32.self),
            let message = messages.readSlice(length: Int(byteCount))
        {
            // A copy of its own, so that the queue's memory is not kept by one message.
            wait.resume(.message(ByteBuffer(bytes: message.readableBytesView)))
            if messages.readableBytes == 0 {
                messages = ByteBuffer()
            } else if messages.readerIndex > messages.capacity / 2 {
                messages.discardReadBytes()
            }
            return read(Int(byteCount))
        }
        if let ending {
            wait.resume(ending)
        } else if let reader, !reader.isOver {
            wait.resume(
                .failed(.streamHasAReader)
            )
        } else {
            reader = wait
        }
        return nil
    }

    /// Counts a message as read.
    ///
    /// Credit is given back by half a window, so that it costs few frames, and at the latest when a
    /// sender could not send its longest message (rule 4.5).
    private mutating func read(_ byteCount: Int) -> UInt64? {
        readBytes += UInt64(byteCount + FrameHeader.byteCount)
        guard ending == nil else { return nil }
        let newLimit = readBytes + windowBytes
        let isEmpty = readBytes == receivedBytes
        guard
            newLimit - limitBytes >= windowBytes / 2
                || isEmpty && limitBytes - receivedBytes < frameBytes
        else { return nil }
        limitBytes = newLimit
        return newLimit
    }
}
