import CabinetCodec
import CabinetLocks
import CabinetRPC

/// A link that does to calls what a test wants: lost requests, lost answers, and a server that lies.
final class MeddlingCaller: ForwardingCaller {
    /// What happens to a call.
    enum Meddling: Sendable {
        /// Nothing.
        case none
        /// It does not arrive.
        case loseRequest
        /// It arrives, and the answer does not.
        case loseAnswer
        /// It arrives, and the answer is a failure.
        case refuse(RPCError)
        /// It does not arrive, and the answer is a failure.
        case fail(RPCError)
        /// The answer is another one.
        case answer(@Sendable (any Message) -> any Message)
    }

    let base: any RPCCaller
    private let meddle: @Sendable (_ method: String, _ count: Int) -> Meddling
    private let counts = Guarded<[String: Int]>([:])
    private let keys = Guarded<[IdempotencyKey]>([])

    /// - Parameter meddle: Is told the method's name without its package, and how often it has been called
    ///   before.
    init(
        _ base: any RPCCaller,
        _ meddle: @escaping @Sendable (_ method: String, _ count: Int) -> Meddling
    ) {
        self.base = base
        self.meddle = meddle
    }

    /// How often a method was called.
    func count(_ method: String) -> Int { counts.withLock { $0[method] ?? 0 } }

    /// The idempotency keys of all calls, in their order.
    var idempotencyKeys: [IdempotencyKey] { keys.withLock { $0 } }

    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        let name = String(method.description.name.dropFirst("cabinet.v1.".count))
        let count = counts.withLock { counts in
            defer { counts[name, default: 0] += 1 }
            return counts[name] ?? 0
        }
        if let key = options.idempotencyKey { keys.withLock { $0.append(key) } }
        switch meddle(name, count) {
        case .none:
            return try await base.call(method, request, options: options)
        case .loseRequest:
            throw RPCError(.unavailable, "the link is down")
        case .loseAnswer:
            _ = try await base.call(method, request, options: options)
            throw RPCError(.unavailable, "the link went down")
        case .refuse(let error):
            _ = try await base.call(method, request, options: options)
            throw error
        case .fail(let error):
            throw error
        case .answer(let change):
            let response = try await base.call(method, request, options: options)
            guard let changed = change(response) as? Response else {
                throw RPCError(.internal, "the test answers with another type")
            }
            return changed
        }
    }
}
