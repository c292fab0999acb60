import CabinetAPI
import CabinetCodec
import CabinetLocks
import CabinetRPC
import CabinetWire
import Testing

/// gRPC's negative interoperability cases, by their names: what a client makes of a server that goes
/// away, breaks off, or is full.
@Suite struct BrokenServerTests {
    private static let echo = EchoResponse(payload: [1]).serialized()

    @Test("goaway: calls after it go to another connection")
    func goAway() async throws {
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            connection.send(.reply, id: frame.id, Self.echo)
            connection.goAway()
        } _: { client, server in
            let service = DiagnosticsService.Client(client)
            for _ in 0..<5 { _ = try await service.echo(EchoRequest()) }
            #expect(server.connectionCount >= 5)
        }
    }

    @Test("goaway: a call in flight ends on the old connection")
    func goAwayDuringCall() async throws {
        try await ScriptedServer.run { connection, frame in
            switch frame.type {
            case .call where connection.number == 1:
                connection.slots.append(frame.id)
                connection.goAway()
                // The answer comes after the client has heard.
                connection.send(.ping, id: 0, Array(repeating: 0, count: 8))
            case .pong:
                for slot in connection.slots { connection.send(.reply, id: slot, Self.echo) }
            default: break
            }
        } _: { client, server in
            _ = try await DiagnosticsService.Client(client).echo(EchoRequest())
            #expect(server.connectionCount == 1)
        }
    }

    @Test("rst_after_header: the announced response does not come")
    func resetAfterHeader() async throws {
        try await lose { connection, id in
            connection.sendPart(.reply, id: id, announcing: 100, [])
        }
    }

    @Test("rst_during_data: half of a response")
    func resetDuringData() async throws {
        try await lose { connection, id in
            connection.sendPart(.reply, id: id, announcing: 100, Array(repeating: 0, count: 50))
        }
    }

    @Test("A server that is gone before its HELLO may have processed the first call")
    func goneBeforeHello() async throws {
        try await lose(isLate: false, reason: "NO_CONNECTION") { _, _ in }
    }

    /// The connection is cut after a part of the answer, to a call that must not be repeated.
    private func lose(
        isLate: Bool = true,
        reason: String = "CONNECTION_LOST",
        _ part: @escaping @Sendable (ScriptedServer.Connection, UInt32) -> Void
    ) async throws {
        let method = UnaryMethod<EchoRequest, EchoResponse>(
            number: 1,
            name: "test.Unsafe",
            idempotency: .unspecified
        )
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            part(connection, frame.id)
            connection.cut(isLate: isLate)
        } _: { client, server in
            let error = await #expect(throws: RPCError.self) {
                try await client.call(method, EchoRequest(), options: CallOptions())
            }
            #expect(error?.code == .unavailable)
            #expect(error?.details.first?.reason == reason)
            #expect(error?.isNotProcessed == false)
            #expect(server.connectionCount == 1)
        }
    }

    @Test("rst_after_data: what was whole is given, and then the error")
    func resetAfterData() async throws {
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            connection.send(.item, id: frame.id, EchoRepeatResponse(number: 7).serialized())
            connection.cut()
        } _: { client, _ in
            let responses = try await DiagnosticsService.Client(client).echoRepeat(
                EchoRepeatRequest(responseCount: 2)
            )
            var iterator = responses.makeAsyncIterator()
            #expect(try await iterator.next()?.number == 7)
            let error = await #expect(throws: RPCError.self) { try await iterator.next() }
            #expect(error?.details.first?.reason == "CONNECTION_LOST")
        }
    }

    @Test("ping: a server that asks is answered")
    func ping() async throws {
        let answered = Recorder<[UInt8]>()
        try await ScriptedServer.run { connection, frame in
            switch frame.type {
            case .call:
                connection.slots.append(frame.id)
                connection.send(.ping, id: 0, [1, 2, 3, 4, 5, 6, 7, 8])
                connection.send(.ping, id: 0, [8, 7, 6, 5, 4, 3, 2, 1])
            case .pong:
                answered.append(frame.body)
                guard answered.values.count == 2 else { return }
                for slot in connection.slots { connection.send(.reply, id: slot, Self.echo) }
            default: break
            }
        } _: { client, _ in
            _ = try await DiagnosticsService.Client(client).echo(EchoRequest())
        }
        #expect(answered.values == [[1, 2, 3, 4, 5, 6, 7, 8], [8, 7, 6, 5, 4, 3, 2, 1]])
    }

    @Test("max_streams: no more calls at once than the server has slots")
    func maxStreams() async throws {
        let most = Guarded(0)
        try await ScriptedServer.run { connection, frame in
            guard frame.type == .call else { return }
            connection.slots.append(frame.id)
            most.withLock { $0 = max($0, connection.slots.count) }
            // All slots are busy before the first is free again.
            if connection.slots.count == 64 {
                for slot in connection.slots { connection.send(.reply, id: slot, Self.echo) }
                connection.slots = []
            }
        } _: { client, _ in
            let service = DiagnosticsService.Client(client)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<(64 * 5) {
                    group.addTask { _ = try await service.echo(EchoRequest()) }
                }
                try await group.waitForAll()
            }
        }
        #expect(most.withLock { $0 } == 64)
    }
}
