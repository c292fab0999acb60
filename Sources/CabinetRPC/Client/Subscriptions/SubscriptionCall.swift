internal import CabinetWire

/// The call of a subscription on one connection.
final class SubscriptionCall: ClientCall, @unchecked Sendable {
    private let subscription: SharedSubscription

    init(_ header: CallHeader, _ key: SharedSubscription.Key, _ subscription: SharedSubscription) {
        self.subscription = subscription
        super.init(
            header,
            metadata: key.metadata,
            message: key.request,
            responses: .channel,
            deadline: nil
        )
    }

    override func received(_ frame: ChannelFrame, _ body: RawSpan) {
        subscription.take(frame, body, place?.session.number ?? 0)
    }

    override func ended(_ error: RPCError?) {
        subscription.ended(self, error)
    }
}
