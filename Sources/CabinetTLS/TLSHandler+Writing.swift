internal import NIOCore

extension TLSHandler {
    /// Encrypts and writes what was flushed, as far as the channel takes it.
    ///
    /// - Parameter all: Whether to write the rest as well: there will be no later.
    func drain(_ context: ChannelHandlerContext, all: Bool = false) {
        // Writing can make the channel writable, which calls this again.
        guard !isDraining, let session, let loop else { return }
        isDraining = true
        defer { isDraining = false }
        var hasWritten: Bool
        repeat {
            hasWritten = false
            while phase == .open, pending.hasFlushed, all || context.channel.isWritable {
                if session.ciphertext.toSend.readableBytes == 0 {
                    session.ciphertext.toSend = loop.takeCiphertext()
                }
                do throws(TLSError) {
                    let promises = try pending.encryptBatch(
                        with: session,
                        gathering: loop.gathering
                    )
                    send(context, of: session, Self.merge(promises))
                    hasWritten = true
                } catch {
                    isDraining = false
                    return fail(context, error)
                }
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
        context.write(wrapOutboundOut(session.ciphertext.toSend), promise: promise)
        session.ciphertext.moveSent()
    }

    /// One promise that completes all.
    static func merge(_ promises: [EventLoopPromise<Void>]) -> EventLoopPromise<Void>? {
        guard let first = promises.first else { return nil }
        for other in promises.dropFirst() { first.futureResult.cascade(to: other) }
        return first
    }
}
