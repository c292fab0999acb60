internal import Metrics

/// What is counted of a server's connections.
///
/// - `cabinet_rpc_server_connections`: connections that are open, their handshake done
/// - `cabinet_rpc_server_connections_total`: those that ever were
/// - `cabinet_rpc_server_connections_refused_total` by `reason`: before or in the handshake
/// - `cabinet_rpc_server_connections_ended_total` by `reason`: by the server, with GOAWAY
/// - `cabinet_rpc_server_handshake_duration_seconds` by `outcome`: from the begin of a connection to the end
///   of its handshake, which was a whole one (`FULL`), resumed a session (`RESUMED`) or failed (`FAILED`)
/// - `cabinet_rpc_server_subscriptions` by `state`: subscriptions to channels that have everything (`LIVE`),
///   and those that do not (`BEHIND`), because they have just begun, or take less than is published
/// - `cabinet_rpc_server_subscriptions_total` by `start`: those that ever began, with a snapshot
///   (`SNAPSHOT`), by going on after an event (`RESUMED`), or not at all because they could not go on after
///   it (`STALE`)
/// - `cabinet_rpc_server_subscriptions_fell_behind_total`: how often one could not take what was published
/// - `cabinet_rpc_server_subscriptions_stalled_total`: those that were ended because they took nothing
/// - `cabinet_rpc_server_snapshots_total`: snapshots that were made, each for all who wanted it
/// - `cabinet_rpc_server_events_delivered_total`: events that were written to connections, once for each
///   subscription
/// - `cabinet_rpc_server_calls_refused_total` by `reason`: calls that belong to none of the server's
///   methods, and those that come while it stops; ``MethodMetrics`` has all others
final class ServerMetrics: Sendable {
    /// Why a call did not get as far as its method. The raw value is for metrics.
    enum CallRefusal: String {
        case methodUnknown = "METHOD_UNKNOWN"
        case draining = "DRAINING"
    }

    /// How a subscription begins. The raw value is for metrics.
    enum SubscriptionStart: String, CaseIterable {
        case snapshot = "SNAPSHOT"
        case resumed = "RESUMED"
        case stale = "STALE"
    }

    /// How a handshake ends. The raw value is for metrics.
    enum HandshakeOutcome: String, CaseIterable {
        case full = "FULL"
        case resumed = "RESUMED"
        case failed = "FAILED"
    }

    private let factory: any MetricsFactory
    private let open: Meter
    private let total: Counter
    private let handshakes: [HandshakeOutcome: Metrics.Timer]
    private let live: Meter
    private let behind: Meter
    private let delivered: Counter
    private let starts: [SubscriptionStart: Counter]
    private let fellBehind: Counter
    private let stalled: Counter
    private let snapshots: Counter
    private let unknownMethods: Counter
    private let callsWhileDraining: Counter

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        open = Meter(label: "cabinet_rpc_server_connections", factory: factory)
        total = Counter(label: "cabinet_rpc_server_connections_total", factory: factory)
        handshakes = Dictionary(
            uniqueKeysWithValues: HandshakeOutcome.allCases.map { outcome in
                let timer = Metrics.Timer(
                    label: "cabinet_rpc_server_handshake_duration_seconds",
                    dimensions: [("outcome", outcome.rawValue)],
                    preferredDisplayUnit: .seconds,
                    factory: factory
                )
                return (outcome, timer)
            }
        )
        func subscriptions(_ state: String) -> Meter {
            Meter(
                label: "cabinet_rpc_server_subscriptions",
                dimensions: [("state", state)],
                factory: factory
            )
        }
        live = subscriptions("LIVE")
        behind = subscriptions("BEHIND")
        delivered = Counter(
            label: "cabinet_rpc_server_events_delivered_total",
            factory: factory
        )
        starts = Dictionary(
            uniqueKeysWithValues: SubscriptionStart.allCases.map { start in
                let counter = Counter(
                    label: "cabinet_rpc_server_subscriptions_total",
                    dimensions: [("start", start.rawValue)],
                    factory: factory
                )
                return (start, counter)
            }
        )
        fellBehind = Counter(
            label: "cabinet_rpc_server_subscriptions_fell_behind_total",
            factory: factory
        )
        stalled = Counter(label: "cabinet_rpc_server_subscriptions_stalled_total", factory: factory)
        snapshots = Counter(label: "cabinet_rpc_server_snapshots_total", factory: factory)
        func refused(_ reason: CallRefusal) -> Counter {
            Counter(
                label: "cabinet_rpc_server_calls_refused_total",
                dimensions: [("reason", reason.rawValue)],
                factory: factory
            )
        }
        unknownMethods = refused(.methodUnknown)
        callsWhileDraining = refused(.draining)
    }

    func opened() {
        open.increment()
        total.increment()
    }

    func closed() {
        open.decrement()
    }

    func handshake(_ outcome: HandshakeOutcome, nanoseconds: Int64) {
        handshakes[outcome]?.recordNanoseconds(nanoseconds)
    }

    /// A subscription has begun: it does not have everything yet.
    func subscribed() {
        behind.increment()
    }

    func subscription(_ start: SubscriptionStart) {
        starts[start]?.increment()
    }

    /// Subscriptions have ended, of which none was behind: ``subscriptionIsNotBehind()``.
    func subscriptions(ended count: Int) {
        if count > 0 { live.decrement(by: Double(count)) }
    }

    /// A subscription has everything, or ends before it did.
    func subscriptionIsNotBehind() {
        behind.decrement()
        live.increment()
    }

    func subscriptionIsBehind() {
        live.decrement()
        behind.increment()
    }

    func delivered(events count: UInt64) {
        delivered.increment(by: Int64(clamping: count))
    }

    func subscriptionFellBehind() {
        fellBehind.increment()
    }

    func subscriptionStalled() {
        stalled.increment()
    }

    func snapshotMade() {
        snapshots.increment()
    }

    func refusedCall(_ reason: CallRefusal) {
        switch reason {
        case .methodUnknown: unknownMethods.increment()
        case .draining: callsWhileDraining.increment()
        }
    }

    func refused(_ reason: String) {
        Counter(
            label: "cabinet_rpc_server_connections_refused_total",
            dimensions: [("reason", reason)],
            factory: factory
        ).increment()
    }

    func ended(_ reason: String) {
        Counter(
            label: "cabinet_rpc_server_connections_ended_total",
            dimensions: [("reason", reason)],
            factory: factory
        ).increment()
    }
}
