import CabinetAPI
import CabinetRPC
import CabinetTLS
import CabinetWire
import FixtureAPI
import Logging
import NIOCore
import NIOPosix
import TLSTestSupport
import Testing

/// What a server makes of calls that are refused, fail, are given up, or come too late.
@Suite struct ServerCallTests {
    private static let unary = EverythingService.Methods.unary
    /// Answers at once.
    private static let probe = UnaryMethod<Scalars, Repeated>(
        number: 77,
        name: "test.Probe",
        idempotency: .safe
    )

    /// Calls the one method of a server, once and without a second attempt.
    private func call(
        _ carrier: Carrier,
        _ configuration: RPCServerConfiguration = RPCServerConfiguration(),
        options: CallOptions = CallOptions(),
        request: Scalars = Scalars(),
        handler: @escaping @Sendable (Scalars, CallContext) async throws -> Repeated
    ) async throws -> Result<Repeated, RPCError> {
        var router = MethodRouter()
        router.register(Self.unary, handler)
        var client = RPCClientConfiguration()
        client.retry.maxAttempts = 1
        return try await Connected.run(over: carrier, router, server: configuration) { connected in
            try await connected.withClient(client) { client in
                do throws(RPCError) {
                    return .success(try await client.call(Self.unary, request, options: options))
                } catch {
                    return .failure(error)
                }
            }
        }
    }

    private func failure(of result: Result<Repeated, RPCError>) -> RPCError? {
        if case .failure(let error) = result { error } else { nil }
    }

