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
