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
        guard isRunning(call) else { return wait.resume(.failed(.hasEnded(call))) }
        if !call.waitsForCredit, waiting.isEmpty, takesMore {
            switch trySend(response, of: call) {
            case .done(let result):
                setNeedsFlush()
                return wait.resume(result)
            case .noCredit:
                call.waitsForCredit = true
            }
        }
        if call.waitsForCredit, call.givenUp != nil {
            return wait.resume(.failed(.hasEnded(call)))
        }
        // Whoever cancels its tasks and makes others would fill the memory.
        wait.whenCancelled = { [self] in
            waiting.remove(wait)
            call.waiting.remove(wait)
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
        if !call.waiting.isEmpty {
            // Messages of a call keep their order: those that wait for room came later.
            let later = waiting.remove(of: call)
            waiting.append(all: &call.waiting)
            for message in later { waiting.append(message) }
        }
        sendWaiting()
    }

    /// Ends the waits of a call that nobody waits for, or that has ended.
    func failWaiting(of call: ServerCall) {
        for message in waiting.remove(of: call) {
            message.wait.resume(.failed(.hasEnded(call)))
        }
        call.failWaitingForCredit()
    }

    private func deliver(_ message: WaitingMessages.Message) {
        let call = message.call
        // Messages of a call keep their order: a short one does not overtake a long one.
        if !call.waitsForCredit {
            if case .done(let result) = message.send() { return message.wait.resume(result) }
            call.waitsForCredit = true
        }
        if call.givenUp == nil {
            call.waiting.append(message)
        } else {
            message.wait.resume(.failed(.hasEnded(call)))
        }
    }

    private func trySend<Response: Message>(
        _ response: Response,
        of call: ServerCall
    ) -> SendStep {
        guard isRunning(call) else { return .done(.failed(.hasEnded(call))) }
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
            return .done(.failed(.hasEnded(call)))
        }
    }

    private func isRunning(_ call: ServerCall) -> Bool {
        task(call.id) === call && !call.isAbandoned
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
