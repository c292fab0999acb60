import CabinetMetrics

/// What the server exports. METRICS.md says of each family what to watch for.
enum MetricsCatalogue {
    static let families =
        connections + calls + subscriptions + meetings + [build] + ProcessMetrics.families

    private static let connections = [
        MetricFamily(
            "cabinet_rpc_server_connections",
            .gauge,
            "Connections that are open, their handshake done."
        ),
        MetricFamily(
            "cabinet_rpc_server_connections_total",
            .counter,
            "Connections that were opened, their handshake done."
        ),
        MetricFamily(
            "cabinet_rpc_server_connections_refused_total",
            .counter,
            labels: ["reason"],
            "Connections that were not let in, or failed in their handshake."
        ),
        MetricFamily(
            "cabinet_rpc_server_connections_ended_total",
            .counter,
            labels: ["reason"],
            "Connections that the server has ended."
        ),
        MetricFamily(
            "cabinet_rpc_server_handshake_duration_seconds",
            .usualDurations,
            labels: ["outcome"],
            "Time from the begin of a connection to the end of its handshake."
        ),
    ]

    private static let calls = [
        MetricFamily(
            "cabinet_rpc_server_calls_total",
            .counter,
            labels: ["method", "code"],
            "Calls that have come to their outcome."
        ),
        MetricFamily(
            "cabinet_rpc_server_call_duration_seconds",
            .usualDurations,
            labels: ["method"],
            "Time from the arrival of a call to its outcome."
        ),
        MetricFamily(
            "cabinet_rpc_server_calls_refused_total",
            .counter,
            labels: ["reason"],
            "Calls that came to none of the server's methods."
        ),
    ]

    private static let subscriptions = [
        MetricFamily(
            "cabinet_rpc_server_subscriptions",
            .gauge,
            labels: ["state"],
            "Subscriptions to channels."
        ),
        MetricFamily(
            "cabinet_rpc_server_subscriptions_total",
            .counter,
            labels: ["start"],
            "Subscriptions that were asked for, by how they began."
        ),
        MetricFamily(
            "cabinet_rpc_server_subscriptions_fell_behind_total",
            .counter,
            "Times that a subscription could not take what was published."
        ),
        MetricFamily(
            "cabinet_rpc_server_subscriptions_stalled_total",
            .counter,
            "Subscriptions that the server ended because they took nothing."
        ),
        MetricFamily(
            "cabinet_rpc_server_snapshots_total",
            .counter,
            "Snapshots that were made, each for all who wanted it."
        ),
        MetricFamily(
            "cabinet_rpc_server_events_delivered_total",
            .counter,
            "Events that were written to connections, once for each subscription."
        ),
    ]

    private static let meetings = [
        MetricFamily(
            "ecabinet_queue_orders",
            .gauge,
            "Commands, ballots and questions that wait for the sequencer."
        ),
        MetricFamily(
            "ecabinet_queue_bytes",
            .gauge,
            "Bytes of the requests that wait for the sequencer."
        ),
        MetricFamily(
            "ecabinet_ballots_verifying",
            .gauge,
            "Ballots that wait for their verification, or are being verified."
        ),
        MetricFamily(
            "ecabinet_batch_orders",
            .sizes(upTo: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000]),
            "Orders that the sequencer took together, for one commit."
        ),
        MetricFamily(
            "ecabinet_commit_duration_seconds",
            .usualDurations,
            "Time that a commit took until it was durable."
        ),
        MetricFamily(
            "ecabinet_ledger_entries",
            .gauge,
            "Entries of all logs that are served."
        ),
        MetricFamily(
            "ecabinet_ledger_bytes",
            .gauge,
            "Bytes of the entries of all logs that are served."
        ),
        MetricFamily(
            "ecabinet_database_bytes",
            .gauge,
            labels: ["file"],
            "Size of the files of the database."
        ),
    ]

    private static let build = MetricFamily(
        "ecabinet_build_info",
        .gauge,
        labels: ["configuration", "protocol", "swift"],
        "Always 1: what the program is."
    )
}
