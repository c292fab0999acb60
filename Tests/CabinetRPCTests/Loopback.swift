import CabinetCodec
import CabinetRPC
import CabinetTLS

/// Calls the methods that were registered with it, in the same process. What crosses between the two
/// sides is bytes: every message is encoded and decoded, and so is the status of a call that failed.
///
/// scripts/check-foreign-schema compiles this file into a package of its own.
struct Loopback: RPCCaller {
    private var methods: [UInt16: Served] = [:]
    /// The serialized events of each channel, by the channel's name.
    private var channels: [String: [[UInt8]]] = [:]
    /// The epoch of every channel.
    static let epoch: UInt64 = 7

    /// A registered method, without the types of its messages.
    private enum Served {
        case unary(@Sendable ([UInt8], CallContext) async throws -> [UInt8])
        case clientStreaming(@Sendable (Pipe, CallContext) async throws -> [UInt8])
        case serverStreaming(@Sendable ([UInt8], Pipe, CallContext) async throws -> Void)
        case bidirectional(@Sendable (Pipe, Pipe, CallContext) async throws -> Void)
        case channel(@Sendable ([UInt8], CallContext) async throws -> String)
    }

    init(_ handlers: any ServiceHandler...) {
        for handler in handlers { handler.register(with: &self) }
    }

    /// Adds an event to a channel.
    mutating func publish(_ event: some Message, on channel: String) {
        channels[channel, default: []].append(event.serialized())
    }

    // MARK: - Calling

    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        guard case .unary(let serve) = methods[method.description.number] else {
            throw unimplemented(method.description)
        }
        do {
            let response = try await serve(
                request.serialized(),
                context(method.description, options)
            )
            return try Response(serialized: response)
        } catch {
            throw received(error)
        }
    }

    func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response {
        guard case .clientStreaming(let serve) = methods[method.description.number] else {
            throw unimplemented(method.description)
        }
        let pipe = Pipe()
        let sending = Task { await send(requests, into: pipe) }
        defer { sending.cancel() }
        do {
            let response = try await serve(pipe, context(method.description, options))
            return try Response(serialized: response)
        } catch {
            throw received(error)
        }
    }

    func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response> {
        guard case .serverStreaming(let serve) = methods[method.description.number] else {
            throw unimplemented(method.description)
        }
        let responses = Pipe()
        let context = context(method.description, options)
        Task {
            await finish(responses) { try await serve(request.serialized(), responses, context) }
        }
        return responses.reader()
    }

    func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response> {
        guard case .bidirectional(let serve) = methods[method.description.number] else {
            throw unimplemented(method.description)
        }
        let sent = Pipe()
        let responses = Pipe()
        let context = context(method.description, options)
        Task { await send(requests, into: sent) }
        Task { await finish(responses) { try await serve(sent, responses, context) } }
        return responses.reader()
    }

    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        guard case .channel(let serve) = methods[method.description.number] else {
            throw unimplemented(method.description)
        }
        do {
            let name = try await serve(request.serialized(), context(method.description, options))
            let first = Int(token?.sequence ?? 0)
            let events = Pipe()
            for event in (channels[name] ?? []).dropFirst(first) { await events.send(event) }
            await events.finish()
            let sequence = Sequence(last: UInt64(first))
            return Subscription { () async throws(RPCError) -> Subscription<Response>.Element? in
                guard let event: Response = try await events.next() else { return nil }
                return Subscription.Element(
                    token: ResumeToken(epoch: Self.epoch, sequence: await sequence.next()),
                    event: event
                )
            }
        } catch {
            throw received(error)
        }
    }

    /// Counts the events of a subscription.
    private actor Sequence {
        private var last: UInt64

        init(last: UInt64) {
            self.last = last
        }

        func next() -> UInt64 {
            last += 1
            return last
        }
    }

    private func context(_ method: MethodDescription, _ options: CallOptions) -> CallContext {
        CallContext(
            method: method,
            peer: PeerIdentity(
                subject: "CN=loopback",
                publicKeyFingerprint: PeerIdentity.Fingerprint(bytes: [])
            ),
            metadata: options.metadata,
            idempotencyKey: options.idempotencyKey,
            deadline: options.timeout.map { ContinuousClock.now + $0 }
        )
    }

    private func unimplemented(_ method: MethodDescription) -> RPCError {
        RPCError(.unimplemented, "the server has no method \(method.number)", isNotProcessed: true)
    }

    /// What the caller sees of an error that the handler threw.
    private func received(_ error: any Error) -> RPCError {
        let thrown = error as? RPCError ?? RPCError(.unknown, "\(error)")
        let sent = Status(code: thrown.code, message: thrown.message, details: thrown.details)
        do {
            let status = try Status(serialized: sent.serialized())
            return RPCError(status.code, status.message, details: status.details)
        } catch {
            return RPCError(.internal, "\(error)")
        }
    }

    private func send<Request: Message>(
        _ requests: (MessageWriter<Request>) async throws -> Void,
        into pipe: Pipe
    ) async {
        do {
            try await requests(pipe.writer())
            await pipe.finish()
        } catch {
            await pipe.finish(RPCError(.cancelled, "the caller's requests failed: \(error)"))
        }
    }

    private func finish(_ responses: Pipe, after body: () async throws -> Void) async {
        do {
            try await body()
            await responses.finish()
        } catch {
            await responses.finish(received(error))
        }
    }
}

// MARK: - Serving

extension Loopback: MethodRegistrar {
    mutating func register<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) async throws -> Response
    ) {
        methods[method.description.number] = .unary { request, context in
            try await handler(try Request(serialized: request), context).serialized()
        }
    }

    mutating func register<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, CallContext
            ) async throws -> Response
    ) {
        methods[method.description.number] = .clientStreaming { requests, context in
            try await handler(requests.reader(), context).serialized()
        }
    }

    mutating func register<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, MessageWriter<Response>, CallContext
            ) async throws -> Void
    ) {
        methods[method.description.number] = .serverStreaming { request, responses, context in
            try await handler(try Request(serialized: request), responses.writer(), context)
        }
    }

    mutating func register<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, MessageWriter<Response>, CallContext
            ) async throws -> Void
    ) {
        methods[method.description.number] = .bidirectional { requests, responses, context in
            try await handler(requests.reader(), responses.writer(), context)
        }
    }

    mutating func register<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, CallContext
            ) async throws -> ChannelSubscription<Response>
    ) {
        methods[method.description.number] = .channel { request, context in
            try await handler(try Request(serialized: request), context).channel.name
        }
    }
}
