import CabinetMetrics
import CabinetServer
import CabinetStore
import Foundation

/// What is not counted where it happens, but asked for when somebody reads.
enum ServerMetricsSources {
    private typealias Observation = MetricsRegistry.Observation

    static func observe(_ node: CabinetNode, dataFolder: String, in registry: MetricsRegistry) {
        ProcessMetrics.observe(in: registry)
        observe(node, "ecabinet_queue_orders", in: registry) { $0.orders }
        observe(node, "ecabinet_queue_bytes", in: registry) { $0.orderBytes }
        observe(node, "ecabinet_ballots_verifying", in: registry) { $0.ballots }
        let database = "\(dataFolder)/\(SQLiteEventStore.fileName)"
        registry.observe("ecabinet_database_bytes") {
            [("DATABASE", database), ("WAL", "\(database)-wal")].compactMap { name, path in
                size(of: path).map { Observation($0, labels: [name]) }
            }
        }
        let build = Observation(1, labels: [configuration, "CWP/1", swiftVersion])
        registry.observe("ecabinet_build_info") { [build] }
    }

    private static func observe(
        _ node: CabinetNode,
        _ name: String,
        in registry: MetricsRegistry,
        _ read: @escaping @Sendable (ServerLoad) -> Int
    ) {
        // The node knows the registry, too.
        registry.observe(name) { [weak node] in
            guard let node else { return [] }
            return [Observation(Double(read(node.load)))]
        }
    }

    private static func size(of file: String) -> Double? {
        let attributes = try? FileManager.default.attributesOfItem(atPath: file)
        return (attributes?[.size] as? UInt64).map { Double($0) }
    }

    private static var configuration: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    /// Of the compiler.
    private static var swiftVersion: String {
        #if compiler(>=6.4)
            "6.4 or newer"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }
}
