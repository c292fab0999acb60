import CabinetRPC

/// Makes calls again while the server is away, as the devices of a meeting do: a member who has pressed
/// the button wants the vote to be cast, however long it takes.
///
/// A keyed call has the same key each time, so that it is done once.
struct PersistentCalls: ClientInterceptor {
    /// After which a call has failed.
    static let patience = Duration.seconds(60)
    private static let pause = Duration.milliseconds(100)

    /// Told of each call that is made again.
    let repeated: @Sendable (MethodDescription) -> Void

    func intercept<Outcome: Sendable>(
        _ method: MethodDescription,
        _ options: CallOptions,
        _ next: @Sendable (CallOptions) async throws(RPCError) -> Outcome
    ) async throws(RPCError) -> Outcome {
        var options = options
        if options.idempotencyKey == nil, method.idempotency == .keyed {
            var generator = SystemRandomNumberGenerator()
            options.idempotencyKey = .random(using: &generator)
        }
        let end = ContinuousClock.now + Self.patience
        while true {
            do throws(RPCError) {
                return try await next(options)
            } catch {
                guard Self.mayPass(error), ContinuousClock.now < end, !Task.isCancelled else {
                    throw error
                }
            }
            repeated(method)
            try? await Task.sleep(for: Self.pause)
        }
    }

    private static func mayPass(_ error: RPCError) -> Bool {
        switch error.code {
        case .unavailable: !error.isLastingRefusal
        case .deadlineExceeded: true
        default: false
        }
    }
}

extension RPCError {
    /// What a tally tells it apart by.
    var tallied: String { details.first?.reason ?? "\(code)" }
}
