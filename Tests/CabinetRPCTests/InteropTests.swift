import CabinetAPI
import CabinetRPC
import Testing

/// gRPC's interoperability cases, by their names, as far as they speak of calls that succeed: from a
/// generated client through the runtime to a generated handler.
///
/// The cases are described in gRPC's `interop-test-descriptions.md`. Sizes are smaller where a frame of
/// CWP/1 has at most 65,536 bytes.
@Suite struct InteropTests {
    private func withService(
        _ carrier: Carrier,
        _ body: (DiagnosticsService.Client, RPCClient) async throws -> Void
    ) async throws {
        try await Connected.run(over: carrier, .diagnostics) { connected in
            try await connected.withClient { client in
                try await body(DiagnosticsService.Client(client), client)
            }
        }
    }

    private static let large = (0..<16_384).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    private static let requestSizes = [271, 8, 1, 0]
    private static let responseSizes = [314, 9, 26, 16]

    @Test("empty_unary", arguments: Carrier.allCases)
    func emptyUnary(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let response = try await service.echo(EchoRequest())
            #expect(response == EchoResponse(payload: [], serverTimeUnixMs: 1_561_348_800_000))
        }
    }

    @Test("large_unary", arguments: Carrier.allCases)
    func largeUnary(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let response = try await service.echo(EchoRequest(payload: Self.large))
            #expect(response.payload == Self.large)
        }
    }

    @Test("client_streaming", arguments: Carrier.allCases)
    func clientStreaming(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let response = try await service.echoCollect { requests in
                for size in Self.requestSizes {
                    try await requests.write(
                        EchoCollectRequest(payload: Array(Self.large[..<size]))
                    )
                }
            }
            #expect(response.requestCount == 4)
            #expect(response.payloadBytes == 280)
        }
    }

    @Test("client_streaming, more than the credit", arguments: Carrier.allCases)
    func clientStreamingMuch(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let response = try await service.echoCollect { requests in
                for _ in 0..<100 {
                    try await requests.write(EchoCollectRequest(payload: Self.large))
                }
            }
            #expect(response.payloadBytes == 1_638_400)
        }
    }

    @Test("server_streaming", arguments: Carrier.allCases)
    func serverStreaming(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let responses = try await service.echoRepeat(
                EchoRepeatRequest(payload: Self.large, responseCount: 50)
            )
            var numbers: [UInt32] = []
            for try await response in responses {
                #expect(response.payload == Self.large)
                numbers.append(response.number)
            }
            #expect(numbers == Array(0..<50))
        }
    }

    @Test("ping_pong", arguments: Carrier.allCases)
    func pingPong(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            // Each request is written when the response to the one before has come.
            let (turns, turn) = AsyncStream.makeStream(of: Void.self)
            let responses = try await service.echoStream { requests in
                var turns = turns.makeAsyncIterator()
                for size in Self.requestSizes {
                    try await requests.write(EchoStreamRequest(payload: Array(Self.large[..<size])))
                    _ = await turns.next()
                }
            }
            var sizes: [Int] = []
            for try await response in responses {
                sizes.append(response.payload.count)
                turn.yield()
            }
            #expect(sizes == Self.requestSizes)
        }
    }

    @Test("empty_stream", arguments: Carrier.allCases)
    func emptyStream(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let responses = try await service.echoStream { _ in }
            for try await _ in responses { Issue.record("a response to nothing") }
        }
    }

    @Test("custom_metadata", arguments: Carrier.allCases)
    func customMetadata(_ carrier: Carrier) async throws {
        let seen = Recorder<Metadata>()
        var configuration = RPCServerConfiguration()
        configuration.authorize = { context throws(RPCError) in seen.append(context.metadata) }
        let metadata = Metadata(entries: [
            MetadataEntry(name: "x-grpc-test-echo-initial", value: Array("test_initial".utf8)),
            MetadataEntry(name: "x-grpc-test-echo-trailing-bin", value: [0xab, 0xab, 0xab, 0]),
        ])
        try await Connected.run(over: carrier, .diagnostics, server: configuration) { connected in
            try await connected.withClient { client in
                let service = DiagnosticsService.Client(client)
                _ = try await service.echo(EchoRequest(), options: CallOptions(metadata: metadata))
                let responses = try await service.echoStream(
                    options: CallOptions(metadata: metadata)
                ) { _ in }
                for try await _ in responses {}
            }
        }
        #expect(seen.values == [metadata, metadata])
    }

    @Test("concurrent_large_unary", arguments: Carrier.allCases)
    func concurrentLargeUnary(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            try await withThrowingTaskGroup(of: Bool.self) { group in
                // More than the slots of a connection.
                for number in 0..<200 {
                    group.addTask {
                        var payload = Self.large
                        payload[0] = UInt8(number)
                        return try await service.echo(EchoRequest(payload: payload)).payload
                            == payload
                    }
                }
                for try await isSame in group { #expect(isSame) }
            }
        }
    }

    @Test("status_code_and_message", arguments: Carrier.allCases)
    func statusCodeAndMessage(_ carrier: Carrier) async throws {
        let status = RequestedStatus(code: 2, message: "test status message")
        try await withService(carrier) { service, _ in
            let unary = await #expect(throws: RPCError.self) {
                try await service.returnStatus(ReturnStatusRequest(status: status))
            }
            let responses = try await service.echoRepeat(
                EchoRepeatRequest(responseCount: 1, endStatus: status)
            )
            let stream = await #expect(throws: RPCError.self) {
                for try await _ in responses {}
            }
            for error in [unary, stream] {
                #expect(error?.code == .unknown)
                #expect(error?.message == "test status message")
            }
        }
    }

    @Test("special_status_message", arguments: Carrier.allCases)
    func specialStatusMessage(_ carrier: Carrier) async throws {
        let message = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
        try await withService(carrier) { service, _ in
            let error = await #expect(throws: RPCError.self) {
                try await service.returnStatus(
                    ReturnStatusRequest(status: RequestedStatus(code: 2, message: message))
                )
            }
            #expect(error?.message == message)
        }
    }

    @Test("unimplemented_method", arguments: Carrier.allCases)
    func unimplementedMethod(_ carrier: Carrier) async throws {
        let unknown = UnaryMethod<EchoRequest, EchoResponse>(
            number: 99,
            name: "cabinet.v1.DiagnosticsService.Unknown",
            idempotency: .unspecified
        )
        try await withService(carrier) { _, client in
            let error = await #expect(throws: RPCError.self) {
                try await client.call(unknown, EchoRequest(), options: CallOptions())
            }
            #expect(error?.code == .unimplemented)
            #expect(error?.isNotProcessed == true)
        }
    }

    @Test("unimplemented_service", arguments: Carrier.allCases)
    func unimplementedService(_ carrier: Carrier) async throws {
        try await withService(carrier) { _, client in
            let error = await #expect(throws: RPCError.self) {
                try await DirectoryService.Client(client).getSelf(GetSelfRequest())
            }
            #expect(error?.code == .unimplemented)
        }
    }

    @Test("cancel_after_begin", arguments: Carrier.allCases)
    func cancelAfterBegin(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let began = AsyncStream.makeStream(of: Void.self)
            let call = Task {
                try await service.echoCollect { requests in
                    began.continuation.yield()
                    // Nothing is ever sent.
                    try await Task.sleep(for: .seconds(3_600))
                }
            }
            for await _ in began.stream { break }
            call.cancel()
            let error = await #expect(throws: RPCError.self) { try await call.value }
            #expect(error?.code == .cancelled)
            // The connection goes on.
            _ = try await service.echo(EchoRequest())
        }
    }

    @Test("cancel_after_first_response", arguments: Carrier.allCases)
    func cancelAfterFirstResponse(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, _ in
            let responses = try await service.echoStream { requests in
                try await requests.write(EchoStreamRequest(payload: Array(Self.large[..<271])))
                try await Task.sleep(for: .seconds(3_600))
            }
            let reading = Task {
                var iterator = responses.makeAsyncIterator()
                let first = try await iterator.next()
                #expect(first?.payload.count == 271)
                withUnsafeCurrentTask { $0?.cancel() }
                _ = try await iterator.next()
            }
            let error = await #expect(throws: RPCError.self) { try await reading.value }
            #expect(error?.code == .cancelled)
            _ = try await service.echo(EchoRequest())
        }
    }

    @Test("timeout_on_sleeping_server", arguments: Carrier.allCases)
    func timeoutOnSleepingServer(_ carrier: Carrier) async throws {
        try await withService(carrier) { service, client in
            try await client.connect()
            let unary = await #expect(throws: RPCError.self) {
                try await service.sleep(
                    SleepRequest(sleepMs: 60_000),
                    options: CallOptions(timeout: .milliseconds(1))
                )
            }
            #expect(unary?.code == .deadlineExceeded)
            let stream = await #expect(throws: RPCError.self) {
                let responses = try await service.echoStream(
                    options: CallOptions(timeout: .milliseconds(1))
                ) { _ in
                    try await Task.sleep(for: .seconds(3_600))
                }
                for try await _ in responses {}
            }
            #expect(stream?.code == .deadlineExceeded)
        }
    }
}
