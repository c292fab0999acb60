import CabinetMetrics
import CabinetServer
import CabinetTLS
import CommandSupport
import Logging
import NIOCore
import ServiceLifecycle
import UnixSignals

extension ServerPlan {
    func metricsServer(
        of node: CabinetNode,
        _ registry: MetricsRegistry?,
        _ logger: Logger
    ) -> MetricsServer? {
        guard let metrics, let registry else { return nil }
        ServerMetricsSources.observe(node, dataFolder: dataFolder, in: registry)
        if metrics.isExposed {
            logger.warning(
                "metrics are served without TLS and password, to others than this machine",
                metadata: ["address": "\(metrics.address)"]
            )
        }
        return MetricsServer(registry, on: metrics.address, logger: logger)
    }

    /// Serves until the process is told to stop.
    func serve(
        _ node: CabinetNode,
        _ endpoint: MetricsServer?,
        _ logger: Logger
    ) async throws {
        do {
            // First, so that whoever may connect is counted by somebody who can be asked.
            let metrics = try await start(endpoint)
            let bound = try await start(node)
            Output.say("listening on \(bound)")
            if let metrics { Output.say("metrics on http://\(metrics)/metrics") }
        } catch {
            await node.close()
            await endpoint?.close()
            throw error
        }
        let reloading = Reloading(node: node, files: tlsFiles, logger: logger)
        let services = ServiceGroup(
            // The first is told to stop when the others have: the end can be watched.
            services: (endpoint.map { [$0] } ?? []) + [node, reloading],
            gracefulShutdownSignals: [.sigterm, .sigint],
            logger: logger
        )
        try await services.run()
    }

    private func start(_ node: CabinetNode) async throws(ServerFailure) -> HostAndPort {
        do {
            let bound = try await node.start()
            return HostAndPort(host: bound.ipAddress ?? listen.host, port: bound.port ?? 0)
        } catch {
            throw ServerFailure(.unavailable, "cannot listen on \(listen): \(error)")
        }
    }

    private func start(_ endpoint: MetricsServer?) async throws(ServerFailure) -> HostAndPort? {
        guard let endpoint, let address = metrics?.address else { return nil }
        do {
            let bound = try await endpoint.start()
            return HostAndPort(host: bound.ipAddress ?? "", port: bound.port ?? 0)
        } catch {
            throw ServerFailure(
                .unavailable,
                "cannot serve metrics on \(address.ipAddress ?? ""), port \(address.port ?? 0): \(error)"
            )
        }
    }
}

/// Reads certificates and revocation lists again at SIGHUP.
private struct Reloading: Service {
    let node: CabinetNode
    let files: TLSFiles
    let logger: Logger

    func run() async throws {
        for await _ in await UnixSignalsSequence(trapping: .sighup).cancelOnGracefulShutdown() {
            do {
                try await node.reload(files)
            } catch {
                logger.error(
                    "certificates were not reloaded; the server goes on with those that it had",
                    metadata: ["error": "\(error)"]
                )
            }
        }
    }
}
