internal import CabinetCodec
internal import CabinetWire
internal import NIOCore

/// Calls of methods that are known by their descriptions alone, as a tool has them from reflection: the
/// messages are bytes, which the caller encodes and decodes.
extension RPCClient {
    /// One request, one response: the bytes of their messages.
    ///
    /// - Throws: ``RPCError``; `INVALID_ARGUMENT` where the method has another shape.
    public func callSerialized(
        _ method: MethodDescription,
        _ request: [UInt8],
        options: CallOptions = CallOptions()
    ) async throws(RPCError) -> [UInt8] {
        try require(method, .unary)
        return try await intercepted(method, options) { options throws(RPCError) -> [UInt8] in
            let beginning = try self.beginning(of: method, options)
            return try await self.attempts(method, beginning) { () throws(RPCError) -> [UInt8] in
                try await self.single(beginning, request)
            }
        }
    }

    /// One request, many responses: the bytes of their messages.
    ///
    /// - Throws: ``RPCError``; `INVALID_ARGUMENT` where the method has another shape.
    public func streamSerialized(
        _ method: MethodDescription,
        _ request: [UInt8],
        options: CallOptions = CallOptions()
    ) async throws(RPCError) -> SerializedReader {
        try require(method, .serverStreaming)
        return try await intercepted(method, options) {
            options throws(RPCError) -> SerializedReader in
            let beginning = try self.beginning(of: method, options)
            try await self.connect(for: method, beginning)
            let call = ResponseStreamCall(
                beginning,
                message: request,
                limits: self.configuration.limits
            )
            self.eventLoop.runHere { [manager = self.manager] in manager.start(call) }
            return SerializedReader(Reading(call, self, nil))
        }
    }

    /// Subscribes to a channel, from its present or from after `token`: the bytes of the snapshots and
    /// events.
    ///
    /// - Throws: ``RPCError``; `INVALID_ARGUMENT` where the method has another shape.
    public func subscribeSerialized(
        _ method: MethodDescription,
        _ request: [UInt8],
        resumingAfter token: ResumeToken? = nil,
        options: CallOptions = CallOptions()
    ) async throws(RPCError) -> SerializedSubscription {
        try require(method, .channel)
        return try await intercepted(method, options) {
            options throws(RPCError) -> SerializedSubscription in
            let beginning = try self.beginning(of: method, options)
            let key = SharedSubscription.Key(
                method: method.number,
                request: request,
                metadata: beginning.metadata
            )
            return SerializedSubscription(try await self.join(key, token, beginning.deadline))
        }
    }

    private func single(
        _ beginning: CallBeginning,
        _ request: [UInt8]
    ) async throws(RPCError) -> [UInt8] {
        let result = await LoopWait<Result<[UInt8], RPCError>>.on(eventLoop) { [manager] wait in
            let call = SerializedResponseCall(beginning, message: request, wait)
            wait.whenCancelled = { manager.cancel(call) }
            manager.start(call)
        }
        guard let result else { throw .taskCancelled }
        return try result.get()
    }

    private func require(
        _ method: MethodDescription,
        _ kind: MethodKind
    ) throws(RPCError) {
        guard method.kind == kind else {
            throw .runtime(
                .invalidArgument,
                "CALL_DOES_NOT_FIT",
                "\(method.name) is \(method.kind), and was called as \(kind)",
                isNotProcessed: true
            )
        }
    }
}

/// The responses of a call as the bytes of their messages. It is read by one task, once; the call is
/// cancelled when that task is, or when the reader and its iterators are let go of before the end.
public struct SerializedReader: AsyncSequence, Sendable {
    private let reading: Reading

    init(_ reading: Reading) {
        self.reading = reading
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(reading: reading)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let reading: Reading

        public mutating func next() async throws(RPCError) -> [UInt8]? {
            try await reading.next().map { Array($0.readableBytesView) }
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> [UInt8]? {
            try await reading.next().map { Array($0.readableBytesView) }
        }
    }
}

/// The events of a channel as the bytes of their messages; as ``Subscription`` otherwise. One task reads it.
public struct SerializedSubscription: AsyncSequence, Sendable {
    public struct Element: Sendable, Hashable {
        /// Where to resume after this event.
        public let token: ResumeToken
        /// Whether it replaces everything before.
        public let isSnapshot: Bool
        public let message: [UInt8]
    }

    private let reader: SubscriptionReader

    init(_ reader: SubscriptionReader) {
        self.reader = reader
    }

    public func makeAsyncIterator() -> Iterator {
        Iterator(reader: reader)
    }

    public struct Iterator: AsyncIteratorProtocol {
        fileprivate let reader: SubscriptionReader

        public mutating func next() async throws(RPCError) -> Element? {
            try await reader.nextEvent()
        }

        public mutating func next(
            isolation actor: isolated (any Actor)?
        ) async throws(RPCError) -> Element? {
            try await reader.nextEvent()
        }
    }
}

extension SubscriptionReader {
    /// Waits for the next update that is an event.
    fileprivate func nextEvent() async throws(RPCError) -> SerializedSubscription.Element? {
        while let update = try await next() {
            guard case .entry(let entry) = update else { continue }
            return SerializedSubscription.Element(
                token: entry.token,
                isSnapshot: entry.isSnapshot,
                message: Array(entry.message.readableBytesView)
            )
        }
        return nil
    }
}

/// A call with one response, whose bytes a task waits for.
private final class SerializedResponseCall: ClientCall, @unchecked Sendable {
    private let wait: LoopWait<Result<[UInt8], RPCError>>

    init(
        _ begin: CallBeginning,
        message: [UInt8],
        _ wait: LoopWait<Result<[UInt8], RPCError>>
    ) {
        self.wait = wait
        super.init(
            begin.header,
            metadata: begin.metadata,
            message: message,
            responses: .single,
            deadline: begin.deadline
        )
    }

    override func replied(_ response: RawSpan, _ session: ClientSession) {
        wait.resume(.success(response.withUnsafeBytes { Array($0) }))
    }

    override func ended(_ error: RPCError?) {
        wait.resume(.failure(error ?? .noResponse))
    }
}
