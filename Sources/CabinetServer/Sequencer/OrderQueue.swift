internal import CabinetLocks
internal import Dispatch

/// Orders on their way to the sequencer, in the order in which they came. Any thread puts, one takes.
///
/// All that is taken at once is committed together, and a commit costs as much as several ballots: on a
/// virtual disk as ten of them. So a ballot that is announced, because it is being verified, is waited for,
/// if not for long.
final class OrderQueue: Sendable {
    /// Orders that wait: six assemblies of 600 members who all vote at once.
    static let maximumCount = 4_096
    /// Bytes of their requests.
    static let maximumBytes = 16 << 20
    /// Orders that are taken at once, and committed together.
    static let maximumBatch = 1_024
    /// How long an order waits for others that are announced, and for one verification more. So long it
    /// waits only where ballots come as fast as they are verified, and each waits for many others anyway.
    static let maximumGathering = Duration.milliseconds(20)

    private struct Contents {
        var orders: [Order] = []
        /// Of the requests, in the order of the orders.
        var byteCounts: [Int] = []
        var byteCount = 0
        /// Orders that may be put soon.
        var announcedCount = 0
        /// When the first of the orders came.
        var gatheringSince = ContinuousClock.now
        var isClosed = false
        /// Whether whoever takes has been woken since it took.
        var hasWoken = false
    }

    enum Refusal: Error {
        case full
        case closed
    }

    private let gathering: Duration
    private let contents = Guarded(Contents())
    /// Signalled where there may be something to take.
    private let wake = DispatchSemaphore(value: 0)

    /// What waits.
    var load: (orders: Int, bytes: Int) { contents.withLock { ($0.orders.count, $0.byteCount) } }

    init(gathering: Duration = OrderQueue.maximumGathering) {
        self.gathering = gathering
    }

    /// Says that an order may come soon. ``put(_:byteCount:isAnnounced:)`` or ``withdraw()`` has to follow.
    func announce() {
        contents.withLock { $0.announcedCount += 1 }
    }

    /// An order that was announced does not come.
    func withdraw() {
        let isReady = contents.withLock { contents in
            contents.announcedCount -= 1
            return wakes(&contents)
        }
        if isReady { wake.signal() }
    }

    /// - Parameters:
    ///   - byteCount: Of the request.
    ///   - isAnnounced: Whether ``announce()`` was called for it.
    /// - Throws: ``Refusal``. Then nobody will answer the order.
    func put(_ order: Order, byteCount: Int, isAnnounced: Bool = false) throws(Refusal) {
        let (refusal, isReady) = contents.withLock { contents in
            if isAnnounced { contents.announcedCount -= 1 }
            let refusal = reasonToRefuse(byteCount, contents)
            if refusal == nil {
                if contents.orders.isEmpty { contents.gatheringSince = .now }
                contents.orders.append(order)
                contents.byteCounts.append(byteCount)
                contents.byteCount += byteCount
            }
            return (refusal, wakes(&contents))
        }
        if isReady { wake.signal() }
        if let refusal { throw refusal }
    }

    private func reasonToRefuse(_ byteCount: Int, _ contents: Contents) -> Refusal? {
        if contents.isClosed { return .closed }
        let hasRoom =
            contents.orders.count < Self.maximumCount
            && contents.byteCount <= Self.maximumBytes - min(byteCount, Self.maximumBytes)
        return hasRoom ? nil : .full
    }

    /// Takes no more orders. What is there is still to be taken.
    func close() {
        contents.withLock { $0.isClosed = true }
        wake.signal()
    }

    /// Takes what is there, or waits for something.
    ///
    /// - Parameter nanoseconds: How long to wait; `nil` for as long as it takes.
    /// - Returns: No orders where the time is over; `nil` where the queue is closed and empty.
    func take(waitingAtMost nanoseconds: Int?) -> [Order]? {
        let end =
            nanoseconds.map { DispatchTime.now() + .nanoseconds($0) }
            ?? .distantFuture
        while true {
            if let orders = takeAtOnce(unlessGathering: true) { return orders }
            if contents.withLock({ $0.isClosed }) { return takeAtOnce() }
            // It may also be for orders that have been taken since.
            guard wake.wait(timeout: end) == .success else { return takeAtOnce() ?? [] }
        }
    }

    /// - Returns: `nil` where there are none, or where others are awaited.
    private func takeAtOnce(unlessGathering: Bool = false) -> [Order]? {
        contents.withLock { contents in
            // Whoever looked and found others announced meanwhile is to be woken again.
            contents.hasWoken = false
            guard !contents.orders.isEmpty, !unlessGathering || isReady(contents) else {
                return nil
            }
            let count = min(contents.orders.count, Self.maximumBatch)
            let taken = Array(contents.orders.prefix(count))
            contents.byteCount -= contents.byteCounts.prefix(count).reduce(0, +)
            contents.orders.removeFirst(count)
            contents.byteCounts.removeFirst(count)
            contents.gatheringSince = .now
            return taken
        }
    }

    /// Whether there is something to take that waits for nothing.
    private func isReady(_ contents: Contents) -> Bool {
        guard !contents.orders.isEmpty else { return false }
        return contents.announcedCount == 0 || contents.isClosed
            || contents.orders.count >= Self.maximumBatch
            // Whatever is announced ends soon, and looks at this again.
            || contents.gatheringSince.duration(to: .now) >= gathering
    }

    private func wakes(_ contents: inout Contents) -> Bool {
        guard !contents.hasWoken, isReady(contents) else { return false }
        contents.hasWoken = true
        return true
    }
}
