/// Serves the methods of a service. The protocols that are generated for a service refine it.
///
/// A handler fails by throwing an ``RPCError``, which reaches the caller as it is. Any other error
/// is logged, and reaches the caller as `INTERNAL` without what it says.
public protocol ServiceHandler: Sendable {
    /// Registers each method of the service with a server. Generated code implements it.
    func register(with registrar: inout some MethodRegistrar)
}

/// Takes the methods that a server is to serve.
public protocol MethodRegistrar {
    mutating func register<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) async throws -> Response
    )

    mutating func register<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, CallContext
            ) async throws -> Response
    )

    mutating func register<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, MessageWriter<Response>, CallContext
            ) async throws -> Void
    )

    mutating func register<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, MessageWriter<Response>, CallContext
            ) async throws -> Void
    )

    mutating func register<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, CallContext
            ) async throws -> ChannelSubscription<Response>
    )
}
