/// Serves the methods of a service. The protocols that are generated for a service refine it.
///
/// A handler fails by throwing an ``RPCError``, which reaches the caller as it is. Any other error
/// is logged, and reaches the caller as `INTERNAL` without what it says.
///
/// A handler runs on the event loop of its connection, and with it its child tasks and the actors that it
/// calls, unless they have an executor of their own. That spares a short handler the change of threads. But
/// one that blocks its thread, or computes for longer than a millisecond, holds up all connections of the
/// loop, those of other clients included. Waiting with `await` holds up nobody. So:
///
/// - An actor that blocks (a database, a file) gets an executor of its own, with a queue or a thread that is
///   its alone, as its `unownedExecutor`.
/// - What computes for long goes to the threads of the concurrency runtime, with
///   `withTaskExecutorPreference(globalConcurrentExecutor) { … }` around it, or as a task of its own with
///   `Task(executorPreference: globalConcurrentExecutor) { … }`. Few at once: those threads are few too.
/// - What blocks in C goes to a pool of threads that is made for it, such as NIO's `NIOThreadPool`.
public protocol ServiceHandler: Sendable {
    /// Registers each method of the service with a server. Generated code implements it.
    func register(with registrar: inout some MethodRegistrar)
}

/// Takes the methods that a server is to serve.
///
/// Their handlers run on the event loop of the connection: ``ServiceHandler`` says what must not run there.
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
