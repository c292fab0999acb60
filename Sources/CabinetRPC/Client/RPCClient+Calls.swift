internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

extension RPCClient: RPCCaller {
    public func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        try await intercepted(method.description, options) {
            options throws(RPCError) -> Response in
            let beginning = try self.beginning(of: method.description, options)
            let message = request.serialized()
            return try await self.attempts(method.description, beginning) {
                () throws(RPCError) -> Response in
                try await self.single(beginning, message) { _ in }
            }
        }
    }

    public func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response {
        try await intercepted(method.description, options) {
            options throws(RPCError) -> Response in
            let beginning = try self.beginning(of: method.description, options)
            try await self.connect(for: method.description, beginning)
            let writing = Writing()
            defer { writing.cancel() }
            return try await self.single(beginning, nil) { call in
                writing.begin(call, self.manager, requests)
            }
        }
    }

    /// Makes one attempt at a call with one response.
    ///
    /// - Parameter began: Called on the event loop, when the call is on its way.
    private func single<Response: Message>(
        _ beginning: CallBeginning,
        _ message: [UInt8]?,
        _ began: @escaping @Sendable (ClientCall) -> Void
    ) async throws(RPCError) -> Response {
        let result = await LoopWait<Result<Response, RPCError>>.on(eventLoop) { [manager] wait in
            let call = SingleResponseCall(beginning, message: message, wait)
            wait.whenCancelled = { manager.cancel(call) }
            manager.start(call)
            began(call)
        }
        guard let result else { throw .taskCancelled }
        return try result.get()
    }

    public func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response> {
        try await intercepted(method.description, options) {
            options throws(RPCError) -> MessageReader<Response> in
            let beginning = try self.beginning(of: method.description, options)
            try await self.connect(for: method.description, beginning)
            let call = ResponseStreamCall(
                beginning,
                message: request.serialized(),
                limits: self.configuration.limits
            )
            return self.reader(of: call, nil)
        }
    }

    public func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response> {
        try await intercepted(method.description, options) {
            options throws(RPCError) -> MessageReader<Response> in
            let beginning = try self.beginning(of: method.description, options)
            try await self.connect(for: method.description, beginning)
            let call = ResponseStreamCall(
                beginning,
                message: nil,
                limits: self.configuration.limits
            )
            let writing = Writing()
            return self.reader(of: call, writing) { writing.begin(call, self.manager, requests) }
        }
    }

    /// Starts a call with a stream of responses.
    private func reader<Response: Message>(
        of call: ResponseStreamCall,
        _ writing: Writing?,
        _ started: @escaping @Sendable () -> Void = {}
    ) -> MessageReader<Response> {
        eventLoop.runHere { [manager] in
            manager.start(call)
            started()
        }
        let reading = Reading(call, self, writing)
        return MessageReader { () async throws(RPCError) in
            guard let bytes = try await reading.next() else { return nil }
            return try Response(response: bytes)
        }
    }

    public func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        try await intercepted(method.description, options) {
            options throws(RPCError) -> Subscription<Response> in
            let beginning = try self.beginning(of: method.description, options)
            let key = SharedSubscription.Key(
                method: method.description.number,
                request: request.serialized(),
                metadata: beginning.metadata
            )
            let reader = try await self.join(key, token, beginning.deadline)
            return Subscription(nextUpdate: { () async throws(RPCError) in
                switch try await reader.next() {
                case .entry(let entry):
                    return .event(
                        Subscription.Element(
                            token: entry.token,
                            isSnapshot: entry.isSnapshot,
                            event: try Response(response: entry.message)
                        )
                    )
                case .condition(let condition): return .condition(condition)
                case nil: return nil
                }
            })
        }
    }

    /// Takes part in a subscription, which is begun where there is none.
    func join(
        _ key: SharedSubscription.Key,
        _ token: ResumeToken?,
        _ deadline: Timestamp?
    ) async throws(RPCError) -> SubscriptionReader {
        let eventLoop = eventLoop
        typealias Joined = Result<SubscriptionReader, RPCError>
        let joined = await LoopWait<Joined>.on(eventLoop) { [self, manager] wait in
            let subscription = manager.subscriptions.subscription(
                key,
                resumingAfter: token,
                manager
            )
            let reader = SubscriptionReader(subscription, of: self)
            let id = reader.id
            // The wait holds the reader, and nobody else does: when it is over without success the
            // reader leaves.
            wait.whenCancelled = {
                withExtendedLifetime(reader) { subscription.leave(id) }
            }
            subscription.join(reader, resumingAfter: token) { [weak reader] error in
                if let error {
                    wait.resume(.failure(error))
                } else if let reader {
                    wait.resume(.success(reader))
                }
            }
            guard let deadline else { return }
            wait.resume(
                .failure(.deadlineExceeded(isNotProcessed: true)),
                at: deadline,
                on: eventLoop
            )
        }
        guard let joined else { throw .taskCancelled }
        return try joined.get()
    }
}

/// The responses of a call, as its reader has them. When nobody holds it any more, the call is
/// cancelled.
final class Reading: Sendable {
    private let call: ResponseStreamCall
    /// A client ends its connection when nobody holds it: the reader does.
    private let client: RPCClient
    private let writing: Writing?

    private var manager: ConnectionManager { client.manager }

    init(_ call: ResponseStreamCall, _ client: RPCClient, _ writing: Writing?) {
        self.call = call
        self.client = client
        self.writing = writing
    }

    deinit {
        writing?.cancel()
        manager.eventLoop.runHere { [manager, call] in manager.cancel(call) }
    }

    func next() async throws(RPCError) -> ByteBuffer? {
        let next = await LoopWait<StreamInbox.Next>.on(manager.eventLoop) {
            [call, manager] wait in
            wait.whenCancelled = { manager.cancel(call) }
            call.read(wait)
        }
        switch next {
        case .message(let bytes): return bytes
        case .end: return nil
        case .failed(let error): throw error.ofCall
        case nil:
            // The task may have been cancelled before it came to wait.
            manager.eventLoop.runHere { [call, manager] in manager.cancel(call) }
            throw RPCError.taskCancelled.ofCall
        }
    }
}

extension Message {
    /// Decodes what the server sent.
    fileprivate init(response bytes: ByteBuffer) throws(RPCError) {
        do throws(MessageDecodingError) {
            try self.init(serialized: Array(bytes.readableBytesView))
        } catch {
            throw RPCError(unreadable: error)
        }
    }
}
