import CabinetAPI
import CabinetLocks
import CabinetRPC
import Histogram
import Synchronization

/// Calls that follow one another, on several connections and several at a time.
struct EchoLoad {
    /// What came of the calls that were measured.
    struct Figures: Sendable {
        /// Nanoseconds, to three digits.
        var latencies = Histogram<UInt64>(
            lowestDiscernibleValue: 1_000,
            highestTrackableValue: UInt64(EchoLoad.maxNanoseconds),
            numberOfSignificantValueDigits: .three
        )
        var requests = 0
        var errors = 0
        var firstError: String?
        var measured = Duration.zero
    }

    let clients: [RPCClient]
    let inFlight: Int
    let payloadBytes: Int
    let warmUp: Duration
    let duration: Duration

    /// Latencies are told apart up to here; the client's own time limit comes earlier.
    fileprivate static let maxNanoseconds = 60e9
    /// Handshakes at once: more would only wait for each other.
    private static let connectingAtOnce = 32
    /// After a failure, so that a server that is gone is not asked as fast as the processor can.
    private static let pauseAfterError = Duration.milliseconds(10)

    private let figures = Recorder()

    /// Connects, calls, and closes the connections.
    ///
    /// - Parameter connected: Called before the first call.
    /// - Throws: ``Failure`` where a connection cannot be made.
    func run(_ connected: () -> Void) async throws -> Figures {
        let result: Result<Figures, any Error>
        do {
            try await connect()
            connected()
            result = .success(await call())
        } catch {
            result = .failure(error)
        }
        await withTaskGroup { group in
            for client in clients { group.addTask { await client.close() } }
        }
        return try result.get()
    }

    private func call() async -> Figures {
        let begin = ContinuousClock.now + warmUp
        let end = begin + duration
        await withTaskGroup { group in
            for client in clients {
                for number in 0..<inFlight {
                    group.addTask { await call(client, number, from: begin, to: end) }
                }
            }
        }
        var figures = figures.figures
        figures.measured = duration
        return figures
    }

    /// Makes all connections before the first call: one alone, which finds out what would be wrong with
    /// each of them, and then the others.
    private func connect() async throws {
        guard let first = clients.first else { return }
        try await connect(first)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (index, client) in clients.dropFirst().enumerated() {
                if index >= Self.connectingAtOnce { try await group.next() }
                group.addTask { try await connect(client) }
            }
            try await group.waitForAll()
        }
    }

    private func connect(_ client: RPCClient) async throws {
        do throws(RPCError) {
            try await client.connect()
            figures.connected()
        } catch {
            throw Failure(cannotConnect: error, after: figures.connectionCount)
        }
    }

    private func call(
        _ client: RPCClient,
        _ number: Int,
        from begin: ContinuousClock.Instant,
        to end: ContinuousClock.Instant
    ) async {
        let service = DiagnosticsService.Client(client)
        let payload = (0..<payloadBytes).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ number) }
        let request = EchoRequest(payload: payload)
        while true {
            let start = ContinuousClock.now
            guard start < end else { return }
            var failure: String?
            do throws(RPCError) {
                let response = try await service.echo(request)
                if response.payload != payload { failure = "the server echoed another payload" }
            } catch {
                failure = "\(error)"
            }
            let now = ContinuousClock.now
            // What has begun before counts where it ends.
            if now >= begin, now <= end { figures.record(now - start, failure) }
            if failure != nil { try? await Task.sleep(for: Self.pauseAfterError) }
        }
    }
}

/// Counts calls on any thread.
private final class Recorder: Sendable {
    private let state = Guarded(EchoLoad.Figures())
    private let connections = Atomic<Int>(0)

    var connectionCount: Int { connections.load(ordering: .relaxed) }

    func connected() {
        connections.add(1, ordering: .relaxed)
    }

    var figures: EchoLoad.Figures { state.withLock { $0 } }

    func record(_ latency: Duration, _ failure: String?) {
        let nanoseconds = min(latency / .nanoseconds(1), EchoLoad.maxNanoseconds)
        state.withLock { figures in
            figures.requests += 1
            if let failure {
                figures.errors += 1
                if figures.firstError == nil { figures.firstError = failure }
            } else {
                figures.latencies.record(UInt64(max(0, nanoseconds)))
            }
        }
    }
}
