/// The subscriptions of a client. Used on its event loop alone.
struct SubscriptionTable {
    private var subscriptions: [SharedSubscription.Key: SharedSubscription] = [:]

    /// The subscription with that key, or a new one.
    mutating func subscription(
        _ key: SharedSubscription.Key,
        resumingAfter token: ResumeToken?,
        _ manager: ConnectionManager
    ) -> SharedSubscription {
        if let found = subscriptions[key] { return found }
        let made = SharedSubscription(key, resumingAfter: token, manager)
        subscriptions[key] = made
        return made
    }

    /// All of them, which are not in the table any more.
    mutating func removeAll() -> [SharedSubscription] {
        defer { subscriptions = [:] }
        return Array(subscriptions.values)
    }

    mutating func remove(_ subscription: SharedSubscription) {
        guard subscriptions[subscription.key] === subscription else { return }
        subscriptions[subscription.key] = nil
    }
}
