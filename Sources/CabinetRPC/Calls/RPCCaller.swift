/// Carries calls to a server. Generated clients call through it; a connection, or a stand-in for one
/// in a test, conforms to it.
public protocol RPCCaller: Sendable {
    /// One request, one response.
    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response

    /// Many requests, one response. `requests` writes them; the stream is half-closed when it
    /// returns, and the call is cancelled when it throws.
    func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response

    /// One request, many responses.
    func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response>

    /// Many requests, many responses, at the same time. `requests` is as in a client-streaming call.
    func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response>

    /// Subscribes to a channel, from its present or from after `token`.
    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response>
}
