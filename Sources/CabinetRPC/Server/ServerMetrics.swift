internal import Metrics

/// What is counted of a server's connections.
///
/// - `cabinet_rpc_server_connections`: connections that are open, their handshake done
/// - `cabinet_rpc_server_connections_total`: those that ever were
/// - `cabinet_rpc_server_connections_refused_total` by `reason`: before or in the handshake
/// - `cabinet_rpc_server_connections_ended_total` by `reason`: by the server, with GOAWAY
/// - `cabinet_rpc_server_subscriptions`: subscriptions to channels
final class ServerMetrics: Sendable {
    private let open = Meter(label: "cabinet_rpc_server_connections")
    private let total = Counter(label: "cabinet_rpc_server_connections_total")
    private let subscriptions = Meter(label: "cabinet_rpc_server_subscriptions")

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

    func refused(_ reason: String) {
        Counter(
            label: "cabinet_rpc_server_connections_refused_total",
            dimensions: [("reason", reason)]
        ).increment()
    }

    func ended(_ reason: String) {
        Counter(
            label: "cabinet_rpc_server_connections_ended_total",
            dimensions: [("reason", reason)]
        ).increment()
    }
}
