internal import NIOCore

extension TLSHandler {
    /// Encrypts and writes what was flushed, as far as the channel takes it.
    ///
    /// - Parameter all: Whether to write the rest as well: there will be no later.
    func drain(_ context: ChannelHandlerContext, all: Bool = false) {
        // Writing can make the channel writable, or complete a promise, which calls this again. The
        // outer call goes on by itself, unless the inner one is to be the last.
        guard all || !isDraining, let session, let loop else { return }
        guard pending.hasFlushed || session.ciphertext.toSend.readableBytes > 0 else { return }
        let wasDraining = isDraining
        isDraining = true
        defer { isDraining = wasDraining }
        repeat {
            var needsFlush = false
            while phase == .open, pending.hasFlushed, all || isChannelWritable {
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
                needsFlush = pending.hasFlushed
                send(context, of: session, Self.merge(promises), andFlushes: !needsFlush)
            }
            if session.ciphertext.toSend.readableBytes > 0 {
                needsFlush = false
                send(context, of: session, nil, andFlushes: true)
            }
            if needsFlush { context.flush() }
        } while phase == .open && pending.hasFlushed && (all || isChannelWritable)
        // By now the socket has most often taken it, and the memory serves the next connection.
        loop.give(ciphertext: session.ciphertext.takeSent())
    }

    /// Hands the ciphertext to the channel.
    func send(
        _ context: ChannelHandlerContext,
        of session: TLSSession,
        _ promise: EventLoopPromise<Void>?,
        andFlushes: Bool = false
    ) {
        guard session.ciphertext.toSend.readableBytes > 0 else {
            promise?.succeed()
            if andFlushes { context.flush() }
            return
        }
        // Taken before, as writing can complete a promise and so come here again.
        let bytes = wrapOutboundOut(session.ciphertext.takeToSend())
        if andFlushes {
            context.writeAndFlush(bytes, promise: promise)
        } else {
            context.write(bytes, promise: promise)
        }
    }

    /// One promise that completes all.
    static func merge(_ promises: [EventLoopPromise<Void>]) -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        for other in promises.dropFirst() { first.futureResult.cascade(to: other) }
        return first
    }
}
