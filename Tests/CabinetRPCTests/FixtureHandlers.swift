import CabinetRPC
import FixtureAPI

/// Serves the fixture's service, with what the context says in the responses.
struct ContextualHandler: EverythingService.Handler {
    /// The context, as the tests see it in a response.
    static func described(_ context: CallContext) -> [String] {
        [
            "\(context.method.number) \(context.method.name)",
            context.metadata.entries.map { "\($0.name)=\($0.value)" }.joined(separator: " "),
            context.idempotencyKey.map { "\($0.bytes)" } ?? "no key",
            context.deadline == nil ? "no deadline" : "deadline",
        ]
    }

    func unary(_ request: Scalars, context: CallContext) async throws -> Repeated {
        Repeated(strings: [request.aString] + Self.described(context), messages: [request])
    }

    func clientStream(
        _ requests: MessageReader<Scalars>,
        context: CallContext
    ) async throws -> Repeated {
        var messages: [Scalars] = []
        for try await request in requests { messages.append(request) }
        return Repeated(strings: Self.described(context), messages: messages)
    }

    func serverStream(
        _ request: Repeated,
        to responses: MessageWriter<Scalars>,
        context: CallContext
    ) async throws {
        for message in request.messages { try await responses.write(message) }
        for text in Self.described(context) { try await responses.write(Scalars(aString: text)) }
    }

    func bidirectional(
        _ requests: MessageReader<Scalars>,
        to responses: MessageWriter<Scalars>,
        context: CallContext
    ) async throws {
        for try await request in requests { try await responses.write(request) }
        for text in Self.described(context) { try await responses.write(Scalars(aString: text)) }
    }

    func follow(
        _ request: Empty,
        context: CallContext
    ) async throws -> ChannelSubscription<Choices> {
        ChannelSubscription(try .named(Self.described(context).joined(separator: ", ")))
    }
}

/// Serves the fixture's service where nothing but the messages matters.
struct PlainHandler: EverythingService.SimpleHandler {
    func unary(_ request: Scalars) async throws -> Repeated {
        Repeated(strings: [request.aString], messages: [request])
    }

    func clientStream(_ requests: MessageReader<Scalars>) async throws -> Repeated {
        var response = Repeated()
        for try await request in requests { response.messages.append(request) }
        return response
    }

    func serverStream(_ request: Repeated, to responses: MessageWriter<Scalars>) async throws {
        for message in request.messages { try await responses.write(message) }
    }

    func bidirectional(
        _ requests: MessageReader<Scalars>,
        to responses: MessageWriter<Scalars>
    ) async throws {
        for try await request in requests { try await responses.write(request) }
    }

    func follow(_ request: Empty) async throws -> ChannelSubscription<Choices> {
        ChannelSubscription(try .named("plain"))
    }
}

/// Fails every call.
struct FailingHandler: EverythingService.SimpleHandler {
    static let error = RPCError(
        .failedPrecondition,
        "the poll is not open",
        details: [
            StatusDetail(
                reason: "POLL_NOT_OPEN",
                domain: "fixture",
                attributes: [StatusAttribute(name: "state", value: "closed")]
            )
        ]
    )

    func unary(_ request: Scalars) async throws -> Repeated {
        throw Self.error
    }

    func clientStream(_ requests: MessageReader<Scalars>) async throws -> Repeated {
        for try await _ in requests {}
        throw Self.error
    }

    func serverStream(_ request: Repeated, to responses: MessageWriter<Scalars>) async throws {
        try await responses.write(Scalars(anInt32: 1))
        throw Self.error
    }

    func bidirectional(
        _ requests: MessageReader<Scalars>,
        to responses: MessageWriter<Scalars>
    ) async throws {
        for try await request in requests { try await responses.write(request) }
        throw Self.error
    }

    func follow(_ request: Empty) async throws -> ChannelSubscription<Choices> {
        throw Self.error
    }
}

extension BroadcastChannel<Choices> {
    /// A channel without events.
    static func named(_ name: String) throws -> BroadcastChannel {
        try BroadcastChannel(name: name, epoch: 1) { Snapshot(sequence: 0, event: Choices()) }
    }
}
