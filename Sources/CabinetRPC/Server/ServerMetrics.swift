internal import Metrics

/// What is counted of a server's connections.
///
/// - `cabinet_rpc_server_connections`: connections that are open, their handshake done
/// - `cabinet_rpc_server_connections_total`: those that ever were
/// - `cabinet_rpc_server_connections_refused_total` by `reason`: before or in the handshake
/// - `cabinet_rpc_server_connections_ended_total` by `reason`: by the server, with GOAWAY
/// - `cabinet_rpc_server_subscriptions`: subscriptions to channels
/// - `cabinet_rpc_server_calls_refused_total` by `reason`: calls that belong to none of the server's
///   methods, and those that come while it stops; ``MethodMetrics`` has all others
final class ServerMetrics: Sendable {
    /// Why a call did not get as far as its method. The raw value is for metrics.
    enum CallRefusal: String {
        case methodUnknown = "METHOD_UNKNOWN"
        case draining = "DRAINING"
    }

    private let factory: any MetricsFactory
    private let open: Meter
    private let total: Counter
    private let subscriptions: Meter
    private let unknownMethods: Counter
    private let callsWhileDraining: Counter

    init(_ factory: any MetricsFactory) {
        self.factory = factory
        open = Meter(label: "cabinet_rpc_server_connections", factory: factory)
        total = Counter(label: "cabinet_rpc_server_connections_total", factory: factory)
        subscriptions = Meter(label: "cabinet_rpc_server_subscriptions", factory: factory)
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

    func subscribed() {
        subscriptions.increment()
    }

    func subscriptions(ended count: Int) {
        if count > 0 { subscriptions.decrement(by: Double(count)) }
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
