/// Stands around the calls of a server: to measure them, to trace them, to refuse some.
public protocol ServerInterceptor: Sendable {
    /// Handles a call by calling `next`, once, or refuses it by throwing.
    ///
    /// What `next` is given is what the interceptors behind this one, and the handler, see as the
    /// context. It returns when the handler has, and throws what the handler threw. The messages of a
    /// call pass by.
    func intercept<Outcome: Sendable>(
        _ context: CallContext,
        _ next: @Sendable (CallContext) async throws -> Outcome
    ) async throws -> Outcome
}
