/// When a call is made again: where the server is known not to have processed it, or where its method
/// can be repeated (CWP/1, rule 3.10), and the failure is one that may pass.
public struct RetryPolicy: Sendable, Hashable {
    /// Attempts in all. 1: nothing is tried again.
    public var maxAttempts = 4
    /// The pause before each further attempt.
    public var backoff = Backoff(first: .milliseconds(50), most: .seconds(2))

    public init() {}

    /// Whether a call that failed so is worth another attempt, and safe to be made again.
    func allows(_ error: RPCError, _ idempotency: MethodIdempotency) -> Bool {
        switch error.code {
        case .unavailable where error.isLastingRefusal: false
        case .unavailable: error.isNotProcessed || idempotency != .unspecified
        case .resourceExhausted: error.isNotProcessed && error.hasReason("TOO_MANY_CALLS")
        default: false
        }
    }
}
