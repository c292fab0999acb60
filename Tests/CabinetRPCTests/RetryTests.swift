import CabinetAPI
import CabinetCodec
import CabinetRPC
import CabinetWire
import Testing

/// When a client makes a call again, and when it must not (CWP/1, rule 3.10).
@Suite struct RetryTests {
    /// How the server answers the first attempts.
    enum Failure: Sendable {
        case cut
        case status(Code, isNotProcessed: Bool)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let idempotency: MethodIdempotency
        let failure: Failure
        let isRepeated: Bool

        var testDescription: String { "\(idempotency), \(failure): \(isRepeated)" }
    }

    static let cases = [
        Case(idempotency: .unspecified, failure: .cut, isRepeated: false),
        Case(idempotency: .safe, failure: .cut, isRepeated: true),
        Case(idempotency: .keyed, failure: .cut, isRepeated: true),
        Case(
            idempotency: .unspecified,
            failure: .status(.unavailable, isNotProcessed: true),
            isRepeated: true
        ),
        Case(
            idempotency: .unspecified,
            failure: .status(.unavailable, isNotProcessed: false),
            isRepeated: false
        ),
        Case(
            idempotency: .safe,
            failure: .status(.unavailable, isNotProcessed: false),
            isRepeated: true
        ),
        // What will be the same again is not tried again.
        Case(
            idempotency: .safe,
            failure: .status(.failedPrecondition, isNotProcessed: true),
            isRepeated: false
        ),
        Case(
            idempotency: .keyed,
            failure: .status(.alreadyExists, isNotProcessed: false),
            isRepeated: false
        ),
    ]

    private func method(_ idempotency: MethodIdempotency) -> UnaryMethod<EchoRequest, EchoResponse>
    {
        UnaryMethod(number: 1, name: "test.Method", idempotency: idempotency)
    }

    @Test("A call is repeated where that is safe and of use", arguments: cases)
    func repeated(_ test: Case) async throws {
        let calls = Recorder<ScriptedServer.Frame>()
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            calls.append(frame)
            guard calls.values.count < 3 else {
                return connection.send(.reply, id: frame.id, EchoResponse().serialized())
            }
            switch test.failure {
            case .cut: connection.cut()
            case .status(let code, let isNotProcessed):
                connection.fail(frame.id, code, isNotProcessed: isNotProcessed)
            }
        } _: { client, _ in
            do {
                _ = try await client.call(
                    method(test.idempotency),
                    EchoRequest(),
                    options: CallOptions()
                )
                #expect(test.isRepeated)
            } catch {
                #expect(!test.isRepeated)
            }
        }
        #expect(calls.values.count == (test.isRepeated ? 3 : 1))
        // The same key, so that the server recognises it.
        if test.idempotency == .keyed {
            #expect(calls.values.allSatisfy { $0.flags.contains(.key) })
            #expect(Set(calls.values.map { Array($0.body[6..<22]) }).count == 1)
        }
    }

    @Test("What an attempt may have done is not denied by those after it")
    func unknownOutcomeStays() async throws {
        let calls = Recorder<UInt32>()
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            calls.append(frame.id)
            if calls.values.count == 1 {
                // Processed, perhaps, and the answer is lost.
                connection.cut()
            } else {
                connection.fail(frame.id, .unavailable, isNotProcessed: true)
            }
        } _: { client, _ in
            let error = await #expect(throws: RPCError.self) {
                try await client.call(method(.keyed), EchoRequest(), options: CallOptions())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.isNotProcessed == false)
        }
        #expect(calls.values.count == RetryPolicy().maxAttempts)
    }

    @Test("A call is not made more often than the policy says")
    func attempts() async throws {
        let calls = Recorder<UInt32>()
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            calls.append(frame.id)
            connection.fail(frame.id, .unavailable, isNotProcessed: true)
        } _: { client, _ in
            let error = await #expect(throws: RPCError.self) {
                try await client.call(method(.safe), EchoRequest(), options: CallOptions())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.message == "scripted")
        }
        #expect(calls.values.count == RetryPolicy().maxAttempts)
    }

    @Test("A key of the caller's own is sent as it is")
    func key() async throws {
        let calls = Recorder<ScriptedServer.Frame>()
        let key = try #require(IdempotencyKey(Array(1...16)))
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            calls.append(frame)
            connection.send(.reply, id: frame.id)
        } _: { client, _ in
            _ = try await client.call(
                method(.keyed),
                EchoRequest(),
                options: CallOptions(idempotencyKey: key)
            )
        }
        #expect(calls.values.map { Array($0.body[6..<22]) } == [Array(1...16)])
    }

    @Test("The trace of the task goes along, and the time that is left")
    func traceAndTimeout() async throws {
        let calls = Recorder<CallHeader>()
        let trace = try #require(
            TraceContext(traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")
        )
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            let header = try? CallHeader(
                body: frame.body.span.bytes,
                flags: frame.flags,
                maxMetadataBytes: 8_192
            )
            if let header { calls.append(header) }
            connection.send(.reply, id: frame.id)
        } _: { client, _ in
            let service = DiagnosticsService.Client(client)
            try await TraceContext.$current.withValue(trace) {
                _ = try await service.echo(
                    EchoRequest(),
                    options: CallOptions(timeout: .seconds(300))
                )
            }
            _ = try await service.echo(EchoRequest())
        }
        #expect(calls.values.first?.trace?.parentID == trace.parentID)
        #expect(calls.values.first?.trace?.flags == 1)
        #expect(calls.values.last?.trace == nil)
        #expect((1...300_000_000).contains(calls.values.first?.timeoutMicroseconds ?? 0))
        // Without one in the options it is the configuration's.
        #expect((300_000_001...600_000_000).contains(calls.values.last?.timeoutMicroseconds ?? 0))
    }

    @Test("Interceptors stand around all attempts, the first outermost")
    func interceptors() async throws {
        struct Noting: ClientInterceptor {
            let name: String
            let notes: Recorder<String>

            func intercept<Outcome: Sendable>(
                _ method: MethodDescription,
                _ options: CallOptions,
                _ next: @Sendable (CallOptions) async throws(RPCError) -> Outcome
            ) async throws(RPCError) -> Outcome {
                notes.append("\(name) begins \(method.name)")
                defer { notes.append("\(name) ends") }
                return try await next(options)
            }
        }
        let notes = Recorder<String>()
        var configuration = RPCClientConfiguration.impatient
        configuration.interceptors = [
            Noting(name: "outer", notes: notes), Noting(name: "inner", notes: notes),
        ]
        try await ScriptedServer.run(configuration) { connection, frame in
            guard frame.type == .call else { return }
            notes.append("call")
            if notes.values.count == 3 {
                connection.fail(frame.id, .unavailable, isNotProcessed: true)
            } else {
                connection.send(.reply, id: frame.id)
            }
        } _: { client, _ in
            _ = try await client.call(method(.safe), EchoRequest(), options: CallOptions())
        }
        #expect(
            notes.values == [
                "outer begins test.Method", "inner begins test.Method", "call", "call",
                "inner ends", "outer ends",
            ]
        )
    }

    @Test("A client that was closed makes no calls")
    func closed() async throws {
        try await ScriptedServer.run { _, _ in
        } _: { client, _ in
            await client.close()
            let error = await #expect(throws: RPCError.self) {
                try await client.call(method(.safe), EchoRequest(), options: CallOptions())
            }
            #expect(error?.details.first?.reason == "CLIENT_CLOSED")
        }
    }
}
