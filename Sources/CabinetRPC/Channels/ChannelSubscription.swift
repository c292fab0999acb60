public import CabinetCodec

/// A server's answer to a subscription: the channel whose events the caller is to receive.
///
/// The handler has checked that the caller may; the runtime does the rest.
public struct ChannelSubscription<Event: Message>: Sendable {
    public let channel: BroadcastChannel<Event>

    public init(_ channel: BroadcastChannel<Event>) {
        self.channel = channel
    }
}
