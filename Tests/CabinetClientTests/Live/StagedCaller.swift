import CabinetCodec
import CabinetLocks
import CabinetRPC

/// A link whose other end is the test: it gives out the subscriptions that are made, and answers for the
/// log.
final class StagedCaller: RPCCaller {
    /// What is done before a question about the log is answered.
    typealias BeforeAnswer = @Sendable () async throws(RPCError) -> Void

    let log: StagedLog
    /// The subscriptions that are asked for.
    let subscriptions = Mailbox<StagedSubscription>()
    /// Methods of the log that were called.
    let questions = Mailbox<String>()
    private let before = Guarded<BeforeAnswer?>(nil)

    init(_ log: StagedLog) {
        self.log = log
    }

    func beforeAnswer(_ before: BeforeAnswer?) {
        self.before.withLock { $0 = before }
    }

    func call<Request, Response>(
        _ method: UnaryMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> Response {
        questions.put(method.description.name)
        if let before = before.withLock({ $0 }) { try await before() }
        guard let response = try log.answer(request) as? Response else { throw .unplayed }
        return response
    }

    func call<Request, Response>(
        _ method: ChannelMethod<Request, Response>,
        _ request: Request,
        resumingAfter token: ResumeToken?,
        options: CallOptions
    ) async throws(RPCError) -> Subscription<Response> {
        let staged = StagedSubscription(request, token)
        subscriptions.put(staged)
        if let refusal = await staged.acceptance.take() ?? .taskCancelled { throw refusal }
        let lease = staged.lease()
        return Subscription(nextUpdate: { () async throws(RPCError) in
            guard let update = await lease.updates.take() else { throw RPCError.taskCancelled }
            switch update {
            case .condition(let condition): return .condition(condition)
            case .element(let token, let isSnapshot, let message):
                guard let event = message as? Response else { throw RPCError.unplayed }
                return .event(.init(token: token, isSnapshot: isSnapshot, event: event))
            case .failure(let error): throw error
            case .end: return nil
            }
        })
    }

    // MARK: - What nobody calls here

    func call<Request, Response>(
        _ method: ClientStreamingMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> Response { throw .unplayed }

    func call<Request, Response>(
        _ method: ServerStreamingMethod<Request, Response>,
        _ request: Request,
        options: CallOptions
    ) async throws(RPCError) -> MessageReader<Response> { throw .unplayed }

    func call<Request, Response>(
        _ method: BidirectionalMethod<Request, Response>,
        options: CallOptions,
        requests: @Sendable @escaping (MessageWriter<Request>) async throws -> Void
    ) async throws(RPCError) -> MessageReader<Response> { throw .unplayed }
}

extension RPCError {
    fileprivate static let unplayed = RPCError(.unimplemented, "the test does not play that")
    fileprivate static let taskCancelled = RPCError(.cancelled, "the task was cancelled")
    static let linkDown = RPCError(.unavailable, "the link is down")
}

/// A subscription that a replica has asked for.
final class StagedSubscription: Sendable {
    enum Update: Sendable {
        case condition(SubscriptionCondition)
        case element(ResumeToken, isSnapshot: Bool, any Message)
        case failure(RPCError)
        case end
    }

    /// What the replica holds. When it is let go of, the subscription is over.
    final class Lease: Sendable {
        let updates: Mailbox<Update>
        private let over: Mailbox<Void>

        fileprivate init(_ updates: Mailbox<Update>, _ over: Mailbox<Void>) {
            self.updates = updates
            self.over = over
        }

        deinit { over.put(()) }
    }

    let request: any Message
    /// Where the replica wants to go on.
    let token: ResumeToken?
    fileprivate let acceptance = Mailbox<RPCError?>()
    private let updates = Mailbox<Update>()
    private let over = Mailbox<Void>()

    fileprivate init(_ request: any Message, _ token: ResumeToken?) {
        self.request = request
        self.token = token
    }

    fileprivate func lease() -> Lease { Lease(updates, over) }

    /// Waits until nobody holds it any more.
    func isOver() async { _ = await over.take() }

    // MARK: - What the server does

    func accept() { acceptance.put(nil) }
    func refuse(_ error: RPCError) { acceptance.put(error) }
    func put(_ update: Update) { updates.put(update) }

    /// Accepts it, with a connection that brings events up to a number.
    func accept(connection: UInt64, epoch: UInt64 = 1, upTo sequence: UInt64) {
        accept()
        catchUp(connection: connection, epoch: epoch, upTo: sequence)
    }

    func catchUp(connection: UInt64, epoch: UInt64 = 1, upTo sequence: UInt64) {
        put(
            .condition(
                .catchingUp(.init(connection: connection, epoch: epoch, lastSequence: sequence))
            )
        )
    }

    func isLive(connection: UInt64, epoch: UInt64 = 1, upTo sequence: UInt64) {
        put(.condition(.live(.init(connection: connection, epoch: epoch, lastSequence: sequence))))
    }

    func loseLink(_ error: RPCError = .linkDown, failures: Int = 1) {
        put(.condition(.offline(error, failures: failures)))
    }
}
