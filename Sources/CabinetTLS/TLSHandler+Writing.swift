internal import NIOCore

extension TLSHandler {
    /// Encrypts and writes what was flushed, as far as the channel takes it.
    ///
    /// - Parameter all: Whether to write the rest as well: there will be no later.
    func drain(_ context: ChannelHandlerContext, all: Bool = false) {
        // Writing can make the channel writable, or complete a promise, which calls this again. The
        // outer call goes on by itself, unless the inner one is to be the last.
        guard all || !isDraining, let session, let loop else { return }
        let wasDraining = isDraining
        isDraining = true
        defer { isDraining = wasDraining }
        var hasWritten: Bool
        repeat {
            hasWritten = false
            while phase == .open, pending.hasFlushed, all || context.channel.isWritable {
                if session.ciphertext.toSend.readableBytes == 0 {
                    session.ciphertext.toSend = loop.takeCiphertext()
                }
                var promises: [EventLoopPromise<Void>] = []
                do throws(TLSError) {
                    try pending.encryptBatch(with: session, gathering: loop.gathering, &promises)
                } catch {
                    for promise in promises { promise.fail(error) }
                    return fail(context, error)
                }
                send(context, of: session, Self.merge(promises))
                hasWritten = true
            }
            if session.ciphertext.toSend.readableBytes > 0 {
                send(context, of: session, nil)
                hasWritten = true
            }
            if hasWritten { context.flush() }
        } while hasWritten && phase == .open && pending.hasFlushed
            && (all || context.channel.isWritable)
        // By now the socket has most often taken it, and the memory serves the next connection.
        loop.give(ciphertext: session.ciphertext.takeSent())
    }

    /// Hands the ciphertext to the channel, without a flush.
    func send(
        _ context: ChannelHandlerContext,
        of session: TLSSession,
        _ promise: EventLoopPromise<Void>?
    ) {
        guard session.ciphertext.toSend.readableBytes > 0 else {
            promise?.succeed()
            return
        }
        // Taken before, as writing can complete a promise and so come here again.
        context.write(wrapOutboundOut(session.ciphertext.takeToSend()), promise: promise)
    }

    /// One promise that completes all.
    static func merge(_ promises: [EventLoopPromise<Void>]) -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        for other in promises.dropFirst() { first.futureResult.cascade(to: other) }
        return first
    }
}
