internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

/// A call whose handler runs in a task.
///
/// `@unchecked Sendable`: its state is used on the event loop of its session alone; the handler's task
/// holds it to ask the session, which it does there.
final class ServerCall: @unchecked Sendable {
    let id: CallID
    let method: RegisteredMethod
    let startedAt: Timestamp
    let effect = EffectGate()
    private let session: ServerSession

    var task: Task<Void, Never>?
    var inbox: StreamInbox?
    /// Why nobody waits any more, the outcome of an effect aside: no credit comes then.
    private(set) var givenUp: Code?
    /// Whether it was given up before it had an effect: its handler is to stop.
    private(set) var isAbandoned = false
    /// Where the caller's subscription goes on.
    var resume: CallHeader.Resume?
    /// Whether the client has given no credit for the next message.
    var waitsForCredit = false
    /// Messages that wait for credit.
    var waiting = WaitingMessages()

    init(_ id: CallID, _ method: RegisteredMethod, _ session: ServerSession, at now: Timestamp) {
        self.id = id
        self.method = method
        self.session = session
        startedAt = now
        if !method.takesOneRequest { inbox = StreamInbox(session.environment.limits) }
    }

    // MARK: - For the handler

    func requests<Request: Message>() -> MessageReader<Request> {
        MessageReader { () async throws(RPCError) in try await self.next() }
    }

    private func next<Request: Message>() async throws(RPCError) -> Request? {
        let next = await LoopWait<StreamInbox.Next>.on(session.eventLoop) { [self] wait in
            session.read(self, wait)
        }
        switch next {
        case nil: throw RPCError(.cancelled, "the task that reads the requests was cancelled")
        case .end: return nil
        case .failed(let error): throw error
        case .message(let bytes):
            do throws(MessageDecodingError) {
                return try decode(Request.self, from: bytes)
            } catch {
                throw RPCError(undecodable: error)
            }
        }
    }

    /// Decodes on whatever thread the handler runs.
    private func decode<M: Message>(
        _ type: M.Type,
        from bytes: ByteBuffer
    ) throws(MessageDecodingError) -> M {
        guard session.eventLoop.inEventLoop else {
            return try M(serialized: Array(bytes.readableBytesView))
        }
        return try bytes.withUnsafeReadableBytes { bytes throws(MessageDecodingError) in
            try session.loop.decoder.decode(type, from: bytes)
        }
    }

    func responses<Response: Message>() -> MessageWriter<Response> {
        MessageWriter { response throws(RPCError) in try await self.write(response) }
    }

    private func write(_ response: some Message) async throws(RPCError) {
        let result = await LoopWait<ServerSession.SendResult>.on(session.eventLoop) {
            [session] wait in
            session.send(response, of: self, wait)
        }
        switch result {
        case nil: throw RPCError(.cancelled, "the task that writes the responses was cancelled")
        case .sent: return
        case .failed(let error): throw error
        }
    }

    // MARK: - For the session

    /// Tells the handler that nobody waits for the outcome.
    ///
    /// A call that has had an effect goes on to its real outcome, but without further requests, and with as
    /// many responses as there is credit for.
    func abandon(_ code: Code) {
        inbox?.fail(RPCError(code, "the caller has stopped waiting"))
        if givenUp == nil { givenUp = code }
        if !isAbandoned, effect.abandon() {
            isAbandoned = true
            task?.cancel()
            session.failWaiting(of: self)
        } else {
            failWaitingForCredit()
        }
    }

    func failWaitingForCredit() {
        waiting.failAll(RPCError.hasEnded)
    }
}

extension RPCError {
    /// What a handler learns that writes to a call for which nobody waits.
    static func hasEnded(_ call: ServerCall) -> RPCError {
        RPCError(call.givenUp ?? .cancelled, "the call has ended")
    }

    /// A message of the caller's that is none.
    init(undecodable error: MessageDecodingError) {
        self = .runtime(.invalidArgument, "MESSAGE_MALFORMED", "\(error)")
    }
}
