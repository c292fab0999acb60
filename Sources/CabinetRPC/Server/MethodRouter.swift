internal import CabinetCodec
public import Metrics

/// The methods that a server has, by their numbers.
public struct MethodRouter: MethodRegistrar, Sendable {
    private(set) var methods: [UInt16: RegisteredMethod] = [:]
    /// Where the server's connections are counted as well.
    let metrics: any MetricsFactory

    /// - Parameter metrics: Where the calls of the methods, and the server's connections, are counted.
    public init(metrics: any MetricsFactory = MetricsSystem.factory) {
        self.metrics = metrics
    }

    /// The methods, in the order of their numbers: for tables and tests.
    public var descriptions: [MethodDescription] {
        methods.values.map(\.description).sorted { $0.number < $1.number }
    }

    /// With the standard services that the server is to have.
    func withStandardServices(of configuration: RPCServerConfiguration) -> MethodRouter {
        var router = self
        if let health = configuration.health { router.register(health) }
        if !configuration.reflectedSchemas.isEmpty {
            router.register(
                ReflectionHandler(
                    methods: router.descriptions,
                    schemas: configuration.reflectedSchemas
                )
            )
        }
        return router
    }

    /// Takes all methods of a service.
    public mutating func register(_ service: any ServiceHandler) {
        service.register(with: &self)
    }

    /// Takes a method whose handler answers at once, on the event loop: no task is made, and no thread
    /// is changed, which is half of what a short call costs.
    ///
    /// The handler must neither wait nor compute for long: the connections of its event loop wait
    /// meanwhile. It takes the place of a handler that the method has already. Where the server has
    /// interceptors, it runs in a task like any other, so that none is passed over.
    public mutating func registerInline<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) throws -> Response
    ) {
        methods[method.description.number] = RegisteredMethod(
            method.description,
            .inline(
                { bytes, session, id, context in
                    session.answer(id, context) { () throws in
                        try handler(session.decode(Request.self, from: bytes), context)
                    }
                },
                inTask: Self.task(handler)
            ),
            metrics: metrics
        )
    }

    /// Takes a method, whose handler runs in a task on the event loop of its connection.
    ///
    /// It may wait, but must neither block its thread nor compute for long: see ``ServiceHandler``. The
    /// same holds for the handlers of methods of the other kinds.
    public mutating func register<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ handler: @escaping @Sendable (Request, CallContext) async throws -> Response
    ) {
        add(method.description, Self.task(handler))
    }

    public mutating func register<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, CallContext
            ) async throws -> Response
    ) {
        add(method.description) { _, _ in
            { call, context in .response(try await handler(call.requests(), context)) }
        }
    }

    public mutating func register<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, MessageWriter<Response>, CallContext
            ) async throws -> Void
    ) {
        add(method.description) { bytes, loop throws(MessageDecodingError) in
            let request = try loop.decoder.decode(Request.self, from: bytes)
            return { call, context in
                try await handler(request, call.responses(), context)
                return .endOfStream
            }
        }
    }

    public mutating func register<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                MessageReader<Request>, MessageWriter<Response>, CallContext
            ) async throws -> Void
    ) {
        add(method.description) { _, _ in
            { call, context in
                try await handler(call.requests(), call.responses(), context)
                return .endOfStream
            }
        }
    }

    public mutating func register<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ handler:
            @escaping @Sendable (
                Request, CallContext
            ) async throws -> ChannelSubscription<Response>
    ) {
        add(method.description) { bytes, loop throws(MessageDecodingError) in
            let request = try loop.decoder.decode(Request.self, from: bytes)
            return { _, context in
                .subscription(try await handler(request, context).request)
            }
        }
    }

    private mutating func add(_ method: MethodDescription, _ task: @escaping RegisteredMethod.Task)
    {
        precondition(
            methods[method.number] == nil,
            "the method number \(method.number) is registered twice"
        )
        methods[method.number] = RegisteredMethod(
            method,
            .task(task),
            metrics: metrics
        )
    }

    private static func task<Request: Message, Response: Message>(
        _ handler: @escaping @Sendable (Request, CallContext) async throws -> Response
    ) -> RegisteredMethod.Task {
        { bytes, loop throws(MessageDecodingError) in
            let request = try loop.decoder.decode(Request.self, from: bytes)
            return { _, context in .response(try await handler(request, context)) }
        }
    }
}
