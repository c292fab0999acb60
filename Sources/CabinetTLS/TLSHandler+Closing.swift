public import NIOCore

extension TLSHandler {
    public func close(
        context: ChannelHandlerContext,
        mode: CloseMode,
        promise: EventLoopPromise<Void>?
    ) {
        switch (mode, phase) {
        case (.input, _):
            promise?.fail(ChannelError.operationUnsupported)
        case (.output, .open):
            closeOutput(context, promise)
        case (.output, .waiting), (.output, .handshaking):
            promise?.fail(ChannelError.operationUnsupported)
        case (.output, .lingering), (.output, .closed):
            promise?.fail(ChannelError.outputClosed)
        case (.all, .open):
            if let promise { closePromises.append(promise) }
            endGracefully(context)
        case (.all, .lingering):
            if let promise { closePromises.append(promise) }
        case (.all, .waiting), (.all, .handshaking), (.all, .closed):
            if let promise { closePromises.append(promise) }
            closeNow(context, error: ChannelError.ioOnClosedChannel)
        }
    }

    private func closeOutput(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        guard !isOutputClosed, let session else {
            promise?.fail(ChannelError.outputClosed)
            return
        }
        sayLast(context, session, promise)
        if isInputClosed, phase == .open { endGracefully(context) }
    }

    /// Writes what was flushed, and close_notify.
    private func sayLast(
        _ context: ChannelHandlerContext,
        _ session: TLSSession,
        _ promise: EventLoopPromise<Void>?
    ) {
        for promise in pending.takeUnflushed() { promise.fail(ChannelError.ioOnClosedChannel) }
        drain(context, all: true)
        // Encrypting can fail, and so close the connection.
        guard phase == .open, !isOutputClosed else {
            promise?.fail(ChannelError.ioOnClosedChannel)
            return
        }
        isOutputClosed = true
        session.closeNotify()
        send(context, of: session, promise)
        context.flush()
    }

    /// Says goodbye, and waits for the peer's: a socket that is closed with unread bytes in it takes
    /// back what was sent (RFC 9293, section 3.6.1).
    func endGracefully(_ context: ChannelHandlerContext) {
        guard phase == .open, let session else { return }
        let lastWrite = context.eventLoop.makePromise(of: Void.self)
        if isOutputClosed {
            lastWrite.succeed()
        } else {
            sayLast(context, session, lastWrite)
        }
        guard phase == .open else { return }
        linger(context, until: lastWrite.futureResult)
    }

    /// Ends the connection because of an error: says so to the peer, if OpenSSL has an alert for it,
    /// and to the next handler.
    func fail(_ context: ChannelHandlerContext, _ error: TLSError) {
        guard phase == .handshaking || phase == .open else { return }
        let isActive = context.channel.isActive
        let alert = session?.ciphertext.toSend
        releaseSession()
        cancelDeadline()
        phase = .lingering
        failPending(error)
        context.fireErrorCaught(error)
        guard phase == .lingering else { return }
        guard isActive, let alert, alert.readableBytes > 0 else {
            return closeNow(context, error: error)
        }
        let lastWrite = context.eventLoop.makePromise(of: Void.self)
        context.writeAndFlush(wrapOutboundOut(alert), promise: lastWrite)
        linger(context, until: lastWrite.futureResult)
    }

    private func linger(_ context: ChannelHandlerContext, until lastWrite: EventLoopFuture<Void>) {
        guard phase == .open || phase == .lingering else { return }
        phase = .lingering
        setDeadline(context, limits.closeTimeout) { handler, context in
            handler.closeNow(context, error: ChannelError.ioOnClosedChannel)
        }
        lastWrite.assumeIsolated().whenComplete { [self] _ in
            isLastWriteDone = true
            finishLingering(context)
        }
    }

    func finishLingering(_ context: ChannelHandlerContext) {
        guard phase == .lingering, isLastWriteDone, isInputClosed else { return }
        closeNow(context, error: ChannelError.ioOnClosedChannel)
    }

    /// Looks in what still comes for the peer's close_notify.
    func discardPlaintext(_ context: ChannelHandlerContext) {
        // After an error there is no session, and the end of the socket is what is waited for.
        guard let session, let loop else { return }
        var plaintext = loop.takePlaintext(max(session.ciphertext.receivedByteCount, 256))
        let outcome = session.read(into: &plaintext)
        session.ciphertext.releaseReceived()
        loop.give(plaintext: plaintext)
        switch outcome {
        case .drained:
            session.ciphertext.toSend.clear()
        case .closeNotify, .failed:
            isInputClosed = true
            finishLingering(context)
        }
    }

    /// Closes the channel.
    func closeNow(_ context: ChannelHandlerContext, error: any Error) {
        // Where the peer was first, the channel is as closed as it was to be.
        let isActive = context.channel.isActive
        let promise = isActive || phase == .closed ? Self.merge(closePromises) : nil
        if promise != nil { closePromises = [] }
        tearDown(context, error: error)
        context.close(mode: .all, promise: promise)
    }

    /// Lets everything go. Each promise that is still here is completed, once.
    func tearDown(_ context: ChannelHandlerContext, error: any Error) {
        phase = .closed
        receiver = nil
        cancelDeadline()
        releaseSession()
        releaseHandshakeSlot()
        failPending(error)
        let promises = closePromises
        closePromises = []
        for promise in promises { promise.succeed() }
    }

    func releaseHandshakeSlot() {
        guard holdsHandshakeSlot else { return }
        holdsHandshakeSlot = false
        endSilence()
        loop?.endHandshake()
    }

    private func failPending(_ error: any Error) {
        for promise in pending.takeAll() { promise.fail(error) }
    }

    private func releaseSession() {
        session = nil
    }

    private func cancelDeadline() {
        deadline?.cancel()
        deadline = nil
    }

    func setDeadline(
        _ context: ChannelHandlerContext,
        _ delay: TimeAmount,
        _ action: @escaping (TLSHandler, ChannelHandlerContext) -> Void
    ) {
        cancelDeadline()
        // The task keeps handler and context; tearing down cancels it.
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: delay) {
            action(self, context)
        }
    }
}
