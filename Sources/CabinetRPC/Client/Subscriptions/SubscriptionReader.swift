internal import NIOCore

/// One reader of a subscription. When nobody holds it any more, it leaves.
final class SubscriptionReader: Sendable {
    private let subscription: SharedSubscription
    /// A client ends its connection when nobody holds it: the reader does.
    private let client: RPCClient

    private var eventLoop: any EventLoop { client.eventLoop }

    init(_ subscription: SharedSubscription, of client: RPCClient) {
        self.subscription = subscription
        self.client = client
    }

    deinit {
        let id = ObjectIdentifier(self)
        eventLoop.runHere { [subscription] in subscription.leave(id) }
    }

    /// Waits for the next event; `nil` where the channel has ended.
    func next() async throws(RPCError) -> EventHistory.Entry? {
        let id = ObjectIdentifier(self)
        let next = await LoopWait<SharedSubscription.Next>.on(eventLoop) { [subscription] wait in
            subscription.read(id, wait)
        }
        switch next {
        case .entry(let entry): return entry
        case .end: return nil
        case .failed(let error): throw error
        case nil: throw RPCError(.cancelled, "the task that reads the events was cancelled")
        }
    }
}
