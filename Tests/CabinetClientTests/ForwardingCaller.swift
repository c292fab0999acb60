import CabinetCodec
import CabinetRPC

/// A caller that hands its calls on to another: a test says which of them are treated in another way.
protocol ForwardingCaller: RPCCaller {
    var base: any RPCCaller { get }
}

extension ForwardingCaller {
    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        try await base.call(method, request, options: options)
    }

    func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response {
        try await base.call(method, options: options, requests: requests)
    }

    func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response> {
        try await base.call(method, request, options: options)
    }

    func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response> {
        try await base.call(method, options: options, requests: requests)
    }

    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        try await base.call(method, request, resumingAfter: token, options: options)
    }
}
