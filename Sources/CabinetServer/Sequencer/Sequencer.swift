internal import CabinetLocks
internal import CabinetMapping
public import CabinetModel
public import CabinetRPC
public import CabinetStore
public import Metrics
internal import NIOPosix

/// The single writer of all meetings: a thread that owns their state, and the queue to it.
///
/// It takes all orders that wait, decides each against the state, stores all their entries with one commit
/// and one checkpoint for each meeting, and answers. While a commit waits for the disk, the next batch
/// gathers.
public final class Sequencer: Sendable {
    let views: MeetingViews
    let directoryView: DirectoryView
    private let queue = OrderQueue()
    /// Of one thread: commits wait for the disk, which nothing else must wait for.
    private let thread = NIOThreadPool(numberOfThreads: 1)
    /// Of the thread's work. A pool that is shut down does not say when the work that it had not begun is
    /// over.
    private let ending = Ending()

    /// Reads the logs of a store, and starts.
    ///
    /// - Parameters:
    ///   - store: Used by the sequencer alone from now on.
    ///   - administrator: Put into a directory in which there is nobody.
    ///   - live: What the channels of each meeting keep.
    ///   - metrics: Where what it does is counted.
    ///   - clock: The server's clock, which does not go back; called on the sequencer's thread.
    ///   - goOn: Is told, before anything else happens, the time of the newest entry of a meeting that is
    ///     not over: from here on the clock must not be before it.
    ///   - reportDamage: Is told of each log that does not match its checkpoint, and is not served.
    ///   - fail: Is told why the sequencer stopped, before anyone else is. A server has to end its
    ///     process there: what was not answered may or may not be stored, and only a restart can tell.
    /// - Throws: `StoreError` where the store cannot be read or a log was begun with another log key,
    ///   `DirectoryRejection` where the administrator cannot be one.
    public init(
        _ store: sending any EventStore,
        identity: LogIdentity,
        administrator: FirstAdministrator? = nil,
        live: ChannelLimits = ChannelLimits(),
        metrics: any MetricsFactory = MetricsSystem.factory,
        clock: @escaping @Sendable () -> Moment,
        goOn: (_ from: Moment) -> Void = { _ in },
        reportDamage: (_ meeting: String, _ explanation: String) -> Void,
        fail: @escaping @Sendable (SequencerFailure) -> Void
    ) throws {
        let core = try SequencerCore(
            store,
            identity: identity,
            live: live,
            startingAt: clock(),
            metrics: metrics
        ) {
            reportDamage($0.text, $1.description)
        }
        if let newest = core.newestEntry { goOn(newest) }
        if let administrator { try core.appoint(administrator, at: clock()) }
        views = core.views
        directoryView = core.directoryView
        // From here on the thread alone has it.
        nonisolated(unsafe) let owned = core
        thread.start()
        thread.submit { [queue, ending] _ in
            Self.run(owned, queue, clock, fail)
            ending.complete()
        }
    }

    /// Orders that wait, and bytes of their requests.
    var load: (orders: Int, bytes: Int) { queue.load }

    /// Puts an order into the queue. Whoever it names is told what became of it, also where it is not
    /// taken.
    ///
    /// - Parameters:
    ///   - byteCount: Of the request.
    ///   - isAnnounced: Whether ``announce()`` was called for it.
    func submit(_ order: Order, byteCount: Int, isAnnounced: Bool = false) {
        do {
            try queue.put(order, byteCount: byteCount, isAnnounced: isAnnounced)
        } catch {
            switch error {
            case .full:
                order.fail(
                    RPCError(
                        .resourceExhausted,
                        "the server has more commands to do than it takes; try again later",
                        isNotProcessed: true
                    )
                )
            case .closed:
                order.fail(
                    RPCError(
                        .unavailable,
                        "the server stops; try again",
                        isNotProcessed: true
                    )
                )
            }
        }
    }

    /// Says that an order may come soon, so that it can be stored together with those that are there.
    /// ``submit(_:byteCount:isAnnounced:)`` or ``withdraw()`` has to follow.
    func announce() { queue.announce() }

    /// An order that was announced does not come.
    func withdraw() { queue.withdraw() }

    /// Does what is in the queue, takes no more, and ends the thread. Returns when it has ended, and the
    /// store is free. It has to be called once, also after a failure.
    public func shutDown() async {
        queue.close()
        await ending.wait()
        do {
            try await thread.shutdownGracefully()
        } catch {
            preconditionFailure("a thread pool was shut down twice: \(error)")
        }
    }

    private static func run(
        _ core: SequencerCore,
        _ queue: OrderQueue,
        _ clock: @Sendable () -> Moment,
        _ fail: @Sendable (SequencerFailure) -> Void
    ) {
        while let orders = queue.take(waitingAtMost: nanoseconds(to: core.nextDeadline, clock)) {
            do {
                try core.process(orders, at: clock())
            } catch {
                fail(error)
                abandon(orders.dropFirst(core.answeredCount), queue)
                return
            }
        }
    }

    /// How long until a timer runs out; `nil` where none runs.
    private static func nanoseconds(
        to deadline: Moment?,
        _ clock: @Sendable () -> Moment
    ) -> Int? {
        deadline.map { deadline in
            // At most a minute: the machine may sleep meanwhile, and the clock may be corrected.
            let left = deadline.unixMilliseconds - clock().unixMilliseconds
            return Int(min(max(left, 0), 60_000)) * 1_000_000
        }
    }

    /// Nobody will ever know what became of these orders, but a server that starts again.
    private static func abandon(_ orders: ArraySlice<Order>, _ queue: OrderQueue) {
        queue.close()
        let error = RPCError(.unavailable, "the server failed; send the same command again")
        for order in orders { order.fail(error) }
        while let orders = queue.take(waitingAtMost: 0), !orders.isEmpty {
            for order in orders { order.fail(error) }
        }
    }
}

/// The end of something that runs on a thread, which others wait for.
private final class Ending: Sendable {
    private struct State {
        var hasCome = false
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    private let state = Guarded(State())

    func complete() {
        let waiting = state.withLock { state in
            state.hasCome = true
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }

    func wait() async {
        await withCheckedContinuation { continuation in
            let hasCome = state.withLock { state in
                if !state.hasCome { state.waiting.append(continuation) }
                return state.hasCome
            }
            if hasCome { continuation.resume() }
        }
    }
}
