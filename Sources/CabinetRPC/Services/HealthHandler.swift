internal import CabinetLocks
internal import CabinetTLS

/// Serves `cabinet.rpc.HealthService`: whether the server as a whole, and each service that the program
/// names, is fit for use.
///
/// ```swift
/// let health = HealthHandler(services: [VotingService.fullName])
/// configuration.health = health
/// // When the ledger cannot be written:
/// health.setServing(false, service: VotingService.fullName)
/// ```
///
/// A server that has it as its ``RPCServerConfiguration/health`` serves it, and calls ``drain()`` when
/// it is told to stop.
public final class HealthHandler: HealthService.Handler {
    /// The name of the server as a whole.
    public static let wholeServer = ""

    /// Calls of Watch that the owner of one key has at once, over all its connections. Each takes one of
    /// the tasks that the server has for everybody, for as long as the caller likes. A monitor watches a
    /// few services.
    public static let maxWatchesPerPeer = 16

    /// Longer names are refused, as each watched one is kept.
    private static let maxNameBytes = 256

    private struct Watcher {
        let service: String
        let statuses: AsyncStream<ServingStatus>.Continuation

        func tell(_ status: ServingStatus?) {
            statuses.yield(status ?? .serviceUnknown)
        }
    }

    private struct State {
        var statuses: [String: ServingStatus]
        /// As many as there are calls of Watch, which the server limits.
        var watchers: [Int: Watcher] = [:]
        /// How many of them each peer has.
        var counts: [PeerIdentity.Fingerprint: Int] = [:]
        var nextWatcher = 0
        var isDraining = false
    }

    private let state: Guarded<State>

    /// All of it is serving.
    ///
    /// - Parameter services: The full names of the services that have a status of their own.
    public init(services: [String] = []) {
        let names = services + [Self.wholeServer]
        state = Guarded(
            State(
                statuses: Dictionary(
                    names.map { ($0, .serving) },
                    uniquingKeysWith: { first, _ in first }
                )
            )
        )
    }

    /// Says from now on whether a service is serving. A service that was not known before is known
    /// from here on. After ``drain()`` it changes nothing.
    public func setServing(_ isServing: Bool, service: String = HealthHandler.wholeServer) {
        let status: ServingStatus = isServing ? .serving : .notServing
        state.withLock { state in
            guard !state.isDraining else { return }
            state.statuses[service] = status
            for watcher in state.watchers.values where watcher.service == service {
                watcher.tell(status)
            }
        }
    }

    /// Says from now on, and for good, that nothing is serving, and ends the calls of those who watch.
    public func drain() {
        state.withLock { state in
            guard !state.isDraining else { return }
            state.isDraining = true
            state.statuses = state.statuses.mapValues { _ in .notServing }
            for watcher in state.watchers.values {
                watcher.tell(state.statuses[watcher.service])
                watcher.statuses.finish()
            }
        }
    }

    // MARK: - The service

    public func check(
        _ request: HealthCheckRequest,
        context: CallContext
    ) async throws -> HealthCheckResponse {
        try validate(request)
        guard let status = state.withLock({ $0.statuses[request.service] }) else {
            throw RPCError.runtime(
                .notFound,
                "SERVICE_UNKNOWN",
                "nothing is known of the health of a service with this name"
            )
        }
        return HealthCheckResponse(status: status)
    }

    public func watch(
        _ request: HealthCheckRequest,
        to responses: MessageWriter<HealthCheckResponse>,
        context: CallContext
    ) async throws {
        try validate(request)
        let peer = context.peer.publicKeyFingerprint
        let (number, statuses) = try addWatcher(of: request.service, for: peer)
        defer { removeWatcher(number, of: peer) }
        var last: ServingStatus?
        for await status in statuses where status != last {
            try await responses.write(HealthCheckResponse(status: status))
            last = status
        }
        // The stream ends with the caller's task, and otherwise with the server.
        try Task.checkCancellation()
        throw RPCError.runtime(
            .unavailable,
            "SERVER_STOPPING",
            "the server is stopping: watch another, or this one when it is back"
        )
    }

    private func validate(_ request: HealthCheckRequest) throws(RPCError) {
        guard request.service.utf8.count <= Self.maxNameBytes else {
            throw .runtime(
                .invalidArgument,
                "NAME_TOO_LONG",
                "the name of a service has at most \(Self.maxNameBytes) bytes"
            )
        }
    }

    /// The statuses of a service from its present one on. One that has not been taken yet gives way to
    /// the next, so that a slow watcher has no queue.
    ///
    /// - Throws: RESOURCE_EXHAUSTED / TOO_MANY_WATCHES.
    private func addWatcher(
        of service: String,
        for peer: PeerIdentity.Fingerprint
    ) throws(RPCError) -> (Int, AsyncStream<ServingStatus>) {
        let (stream, statuses) = AsyncStream.makeStream(
            of: ServingStatus.self,
            bufferingPolicy: .bufferingNewest(1)
        )
        let number = state.withLock { state -> Int? in
            guard state.counts[peer, default: 0] < Self.maxWatchesPerPeer else { return nil }
            state.counts[peer, default: 0] += 1
            let watcher = Watcher(service: service, statuses: statuses)
            watcher.tell(state.statuses[service])
            if state.isDraining { statuses.finish() }
            defer { state.nextWatcher += 1 }
            state.watchers[state.nextWatcher] = watcher
            return state.nextWatcher
        }
        guard let number else {
            throw .runtime(
                .resourceExhausted,
                "TOO_MANY_WATCHES",
                "the caller has \(Self.maxWatchesPerPeer) calls of Watch, the limit; end one of them"
            )
        }
        return (number, stream)
    }

    private func removeWatcher(_ number: Int, of peer: PeerIdentity.Fingerprint) {
        state.withLock { state in
            state.watchers[number] = nil
            let count = state.counts[peer, default: 0]
            state.counts[peer] = count > 1 ? count - 1 : nil
        }
    }
}
