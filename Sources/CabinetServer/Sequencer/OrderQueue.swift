internal import CabinetLocks
internal import Dispatch

/// Orders on their way to the sequencer, in the order in which they came. Any thread puts, one takes.
final class OrderQueue: Sendable {
    /// Orders that wait: six assemblies of 600 members who all vote at once.
    static let maximumCount = 4_096
    /// Bytes of their requests.
    static let maximumBytes = 16 << 20
    /// Orders that are taken at once, and committed together.
    static let maximumBatch = 1_024

    private struct Contents {
        var orders: [Order] = []
        /// Of the requests, in the order of the orders.
        var byteCounts: [Int] = []
        var byteCount = 0
        var isClosed = false
    }

    enum Refusal: Error {
        case full
        case closed
    }

    private let contents = Guarded(Contents())
    /// Signalled where there may be something to take.
    private let wake = DispatchSemaphore(value: 0)

    /// - Parameter byteCount: Of the request.
    /// - Throws: ``Refusal``. Then nobody will answer the order.
    func put(_ order: Order, byteCount: Int) throws(Refusal) {
        let wasEmpty = try contents.withLock { contents throws(Refusal) in
            guard !contents.isClosed else { throw .closed }
            guard contents.orders.count < Self.maximumCount,
                contents.byteCount <= Self.maximumBytes - min(byteCount, Self.maximumBytes)
            else { throw .full }
            contents.orders.append(order)
            contents.byteCounts.append(byteCount)
            contents.byteCount += byteCount
            return contents.orders.count == 1
        }
        if wasEmpty { wake.signal() }
    }

    /// Takes no more orders. What is there is still to be taken.
    func close() {
        contents.withLock { $0.isClosed = true }
        wake.signal()
    }

    /// Takes what is there, or waits for something.
    ///
    /// - Parameter nanoseconds: How long to wait; `nil` for as long as it takes.
    /// - Returns: No orders where the time is over, and sometimes earlier; `nil` where the queue is closed
    ///   and empty.
    func take(waitingAtMost nanoseconds: Int?) -> [Order]? {
        if let orders = takeAtOnce() { return orders }
        if contents.withLock({ $0.isClosed }) { return takeAtOnce() }
        if let nanoseconds {
            _ = wake.wait(timeout: .now() + .nanoseconds(nanoseconds))
        } else {
            wake.wait()
        }
        return takeAtOnce() ?? []
    }

    /// - Returns: `nil` where there are none.
    private func takeAtOnce() -> [Order]? {
        contents.withLock { contents in
            guard !contents.orders.isEmpty else { return nil }
            let count = min(contents.orders.count, Self.maximumBatch)
            let taken = Array(contents.orders.prefix(count))
            contents.byteCount -= contents.byteCounts.prefix(count).reduce(0, +)
            contents.orders.removeFirst(count)
            contents.byteCounts.removeFirst(count)
            return taken
        }
    }
}
