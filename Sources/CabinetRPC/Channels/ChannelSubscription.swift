public import CabinetCodec

/// A server's answer to a subscription: the channel whose events the caller is to receive.
///
/// The handler has checked that the caller may; the runtime does the rest.
public struct ChannelSubscription<Event: Message>: Sendable {
    public let channel: BroadcastChannel<Event>
    let request: SubscriptionRequest

    /// - Parameter refusal: Why the caller may not have the events any more; `nil` while it may. It is
    ///   asked when the subscription begins, and whenever the server looks at those that it has:
    ///   ``RPCServer/subscriptionAccessChanged()``. On an event loop, so it must not wait.
    public init(
        _ channel: BroadcastChannel<Event>,
        refusal: (@Sendable () -> RPCError?)? = nil
    ) {
        self.channel = channel
        request = SubscriptionRequest(channel: channel.core, refusal: refusal)
    }
}

/// What a call subscribes to, without the type of the events.
struct SubscriptionRequest: Sendable {
    let channel: ChannelCore
    let refusal: (@Sendable () -> RPCError?)?
}
