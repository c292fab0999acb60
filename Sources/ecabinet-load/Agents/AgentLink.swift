import CabinetLoad
import CabinetLocks
import CabinetRPC
import CabinetTLS
import CabinetWire
import CommandSupport
import LoadAPI
import Logging
import NIOCore

/// A coordinator's connection to one of its agents: orders there, reports back.
final class AgentLink: Sendable {
    /// What an agent answers to an order.
    private enum Reply: Sendable {
        case report(Report.Kind)
        case record([UInt8])
    }

    private struct State {
        var progress = ProgressReport()
        var isCollecting = false
    }

    let address: HostAndPort
    let share: Share
    private let client: RPCClient
    private let orders: AsyncStream<Order>
    private let orderQueue: AsyncStream<Order>.Continuation
    /// Each order is answered before the next one that has an answer.
    private let replies: AsyncThrowingStream<Reply, any Error>
    private let replyQueue: AsyncThrowingStream<Reply, any Error>.Continuation
    private let state = Guarded(State())

    init(
        _ address: HostAndPort,
        _ share: Share,
        _ tls: TLSClientContext,
        group: any EventLoopGroup
    ) {
        self.address = address
        self.share = share
        var configuration = RPCClientConfiguration()
        configuration.retry.maxAttempts = 1
        configuration.liveness = Liveness.Settings(
            ping: AgentLimits.silence,
            idle: nil
        )
        configuration.agent = "ecabinet-load"
        client = RPCClient(
            host: address.host,
            port: address.port,
            tls: tls,
            serverName: AgentLimits.serverName,
            configuration: configuration,
            group: group,
            logger: Logger(label: "ecabinet-load") { _ in SwiftLogNoOpLogHandler() }
        )
        (orders, orderQueue) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(AgentLimits.waitingOrders)
        )
        (replies, replyQueue) = AsyncThrowingStream.makeStream(
            bufferingPolicy: .bufferingOldest(1)
        )
    }

    /// The newest that the agent has said.
    var progress: ProgressReport { state.withLock { $0.progress } }

    /// - Throws: ``Failure`` where there is no connection.
    func connect() async throws(Failure) {
        do throws(RPCError) {
            try await client.connect()
        } catch {
            let failure = Failure(cannotConnect: error)
            throw Failure(failure.code, "the agent \(address): \(failure.message)")
        }
    }

    func close() async {
        orderQueue.finish()
        await client.close()
    }

    // MARK: - The call

    /// Carries orders and reports until all is collected.
    ///
    /// - Throws: ``Failure`` where the agent is lost, fails, or says what nobody asked for.
    func run() async throws {
        do {
            try await carry()
            replyQueue.finish()
        } catch {
            let failure = failure(error)
            replyQueue.finish(throwing: failure)
            throw failure
        }
    }

    private func carry() async throws {
        let reports = try await AgentService.Client(client).rehearse { [orders] writer in
            for await order in orders { try await writer.write(order) }
        }
        var record: [UInt8] = []
        for try await report in reports {
            switch report.kind {
            case .progress(let progress):
                state.withLock { $0.progress = progress }
            case .record(let part):
                record += part.piece
                guard state.withLock({ $0.isCollecting }), record.count <= RunRecord.Limits.bytes
                else { throw nonsense("a record that nobody asked for, or too much of it") }
            case nil:
                throw nonsense("a report of an unknown kind")
            case .some(let kind):
                try take(.report(kind))
            }
        }
        guard state.withLock({ $0.isCollecting }) else {
            throw Failure(.unavailable, "the agent \(address) has ended before the rehearsal")
        }
        try take(.record(record))
    }

    private func take(_ reply: Reply) throws(Failure) {
        guard case .enqueued = replyQueue.yield(reply) else {
            throw nonsense("more than it was asked for")
        }
    }

    private func failure(_ error: any Error) -> Failure {
        if let failure = error as? Failure { return failure }
        guard let error = error as? RPCError else {
            return Failure(.unavailable, "the agent \(address) was left: \(error)")
        }
        let reason = error.details.first { $0.domain == AgentError.domain }?.reason
        return switch reason.flatMap(AgentError.init(rawValue:)) {
        case .busy: Failure(.unavailable, "the agent \(address) is busy with another rehearsal")
        case .notCoordinator: Failure(.refused, "the agent \(address): \(error.message)")
        case .invalidOrder, .failed:
            Failure(.requestsFailed, "the agent \(address): \(error.message)")
        case nil: Failure(.unavailable, "the agent \(address) was lost: \(error.message)")
        }
    }

    private func nonsense(_ what: String) -> Failure {
        Failure(.requestsFailed, "the agent \(address) has sent \(what)")
    }

    // MARK: - Orders

    /// Has an order sent, when those before it were.
    func send(_ order: Order.Kind) throws(Failure) {
        guard case .enqueued = orderQueue.yield(Order(kind: order)) else {
            throw Failure(.unavailable, "the agent \(address) takes no more orders")
        }
    }

    /// Waits for the answer to an order.
    ///
    /// - Parameters:
    ///   - limit: The agent is not waited for longer.
    ///   - read: Takes what it is to be; `nil` where it is not.
    /// - Throws: ``Failure``.
    func answer<Value: Sendable>(
        within limit: Duration,
        _ read: @escaping @Sendable (Report.Kind) -> Value?
    ) async throws -> Value {
        guard case .report(let report) = try await next(within: limit), let value = read(report)
        else { throw nonsense("another report than it was asked for, or one out of its bounds") }
        return value
    }

    /// Asks for what was measured, after which the call ends.
    ///
    /// - Parameter last: The index of the entry whose event all followers are to have first.
    func collect(for scenario: Scenario, after last: UInt64?) async throws -> RunRecord {
        state.withLock { $0.isCollecting = true }
        try send(.collect(CollectOrder(lastIndex: last)))
        guard case .record(let bytes) = try await next(within: AgentLimits.collection) else {
            throw nonsense("a report instead of a record")
        }
        do throws(RunRecord.InvalidRecord) {
            return try RunRecord(json: bytes, for: scenario.plannedDuration)
        } catch {
            throw Failure(.requestsFailed, "the agent \(address): \(error)")
        }
    }

    private func next(within limit: Duration) async throws -> Reply {
        let late = "the agent \(address) does not answer within \(Int(limit / .seconds(1))) seconds"
        let reply = try await within(limit, otherwise: late) { [replies] in
            for try await reply in replies { return Reply?.some(reply) }
            return nil
        }
        guard let reply else {
            try Task.checkCancellation()
            throw Failure(.unavailable, "the agent \(address) has ended before the rehearsal")
        }
        return reply
    }
}
