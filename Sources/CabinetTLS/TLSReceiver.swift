public import NIOCore

/// Who gets a connection's plaintext without standing in the pipeline.
///
/// A short call costs less than the pipeline's way from one handler to the next and back: that was a
/// fifteenth of what a server did for it. All of it is called on the event loop.
public protocol TLSReceiver: AnyObject {
    /// Plaintext has arrived. More may follow before ``finishedReading()``.
    ///
    /// The memory is used again: who keeps some of it makes a copy.
    func received(_ plaintext: ByteBuffer)
    /// What had arrived has been handed in.
    func finishedReading()
}

extension TLSHandler {
    /// Hands plaintext to a receiver from now on, in place of the next handler, until the channel is
    /// closed. The channel is read all the time, also where it does not read by itself. Everything
    /// else goes on along the pipeline. Only on the event loop.
    public func deliver(to receiver: any TLSReceiver) {
        guard phase != .closed else { return }
        self.receiver = receiver
    }

    /// Writes and flushes, as the next handler's `writeAndFlush` does. Only on the event loop.
    public func writeAndFlush(_ bytes: ByteBuffer) {
        guard let context else { return }
        guard phase == .open, !isOutputClosed, !isReading, !isDraining, isChannelWritable,
            pending.isEmpty, bytes.readableBytes <= PendingWrites.maxBatchBytes,
            let session, let loop, session.ciphertext.toSend.readableBytes == 0
        else {
            write(context: context, data: wrapOutboundOut(bytes), promise: nil)
            return flush(context: context)
        }
        // Nothing waits that would have to go first.
        isDraining = true
        session.ciphertext.toSend = loop.takeCiphertext()
        do throws(TLSError) {
            try session.write(bytes)
        } catch {
            isDraining = false
            return fail(context, error)
        }
        send(context, of: session, nil, andFlushes: true)
        isDraining = false
        loop.give(ciphertext: session.ciphertext.takeSent())
        // What was written meanwhile, because the channel became writable.
        if pending.hasFlushed { drain(context) }
    }
}
