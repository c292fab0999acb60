internal import CabinetCodec
public import CabinetTLS
internal import CabinetWire
public import Logging
public import NIOCore
public import NIOPosix

/// A client of CWP/1 on TLS: one connection, which all calls share, and which is made anew when it is
/// lost and something is to be done.
///
/// ```swift
/// let client = RPCClient(host: "vote.example", port: 7443, tls: context, logger: logger)
/// let echo = try await DiagnosticsService.Client(client).echo(EchoRequest(payload: [1, 2, 3]))
/// await client.close()
/// ```
///
/// A call waits while a connection is being made. It is made again, with pauses, where the connection
/// failed, or the call did, and that is safe: the server has not processed it, or its method can be
/// repeated (``RetryPolicy``). Streams are not repeated once they have begun.
public final class RPCClient: Sendable {
    let manager: ConnectionManager

    var eventLoop: any EventLoop { manager.eventLoop }
    var configuration: RPCClientConfiguration { manager.configuration }

    /// - Parameters:
    ///   - host: A name or an IP address.
    ///   - tls: Made once for all clients with the same certificate, and not on an event loop.
    ///   - serverName: The name or address that the server's certificate must have, where that is not
    ///     `host`.
    ///   - group: The connection runs on one of its event loops.
    public convenience init(
        host: String,
        port: Int,
        tls: TLSClientContext,
        serverName: String? = nil,
        configuration: RPCClientConfiguration = RPCClientConfiguration(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        logger: Logger
    ) {
        self.init(
            SocketConnector(host: host, port: port, tls: tls, serverName: serverName ?? host),
            on: group.next(),
            configuration,
            logger
        )
    }

    init(
        _ connector: any Connector,
        on eventLoop: any EventLoop,
        _ configuration: RPCClientConfiguration,
        _ logger: Logger
    ) {
        manager = ConnectionManager(connector, on: eventLoop, configuration, logger)
    }

    deinit {
        eventLoop.runHere { [manager] in manager.close(nil) }
    }

    /// Connects, if there is no connection, and waits for the server's HELLO: it has then let this
    /// client in. Calls do that by themselves; this is to find out at the start.
    ///
    /// - Returns: Whom the connection is with.
    /// - Throws: ``RPCError`` that says to a person why there is no connection.
    @discardableResult
    public func connect() async throws(RPCError) -> PeerIdentity {
        try await connection(before: nil)
    }

    private func connection(before deadline: Timestamp?) async throws(RPCError) -> PeerIdentity {
        let eventLoop = eventLoop
        let result = await LoopWait<Result<PeerIdentity, RPCError>>.on(eventLoop) {
            [manager] wait in
            manager.waitForConnection(wait)
            guard let deadline, !wait.isOver else { return }
            wait.resume(
                .failure(.deadlineExceeded(isNotProcessed: true)),
                at: deadline,
                on: eventLoop
            )
        }
        guard let result else { throw .taskCancelled }
        return try result.get()
    }

    /// Ends the connection, and all calls and subscriptions with it. Later calls fail.
    public func close() async {
        let closed = eventLoop.makePromise(of: Void.self)
        eventLoop.runHere { [manager] in manager.close(closed) }
        try? await closed.futureResult.get()
    }

    /// Ends the connection that there is, as a network does that is gone; calls on it fail with
    /// CONNECTION_LOST, and whatever is to be done makes the next one. For trials.
    package func loseConnection() {
        eventLoop.runHere { [manager] in manager.loseConnection() }
    }

    // MARK: - What the kinds of calls have in common

    /// Runs a call with all interceptors around it.
    func intercepted<Outcome: Sendable>(
        _ method: MethodDescription,
        _ options: CallOptions,
        _ body: @escaping @Sendable (CallOptions) async throws(RPCError) -> Outcome
    ) async throws(RPCError) -> Outcome {
        try await intercepted(0, method, options, body)
    }

    private func intercepted<Outcome: Sendable>(
        _ index: Int,
        _ method: MethodDescription,
        _ options: CallOptions,
        _ body: @escaping @Sendable (CallOptions) async throws(RPCError) -> Outcome
    ) async throws(RPCError) -> Outcome {
        guard index < configuration.interceptors.count else {
            do throws(RPCError) {
                return try await body(options)
            } catch {
                throw error.ofCall
            }
        }
        return try await configuration.interceptors[index].intercept(method, options) {
            options throws(RPCError) in
            try await self.intercepted(index + 1, method, options, body)
        }
    }

    /// What the attempts of a call have in common: its deadline and its key among it.
    func beginning(
        of method: MethodDescription,
        _ options: CallOptions
    ) throws(RPCError) -> CallBeginning {
        let timeout =
            options.timeout ?? (method.kind == .unary ? configuration.defaultTimeout : nil)
        let metadata = try options.metadata.encoded()
        var key = options.idempotencyKey
        if key == nil, method.idempotency == .keyed {
            var generator = SystemRandomNumberGenerator()
            key = .random(using: &generator)
        }
        return CallBeginning(
            header: CallHeader(
                method: method.number,
                key: key.map { CallHeader.Bytes16($0.bytes) },
                trace: TraceContext.current.map { CallHeader.Trace($0) },
                metadataByteCount: metadata.isEmpty ? nil : metadata.count
            ),
            metadata: metadata,
            deadline: timeout.map { manager.now + Interval($0) }
        )
    }

    /// Makes attempts until one succeeds, or another would not be safe or of no use.
    func attempts<Outcome: Sendable>(
        _ method: MethodDescription,
        _ beginning: CallBeginning,
        _ attempt: () async throws(RPCError) -> Outcome
    ) async throws(RPCError) -> Outcome {
        var failures = 0
        // What one attempt may have done, none after it undoes.
        var isNotProcessed = true
        while true {
            do throws(RPCError) {
                return try await attempt()
            } catch let failure {
                var error = failure
                isNotProcessed = isNotProcessed && error.isNotProcessed
                failures += 1
                guard failures < configuration.retry.maxAttempts,
                    configuration.retry.allows(failure, method.idempotency)
                else {
                    error.isNotProcessed = isNotProcessed
                    throw error
                }
                error.isNotProcessed = isNotProcessed
                try await pause(afterFailures: failures, before: beginning.deadline, error)
            }
        }
    }

    /// Waits before another attempt.
    ///
    /// - Throws: `error` where the deadline comes first.
    private func pause(
        afterFailures failures: Int,
        before deadline: Timestamp?,
        _ error: RPCError
    ) async throws(RPCError) {
        var generator = SystemRandomNumberGenerator()
        let pause = configuration.retry.backoff.pause(
            afterFailures: failures,
            using: &generator
        )
        let moment = manager.now + Interval(pause)
        if let deadline, deadline <= moment { throw error }
        let eventLoop = eventLoop
        let isOver = await LoopWait<Bool>.on(eventLoop) { wait in
            wait.resume(true, at: moment, on: eventLoop)
        }
        guard isOver == true else {
            var cancelled = RPCError.taskCancelled
            cancelled.isNotProcessed = error.isNotProcessed
            throw cancelled
        }
    }

    /// Connects, with as many attempts as the policy allows, for a call that is then made once.
    func connect(
        for method: MethodDescription,
        _ beginning: CallBeginning
    ) async throws(RPCError) {
        _ = try await attempts(method, beginning) { () throws(RPCError) in
            try await connection(before: beginning.deadline)
        }
    }
}

extension RPCError {
    static let taskCancelled = RPCError(.cancelled, "the task of the caller was cancelled")
}

extension Metadata {
    /// The bytes of the metadata; none where it is empty.
    fileprivate func encoded() throws(RPCError) -> [UInt8] {
        guard hasValidNames else {
            throw .runtime(
                .invalidArgument,
                "METADATA_MALFORMED",
                "the name of a metadata entry is not 1 to 64 of a-z, 0-9, '-', '_' and '.'",
                isNotProcessed: true
            )
        }
        return entries.isEmpty ? [] : serialized()
    }
}
