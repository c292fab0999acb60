internal import CabinetCodec
internal import CabinetWire

/// Streams of requests and of responses.
extension ServerSession {
    // MARK: - Responses

    /// What became of a message that a handler wants to send.
    enum SendResult: Sendable {
        case sent
        case failed(RPCError)
    }

    enum SendStep {
        case done(SendResult)
        /// The client has given no credit for it.
        case noCredit
    }

    /// Sends a message of a stream, when the client and the connection take it and it is its turn.
    func send<Response: Message>(
        _ response: Response,
        of call: ServerCall,
        _ wait: LoopWait<SendResult>
    ) {
        guard isRunning(call) else { return wait.resume(.failed(Self.callHasEnded(call))) }
        if !call.waitsForCredit, waiting.isEmpty, takesMore {
            switch trySend(response, of: call) {
            case .done(let result):
                setNeedsFlush()
                return wait.resume(result)
            case .noCredit:
                call.waitsForCredit = true
            }
        }
        let message = WaitingMessages.Message(call: call, wait: wait) { [self] in
            trySend(response, of: call)
        }
        if call.waitsForCredit {
            call.waiting.append(message)
        } else {
            waiting.append(message)
        }
    }

    /// Sends what waits, as far as it may be sent.
    func sendWaiting() {
        while !waiting.isEmpty, takesMore, let message = waiting.popFirst() { deliver(message) }
        // Behind the handlers that go on now: what they write is written with it.
        if output.byteCount > 0 { setNeedsFlush() }
    }

    /// Goes on with a call that has got credit.
    func resume(_ call: ServerCall) {
        call.waitsForCredit = false
        waiting.append(all: &call.waiting)
        sendWaiting()
    }

    /// Ends the waits of a call that nobody waits for, or that has ended.
    func failWaiting(of call: ServerCall) {
        var messages = waiting.remove(of: call)
        while let message = call.waiting.popFirst() { messages.append(message) }
        for message in messages { message.wait.resume(.failed(Self.callHasEnded(call))) }
    }

    private func deliver(_ message: WaitingMessages.Message) {
        // The task that waited for it was cancelled.
        guard !message.wait.isOver else { return }
        // Messages of a call keep their order: a short one does not overtake a long one.
        guard !message.call.waitsForCredit else { return message.call.waiting.append(message) }
        switch message.send() {
        case .done(let result):
            message.wait.resume(result)
        case .noCredit:
            message.call.waitsForCredit = true
            message.call.waiting.append(message)
        }
    }

    private func trySend<Response: Message>(
        _ response: Response,
        of call: ServerCall
    ) -> SendStep {
        guard isRunning(call) else { return .done(.failed(Self.callHasEnded(call))) }
        let sending = loop.encoder.encode(response) { byteCount, write in
            let sending = connection.item(call.id, byteCount: byteCount)
            if case .frame(let header) = sending {
                output.append(header, loop, message: byteCount, write)
                loop.turns.spend(byteCount)
            }
            return sending
        }
        switch sending {
        case .frame: return .done(.sent)
        case .noCredit: return .noCredit
        case .tooLarge:
            return .done(
                .failed(
                    .runtime(
                        .resourceExhausted,
                        "RESPONSE_TOO_LARGE",
                        "the response is longer than a frame that the client accepts"
                    )
                )
            )
        default:
            return .done(.failed(Self.callHasEnded(call)))
        }
    }

    private func isRunning(_ call: ServerCall) -> Bool {
        task(call.id) === call && !call.isGivenUp
    }

    private static func callHasEnded(_ call: ServerCall) -> RPCError {
        RPCError(call.abandonment ?? .cancelled, "the call has ended")
    }

    // MARK: - Requests

    func read(_ call: ServerCall, _ wait: LoopWait<StreamInbox.Next>) {
        guard task(call.id) === call else {
            return wait.resume(.failed(RPCError(.cancelled, "the call has ended")))
        }
        if let credit = call.inbox?.read(wait) { give(credit, to: call) }
    }

    func give(_ credit: UInt64, to call: ServerCall) {
        guard case .frame(let header) = connection.credit(call.id, limitBytes: credit) else {
            return
        }
        output.append(header, loop) { SequenceBody.write(credit, to: &$0) }
        setNeedsFlush()
    }
}
