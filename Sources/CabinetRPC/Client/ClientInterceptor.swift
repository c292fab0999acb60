/// Stands around the calls of a client: to add metadata, to measure, to trace.
public protocol ClientInterceptor: Sendable {
    /// Makes a call by calling `next`, or fails it by throwing.
    ///
    /// A stream of responses, or a subscription, has only begun when `next` returns it.
    func intercept<Outcome: Sendable>(
        _ method: MethodDescription,
        _ options: CallOptions,
        _ next: @Sendable (CallOptions) async throws(RPCError) -> Outcome
    ) async throws(RPCError) -> Outcome
}
