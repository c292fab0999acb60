internal import NIOCore
internal import Synchronization

/// One reader of a subscription. When nobody holds it any more, it leaves.
final class SubscriptionReader: Sendable {
    /// A number that no other reader ever has.
    struct ID: Hashable, Sendable {
        private static let last = Atomic<UInt64>(0)
        private let number = Self.last.add(1, ordering: .relaxed).newValue
    }

    let id = ID()
    private let subscription: SharedSubscription
    /// A client ends its connection when nobody holds it: the reader does.
    private let client: RPCClient

    private var eventLoop: any EventLoop { client.eventLoop }

    init(_ subscription: SharedSubscription, of client: RPCClient) {
        self.subscription = subscription
        self.client = client
    }

    deinit {
        eventLoop.runHere { [subscription, id] in subscription.leave(id) }
    }

    /// What is read: an event, or the condition of the link from there on.
    enum Update: Sendable {
        case entry(EventHistory.Entry)
        case condition(SubscriptionCondition)
    }

    /// Waits for the next event, or condition; `nil` where the channel has ended.
    func next() async throws(RPCError) -> Update? {
        let next = await LoopWait<SharedSubscription.Next>.on(eventLoop) {
            [subscription, id] wait in
            subscription.read(id, wait)
        }
        switch next {
        case .update(let update): return update
        case .end: return nil
        case .failed(let error): throw error.ofCall
        case nil: throw RPCError.taskCancelled.ofCall
        }
    }
}
