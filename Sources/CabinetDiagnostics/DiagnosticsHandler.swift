public import CabinetAPI
internal import CabinetCrypto
public import CabinetRPC

/// Serves `cabinet.v1.DiagnosticsService`: one method for each shape of call, for tests of a connection
/// and for measurements.
public struct DiagnosticsHandler: DiagnosticsService.Handler {
    /// The limits that the schema gives.
    private enum Limit {
        static let payloadBytes = 16_384
        static let responses: UInt32 = 1_000_000
        static let milliseconds: UInt32 = 60_000
        static let messageBytes = 256
        static let reasonBytes = 64
    }

    /// The wall clock, in milliseconds since 1970.
    private let wallClock: @Sendable () -> Int64
    private let sleepFor: @Sendable (Duration) async throws -> Void

    /// - Parameters:
    ///   - wallClock: Milliseconds since 1970-01-01 00:00:00 UTC.
    ///   - sleep: Waits for a time; throws where the task is cancelled.
    public init(
        wallClock: @escaping @Sendable () -> Int64,
        sleep: @escaping @Sendable (Duration) async throws -> Void = {
            try await Task.sleep(for: $0)
        }
    ) {
        self.wallClock = wallClock
        sleepFor = sleep
    }

    /// Registers the service, with handlers on the event loop for the methods that are measured.
    public func register(inlineIn router: inout MethodRouter) {
        router.register(self)
        router.registerInline(DiagnosticsService.Methods.echo) { request, _ in
            try echo(request)
        }
        router.registerInline(DiagnosticsService.Methods.returnStatus) { request, _ in
            try returnStatus(request)
        }
    }

    public func echo(_ request: EchoRequest, context: CallContext) async throws -> EchoResponse {
        try echo(request)
    }

    private func echo(_ request: EchoRequest) throws(RPCError) -> EchoResponse {
        try check(request.payload)
        return EchoResponse(payload: request.payload, serverTimeUnixMs: wallClock())
    }

    public func echoCollect(
        _ requests: MessageReader<EchoCollectRequest>,
        context: CallContext
    ) async throws -> EchoCollectResponse {
        var response = EchoCollectResponse()
        var digest = SHA256Hasher()
        for try await request in requests {
            try check(request.payload)
            response.requestCount += 1
            response.payloadBytes += UInt64(request.payload.count)
            digest.update(request.payload.span)
        }
        response.payloadDigest = digest.finish().bytes
        return response
    }

    public func echoRepeat(
        _ request: EchoRepeatRequest,
        to responses: MessageWriter<EchoRepeatResponse>,
        context: CallContext
    ) async throws {
        try check(request.payload)
        guard request.responseCount <= Limit.responses else {
            throw tooMuch("response_count", Int(Limit.responses))
        }
        guard request.intervalMs <= Limit.milliseconds else {
            throw tooMuch("interval_ms", Int(Limit.milliseconds))
        }
        for number in 0..<request.responseCount {
            if number > 0, request.intervalMs > 0 {
                try await sleepFor(.milliseconds(request.intervalMs))
            }
            try await responses.write(
                EchoRepeatResponse(number: number, payload: request.payload)
            )
        }
        if let status = request.endStatus { try throwIfError(status) }
    }

    public func echoStream(
        _ requests: MessageReader<EchoStreamRequest>,
        to responses: MessageWriter<EchoStreamResponse>,
        context: CallContext
    ) async throws {
        for try await request in requests {
            try check(request.payload)
            try await responses.write(EchoStreamResponse(payload: request.payload))
        }
    }

    public func sleep(_ request: SleepRequest, context: CallContext) async throws -> SleepResponse {
        guard request.sleepMs <= Limit.milliseconds else {
            throw tooMuch("sleep_ms", Int(Limit.milliseconds))
        }
        let begin = ContinuousClock.now
        if request.sleepMs > 0 { try await sleepFor(.milliseconds(request.sleepMs)) }
        let slept = begin.duration(to: .now) / .milliseconds(1)
        return SleepResponse(sleptMs: UInt32(max(0, min(slept, Double(UInt32.max)))))
    }

    public func returnStatus(
        _ request: ReturnStatusRequest,
        context: CallContext
    ) async throws -> ReturnStatusResponse {
        try returnStatus(request)
    }

    private func returnStatus(_ request: ReturnStatusRequest) throws(RPCError)
        -> ReturnStatusResponse
    {
        if let status = request.status { try throwIfError(status) }
        return ReturnStatusResponse()
    }

    // MARK: - Errors

    private func throwIfError(_ status: RequestedStatus) throws(RPCError) {
        guard status.message.utf8.count <= Limit.messageBytes else {
            throw tooMuch("message", Limit.messageBytes)
        }
        guard status.reason.utf8.count <= Limit.reasonBytes else {
            throw tooMuch("reason", Limit.reasonBytes)
        }
        guard let code = Int32(exactly: status.code).map(Code.init(rawValue:)),
            Code.allCases.contains(code)
        else { throw tooMuch("code", Code.allCases.count - 1) }
        guard code != .ok else { return }
        throw RPCError(
            code,
            status.message,
            details: status.reason.isEmpty
                ? [] : [StatusDetail(reason: status.reason, domain: "cabinet.v1")]
        )
    }

    private func check(_ payload: [UInt8]) throws(RPCError) {
        guard payload.count <= Limit.payloadBytes else {
            throw tooMuch("payload", Limit.payloadBytes)
        }
    }

    private func tooMuch(_ field: String, _ limit: Int) -> RPCError {
        RPCError(
            .invalidArgument,
            "\(field) is above its limit of \(limit)",
            details: [
                StatusDetail(
                    reason: "FIELD_OUT_OF_RANGE",
                    domain: "cabinet.v1",
                    attributes: [StatusAttribute(name: "field", value: field)]
                )
            ]
        )
    }
}
