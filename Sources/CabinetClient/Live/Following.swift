internal import CabinetRPC

/// Follows a channel, and keeps a replica's picture.
///
/// One task runs it. It reads an event when the one before is in the picture; what comes meanwhile waits in
/// the subscription, which has bounds (`SubscriptionLimits`) and goes on from a snapshot beyond them.
struct Following<Follower: ChannelFollower> {
    typealias Latest = Replica<Follower.State>.Latest
    typealias Subscribe =
        @Sendable (ResumeToken?) async throws(RPCError) -> Subscription<Follower.Response>

    private let newFollower: Follower
    private let subscribe: Subscribe
    private let watch: LogWatch?
    private let policy: ReplicaPolicy
    private let clock: ReplicaClock
    private let latest: Latest

    private var follower: Follower
    /// The event that the follower took last; `nil` where a snapshot comes next.
    private var token: ResumeToken?
    /// The event whose state is in the picture.
    private var shown: ResumeToken?
    private var condition = ReplicaCondition.connecting
    /// Since when nothing was shown to be current; `nil` while it is.
    private var offlineSince: ContinuousClock.Instant?
    /// Attempts in a row that ended without a connection.
    private var failures = 0
    /// Attempts in a row that ended with what cannot be followed.
    private var attemptsAnew = 0
    private var generator = SystemRandomNumberGenerator()

    init(
        _ follower: Follower,
        _ latest: Latest,
        _ watch: LogWatch?,
        _ policy: ReplicaPolicy,
        _ clock: ReplicaClock,
        _ subscribe: @escaping Subscribe
    ) {
        newFollower = follower
        self.follower = follower
        self.latest = latest
        self.watch = watch
        self.policy = policy
        self.clock = clock
        self.subscribe = subscribe
        offlineSince = clock.now()
    }

    /// Follows until the task is cancelled.
    ///
    /// - Returns: What else has ended it.
    mutating func run() async -> ReplicaError? {
        while !Task.isCancelled {
            let beginning = clock.now()
            switch await follow() {
            case .cancelled:
                return nil
            case .end(let error):
                return error
            case .link(let error):
                failures = min(failures + 1, 1_000)
                goOffline(error)
                await pause(afterFailures: failures)
            case .fault(let fault):
                if beginning.duration(to: clock.now()) >= policy.standingTime { attemptsAnew = 0 }
                guard attemptsAnew < policy.attemptsAnew else { return .cannotFollow(fault) }
                attemptsAnew += 1
                follower = newFollower
                token = nil
                show(.startingAnew(fault, attempt: attemptsAnew))
                await pause(afterFailures: attemptsAnew)
            }
        }
        return nil
    }

    private mutating func pause(afterFailures failures: Int) async {
        let pause = policy.backoff.pause(afterFailures: failures, using: &generator)
        // Cancelled, the task ends anyway.
        try? await clock.sleep(pause)
    }

    // MARK: - A subscription

    /// Follows by one subscription, which itself outlives connections, for as long as it goes well.
    private mutating func follow() async -> Interruption {
        do throws(Interruption) {
            let subscription = try await calling { [subscribe, token] () throws(RPCError) in
                try await subscribe(token)
            }
            var updates = subscription.updates.makeAsyncIterator()
            /// The connection over which the log was shown to be the one that was seen.
            var proven: SubscriptionBinding?
            while let update = try await calling({ () throws(RPCError) in try await updates.next() }
            ) {
                switch update {
                case .condition(let condition):
                    try await take(condition, &proven)
                case .event(let element):
                    if proven == nil {
                        // The caller's transport says nothing of its links.
                        try await prove(.unknown, &proven)
                        show(.live)
                    }
                    try take(element)
                }
            }
            throw .link(RPCError(.unavailable, "the server has ended the channel"))
        } catch {
            return error
        }
    }

    private func calling<Result>(
        _ body: () async throws(RPCError) -> Result
    ) async throws(Interruption) -> Result {
        do throws(RPCError) {
            return try await body()
        } catch {
            throw Interruption(error)
        }
    }

    private mutating func take(
        _ condition: SubscriptionCondition,
        _ proven: inout SubscriptionBinding?
    ) async throws(Interruption) {
        switch condition {
        case .connecting:
            if offlineSince == nil { show(.catchingUp) }
        case .offline(let error, failures: _):
            goOffline(error)
        case .catchingUp(let binding):
            show(.catchingUp)
            try await prove(binding, &proven)
        case .live(let binding):
            try await prove(binding, &proven)
            show(.live)
        }
    }

    private mutating func take(
        _ element: Subscription<Follower.Response>.Element
    ) throws(Interruption) {
        guard element.isSnapshot || element.token.epoch == token?.epoch else {
            throw .fault(.otherEpoch)
        }
        do throws(FollowFault) {
            try follower.take(
                element.event,
                sequenceNumber: element.token.sequence,
                isSnapshot: element.isSnapshot
            )
        } catch {
            throw .fault(error)
        }
        token = element.token
        watch?.see(element.token.sequence)
        // A snapshot may be older than what is shown; the events after it lead there again.
        if let shown, shown.epoch == element.token.epoch, shown.sequence > element.token.sequence {
            return
        }
        guard let state = follower.state else { return }
        shown = element.token
        latest.change { $0.state = state }
    }

    // MARK: - The log

    /// Has the log shown to be the one that was seen, where another connection brings what comes next, or
    /// the log has another epoch. What has come waits meanwhile.
    private mutating func prove(
        _ binding: SubscriptionBinding,
        _ proven: inout SubscriptionBinding?
    ) async throws(Interruption) {
        guard proven?.connection != binding.connection || proven?.epoch != binding.epoch else {
            return
        }
        if let watch {
            show(.catchingUp)
            do throws(HistoryError) {
                try await watch.compare()
            } catch {
                // Where the link fails, the subscription goes with it: whatever has come over that link
                // waits no longer, and comes again over one that is proven.
                if case .call(let error) = error { throw Interruption(error) }
                throw .end(.history(error))
            }
        }
        proven = binding
        offlineSince = nil
        failures = 0
    }

    // MARK: - The condition

    private mutating func goOffline(_ error: RPCError) {
        let since = offlineSince ?? clock.now()
        offlineSince = since
        show(.offline(since: since, reason: error))
    }

    private mutating func show(_ condition: ReplicaCondition) {
        guard condition != self.condition else { return }
        self.condition = condition
        latest.change { $0.condition = condition }
    }
}

extension SubscriptionBinding {
    /// Of a transport that does not say.
    fileprivate static let unknown = SubscriptionBinding(connection: 0, epoch: 0, lastSequence: 0)
}

/// Why a subscription is not followed any further.
private enum Interruption: Error {
    case cancelled
    /// It may be that nothing but the link fails.
    case link(RPCError)
    /// The state cannot be kept with what comes.
    case fault(FollowFault)
    case end(ReplicaError)

    init(_ error: RPCError) {
        switch error.code {
        case .cancelled where Task.isCancelled:
            self = .cancelled
        case .unavailable where error.isLastingRefusal:
            self = .end(.refused(error))
        case .unavailable, .resourceExhausted, .deadlineExceeded, .aborted, .cancelled,
            .alreadyExists, .outOfRange:
            // A subscription of a moment ago may still be there (CWP/1, rule 5.10).
            self = .link(error)
        case .internal, .unknown, .dataLoss:
            self = .fault(.call(error))
        default:
            self = .end(.refused(error))
        }
    }
}
