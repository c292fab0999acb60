import CabinetLocks
import CabinetRPC
import ConformanceAPI

/// Serves the service of proto/conformance/service.proto.
final class ConformanceHandler: ConformanceService.Handler {
    private struct Outcome {
        let request: RecordRequest
        let result: Result<RecordResponse, RPCError>
    }

    private struct State {
        var effects: UInt32 = 0
        var outcomes: [IdempotencyKey: Outcome] = [:]
        var rooms: [String: Room] = [:]
    }

    private let clock: LoopClock
    private let limits: ChannelLimits
    private let state = Guarded(State())

    init(_ clock: LoopClock, _ limits: ChannelLimits) {
        self.clock = clock
        self.limits = limits
    }

    func record(_ request: RecordRequest, context: CallContext) async throws -> RecordResponse {
        guard let key = context.idempotencyKey else {
            throw RPCError(.internal, "a keyed call without a key")
        }
        if let earlier = state.withLock({ $0.outcomes[key] }) {
            guard earlier.request == request else {
                throw RPCError(
                    .alreadyExists,
                    "the key was used for another request",
                    details: [StatusDetail(reason: "KEY_USED", domain: "cabinet.conformance")]
                )
            }
            return try earlier.result.get()
        }
        do {
            if request.beforeMs > 0 { try await clock.sleep(.milliseconds(request.beforeMs)) }
        } catch {
            throw RPCError(.cancelled, "stopped before the effect", isNotProcessed: true)
        }
        try context.beginEffect()
        let result = state.withLock { state in
            state.effects += 1
            let result: Result<RecordResponse, RPCError> =
                request.code == 0
                ? .success(RecordResponse(effects: state.effects, key: key.bytes))
                : .failure(RPCError(Code(rawValue: Int32(request.code)), "as requested"))
            state.outcomes[key] = Outcome(request: request, result: result)
            return result
        }
        if request.afterMs > 0 { try await clock.sleep(.milliseconds(request.afterMs)) }
        return try result.get()
    }

    func wait(_ request: WaitRequest, context: CallContext) async throws -> WaitResponse {
        do {
            try await clock.sleep(.milliseconds(request.waitMs))
        } catch {
            await clock.wait(.milliseconds(request.stopMs))
            throw error
        }
        return WaitResponse()
    }

    func fill(_ request: FillRequest, context: CallContext) async throws -> FillResponse {
        guard request.byteCount <= 16_777_000 else {
            throw RPCError(.invalidArgument, "byte_count is above its limit")
        }
        return FillResponse(payload: [UInt8](repeating: 0, count: Int(request.byteCount)))
    }

    func hold(
        _ requests: MessageReader<HoldRequest>,
        context: CallContext
    ) async throws -> HoldResponse {
        try await clock.sleep(.seconds(86_400))
        return HoldResponse()
    }

    func describe(
        _ request: DescribeRequest,
        context: CallContext
    ) async throws -> DescribeResponse {
        DescribeResponse(
            text: request.text,
            metadata: context.metadata.entries.map { entry in
                "\(entry.name)=\(String(decoding: entry.value, as: UTF8.self))"
            },
            traceparent: context.trace?.traceparent ?? "",
            hasDeadline: context.deadline != nil
        )
    }

    func publish(
        _ request: PublishRequest,
        context: CallContext
    ) async throws -> PublishResponse {
        try room(request.channel).publish(
            String(repeating: request.text, count: Int(max(1, request.repeated))),
            count: Int(max(1, request.count))
        )
    }

    func follow(
        _ request: FollowRequest,
        context: CallContext
    ) async throws -> ChannelSubscription<Event> {
        ChannelSubscription(try room(request.channel).channel())
    }

    private func room(_ name: String) throws -> Room {
        guard !name.isEmpty else { throw RPCError(.notFound, "a channel has a name") }
        return try state.withLock { state in
            if let room = state.rooms[name] { return room }
            let room = try Room(name, limits)
            state.rooms[name] = room
            return room
        }
    }

    func refuse(
        _ request: FollowRequest,
        context: CallContext
    ) async throws -> ChannelSubscription<Event> {
        throw RPCError(.permissionDenied, "as the schema says")
    }
}