    @Test("A handler knows who calls, and what came along", arguments: Carrier.allCases)
    func context(_ carrier: Carrier) async throws {
        let key = try #require(IdempotencyKey(Array(1...16)))
        let trace = try #require(
            TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        )
        let response = try await TraceContext.$current.withValue(trace) {
            try await call(
                carrier,
                options: CallOptions(timeout: .seconds(5), idempotencyKey: key)
            ) { _, context in
                Repeated(strings: [
                    context.peer.subject, "\(context.idempotencyKey == key)",
                    "\(context.deadline.map { $0 > .now } ?? false)",
                    context.trace?.traceparent ?? "", TraceContext.current?.traceparent ?? "",
                    context.method.name,
                ])
            }.get()
        }
        #expect(
            response.strings == [
                carrier == .tls ? "CN=member\\, one,O=Βουλή" : "CN=test", "true", "true",
                trace.traceparent, trace.traceparent, "fixture.EverythingService.Unary",
            ]
        )
    }

    @Test("What a handler throws reaches the caller, and what it does not mean to tell does not")
    func errors() async throws {
        struct Secret: Error { var password = "hunter2" }
        let known = try await call(.tls) { _, _ in throw FailingHandler.error }
        #expect(failure(of: known) == FailingHandler.error)
        let unknown = failure(of: try await call(.tls) { _, _ in throw Secret() })
        #expect(unknown?.code == .internal)
        #expect(unknown?.details.first?.reason == "HANDLER_FAILED")
        #expect("\(String(describing: unknown))".contains("hunter2") == false)
    }

    @Test("A response that is too long for the client is an error, not a broken connection")
    func tooLong() async throws {
        let result = try await call(.tls) { _, _ in
            Repeated(strings: [String(repeating: "x", count: 70_000)])
        }
        #expect(failure(of: result)?.code == .resourceExhausted)
        #expect(failure(of: result)?.details.first?.reason == "RESPONSE_TOO_LARGE")
    }

    @Test("authorize refuses before the handler, and the call was not processed")
    func authorize() async throws {
        let handled = Recorder<Int>()
        var configuration = RPCServerConfiguration()
        configuration.authorize = { context throws(RPCError) in
            throw RPCError(.permissionDenied, "not \(context.method.name)")
        }
        let result = try await call(.tls, configuration) { _, _ in
            handled.append(1)
            return Repeated()
        }
        #expect(failure(of: result)?.code == .permissionDenied)
        #expect(failure(of: result)?.isNotProcessed == true)
        #expect(handled.values == [])
    }

    @Test("Interceptors stand around a handler, the first outermost, and may refuse")
    func interceptors() async throws {
        struct Noting: ServerInterceptor {
            let name: String
            let notes: Recorder<String>
            var refuses = false

            func intercept<Outcome: Sendable>(
                _ context: CallContext,
                _ next: @Sendable (CallContext) async throws -> Outcome
            ) async throws -> Outcome {
                notes.append("\(name) begins")
                defer { notes.append("\(name) ends") }
                if refuses { throw RPCError(.unauthenticated, "no") }
                var context = context
                context.metadata.entries.append(MetadataEntry(name: name, value: []))
                return try await next(context)
            }
        }
        let notes = Recorder<String>()
        var configuration = RPCServerConfiguration()
        configuration.interceptors = [
            Noting(name: "outer", notes: notes), Noting(name: "inner", notes: notes),
        ]
        let response = try await call(.tls, configuration) { _, context in
            notes.append("handler")
            return Repeated(strings: context.metadata.entries.map(\.name))
        }.get()
        #expect(response.strings == ["outer", "inner"])
        #expect(
            notes.values == [
                "outer begins", "inner begins", "handler", "inner ends", "outer ends",
            ]
        )
        configuration.interceptors = [Noting(name: "outer", notes: notes, refuses: true)]
        let refused = try await call(.tls, configuration) { _, _ in Repeated() }
        #expect(failure(of: refused)?.code == .unauthenticated)
    }

    @Test(
        "An inline handler runs in a task where there are interceptors, so that none is passed over"
    )
    func inlineWithInterceptors() async throws {
        struct Refusing: ServerInterceptor {
            func intercept<Outcome: Sendable>(
                _ context: CallContext,
                _ next: @Sendable (CallContext) async throws -> Outcome
            ) async throws -> Outcome {
                throw RPCError(.permissionDenied, "no")
            }
        }
        var configuration = RPCServerConfiguration()
        configuration.interceptors = [Refusing()]
        try await Connected.run(.diagnostics, server: configuration) { connected in
            try await connected.withClient { client in
                let error = await #expect(throws: RPCError.self) {
                    try await DiagnosticsService.Client(client).echo(EchoRequest())
                }
                #expect(error?.code == .permissionDenied)
            }
        }
    }

    @Test("A call that was cancelled before it had an effect was not processed, and has none")
    func cancelledBeforeEffect() async throws {
        let (refusals, refusal) = AsyncStream.makeStream(of: RPCError.self)
        let began = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.register(Self.unary) { _, context in
            began.continuation.yield()
            // Ends with the call.
            try? await Task.sleep(for: .seconds(3_600))
            do throws(RPCError) {
                try context.beginEffect()
            } catch {
                refusal.yield(error)
                throw error
            }
            return Repeated()
        }
        try await Connected.run(router) { connected in
            try await connected.withClient { client in
                let call = Task {
                    try await client.call(Self.unary, Scalars(), options: CallOptions())
                }
                for await _ in began.stream { break }
                call.cancel()
                for await error in refusals {
                    #expect(error.isNotProcessed)
                    break
                }
            }
        }
    }

    @Test("A call that has had an effect goes on to its real outcome")
    func cancelledAfterEffect() async throws {
        let (outcomes, outcome) = AsyncStream.makeStream(of: Bool.self)
        let began = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.registerInline(Self.probe) { _, _ in Repeated() }
        let finished = AsyncStream.makeStream(of: Void.self)
        router.register(EverythingService.Methods.clientStream) { requests, context in
            try context.beginEffect()
            began.continuation.yield()
            for await _ in finished.stream { break }
            // A cancelled task would not have waited.
            outcome.yield(!Task.isCancelled)
            return Repeated()
        }
        try await Connected.run(router) { connected in
            try await connected.withClient { client in
                let call = Task {
                    try await client.call(
                        EverythingService.Methods.clientStream,
                        options: CallOptions()
                    ) { _ in try await Task.sleep(for: .seconds(3_600)) }
                }
                for await _ in began.stream { break }
                call.cancel()
                _ = await call.result
                // The connection knows of the cancellation when this is answered.
                _ = try await client.call(Self.probe, Scalars(), options: CallOptions())
                finished.continuation.yield()
                for await isUndisturbed in outcomes {
                    #expect(isUndisturbed)
                    break
                }
            }
        }
    }

    @Test("What another call of the handler did not do says nothing about the handler's own")
    func passedOn() async throws {
        var once = RPCClientConfiguration().patient
        once.retry.maxAttempts = 1
        let elsewhere = try await ScriptedServer { connection, frame in
            guard frame.type == .call else { return }
            connection.fail(frame.id, .unavailable, isNotProcessed: true)
        }
        let other = RPCClient(
            host: "127.0.0.1",
            port: elsewhere.port,
            tls: try TLSClientContext(PKI.shared.files("client")),
            configuration: once,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        let result = try await call(.tls) { _, _ in
            try await other.call(Self.probe, Scalars(), options: CallOptions())
        }
        await other.close()
        #expect(failure(of: result)?.code == .unavailable)
        #expect(failure(of: result)?.isNotProcessed == false)
    }

    @Test("An inline handler that has had an effect is not safe to be called again")
    func inlineEffect() async throws {
        let refusal = RPCError(.unavailable, "no", isNotProcessed: true)
        var router = MethodRouter()
        router.registerInline(Self.probe) { request, context in
            if request.aBool { try context.beginEffect() }
            throw refusal
        }
        var once = RPCClientConfiguration()
        once.retry.maxAttempts = 1
        try await Connected.run(router) { connected in
            try await connected.withClient(once) { client in
                for hasEffect in [true, false, true] {
                    let error = await #expect(throws: RPCError.self) {
                        try await client.call(
                            Self.probe,
                            Scalars(aBool: hasEffect),
                            options: CallOptions()
                        )
                    }
                    #expect(error?.isNotProcessed == !hasEffect)
                }
            }
        }
    }

    @Test("A peer has no more connections than it may have, and others go on")
    func connectionsOfPeer() async throws {
        var configuration = RPCServerConfiguration()
        configuration.admission.maxConnectionsPerPeer = 2
        try await Connected.run(.diagnostics, server: configuration) { connected in
            let clients = (0..<3).map { _ in connected.newClient(RPCClientConfiguration().patient) }
            try await clients[0].connect()
            try await clients[1].connect()
            let error = await #expect(throws: RPCError.self) { try await clients[2].connect() }
            #expect(error?.message.contains("this certificate") == true)
            await clients[0].close()
            // The server learns of it in its own time.
            while (try? await clients[2].connect()) == nil {
                try await Task.sleep(for: .milliseconds(1))
            }
            for client in clients { await client.close() }
        }
    }

    @Test("All event loops drain at the same time")
    func drainOfLoops() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        let (finish, finished) = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.registerInline(Self.probe) { _, _ in Repeated() }
        router.register(EverythingService.Methods.serverStream) { _, responses, _ in
            try await responses.write(Scalars())
            // Nobody but the end of the test ends it.
            for await _ in finish { break }
        }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = InProcessServer(router, logger: logger)
        var once = RPCClientConfiguration().patient
        once.retry.maxAttempts = 1
        let clients = (0..<2).map { number in
            server.client(
                as: PeerIdentity(
                    subject: "CN=\(number)",
                    publicKeyFingerprint: .init(bytes: [UInt8(number)])
                ),
                configuration: once,
                on: group.next(),
                logger: logger
            )
        }
        // One of them has a call that does not end.
        var responses = try await clients[0].call(
            EverythingService.Methods.serverStream,
            Repeated(),
            options: CallOptions()
        ).makeAsyncIterator()
        _ = try await responses.next()
        _ = try await clients[1].call(Self.probe, Scalars(), options: CallOptions())
        async let drained: Void = server.shutdown()
        for client in clients {
            var error: RPCError?
            while error == nil {
                do throws(RPCError) {
                    _ = try await client.call(Self.probe, Scalars(), options: CallOptions())
                } catch let refusal {
                    error = refusal
                }
            }
            #expect(error?.isNotProcessed == true)
        }
        finished.yield()
        for client in clients { await client.close() }
        await drained
        try await group.shutdownGracefully()
    }

    @Test("No more handlers run at once than the server's limit", arguments: Carrier.allCases)
    func maxTasks(_ carrier: Carrier) async throws {
        var configuration = RPCServerConfiguration()
        configuration.maxTasks = 1
        let began = AsyncStream.makeStream(of: Void.self)
        let finish = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.register(Self.unary) { _, _ in
            began.continuation.yield()
            for await _ in finish.stream { break }
            return Repeated()
        }
        var once = RPCClientConfiguration()
        once.retry.maxAttempts = 1
        try await Connected.run(over: carrier, router, server: configuration) { connected in
            try await connected.withClient(once) { client in
                async let first = client.call(Self.unary, Scalars(), options: CallOptions())
                for await _ in began.stream { break }
                let error = await #expect(throws: RPCError.self) {
                    try await client.call(Self.unary, Scalars(), options: CallOptions())
                }
                #expect(error?.details.first?.reason == "TOO_MANY_CALLS")
                #expect(error?.isNotProcessed == true)
                finish.continuation.yield()
                _ = try await first
            }
        }
    }

    @Test(
        "A server that drains lets calls finish, and refuses new ones",
        arguments: Carrier.allCases
    )
    func drain(_ carrier: Carrier) async throws {
        let began = AsyncStream.makeStream(of: Void.self)
        let finish = AsyncStream.makeStream(of: Void.self)
        var router = MethodRouter()
        router.registerInline(Self.probe) { _, _ in Repeated() }
        router.register(Self.unary) { _, _ in
            began.continuation.yield()
            for await _ in finish.stream { break }
            return Repeated(strings: ["done"])
        }
        var once = RPCClientConfiguration()
        once.retry.maxAttempts = 1
        try await Connected.run(over: carrier, router) { connected in
            try await connected.withClient(once) { client in
                async let first = client.call(Self.unary, Scalars(), options: CallOptions())
                for await _ in began.stream { break }
                async let drained: Void = connected.drain()
                var error: RPCError?
                while error == nil {
                    do throws(RPCError) {
                        _ = try await client.call(Self.probe, Scalars(), options: CallOptions())
                    } catch let refusal {
                        error = refusal
                    }
                }
                #expect(error?.code == .unavailable)
                #expect(error?.isNotProcessed == true)
                finish.continuation.yield()
                let response = try await first
                #expect(response.strings == ["done"])
                await drained
            }
        }
    }
}
