internal import Metrics

/// What is counted of one method's calls on a server.
///
/// - `cabinet_rpc_server_calls_total` by `method` and `code`
/// - `cabinet_rpc_server_call_duration_seconds` by `method`: from the arrival of CALL to its outcome
final class MethodMetrics: Sendable {
    private let counters: [Counter]
    private let timer: Metrics.Timer

    init(_ method: MethodDescription, _ factory: any MetricsFactory) {
        counters = Code.allCases.map { code in
            Counter(
                label: "cabinet_rpc_server_calls_total",
                dimensions: [("method", method.name), ("code", code.canonicalName)],
                factory: factory
            )
        }
        timer = Metrics.Timer(
            label: "cabinet_rpc_server_call_duration_seconds",
            dimensions: [("method", method.name)],
            preferredDisplayUnit: .seconds,
            factory: factory
        )
    }

    func record(_ code: Code, nanoseconds: UInt64) {
        let index = Int(code.rawValue)
        if counters.indices.contains(index) { counters[index].increment() }
        timer.recordNanoseconds(Int64(clamping: nanoseconds))
    }
}
