import CabinetLoad
import CabinetLocks
import CabinetRPC
import CommandSupport
import LoadAPI
import NIOCore
import NIOPosix

/// Serves coordinators, one rehearsal at a time.
struct AgentHandler: AgentService.Handler {
    let pki: ThrowawayPKI
    /// Event loops for those who vote.
    let threads: Int
    private let isTaken = Guarded(false)

    init(_ pki: ThrowawayPKI, threads: Int) {
        self.pki = pki
        self.threads = threads
    }

    func rehearse(
        _ orders: MessageReader<Order>,
        to reports: MessageWriter<Report>,
        context: CallContext
    ) async throws {
        guard takeSeat() else { throw AgentError.busy.error("there is another rehearsal") }
        defer { isTaken.withLock { $0 = false } }
        Output.complain("a rehearsal begins")
        let group = MultiThreadedEventLoopGroup(numberOfThreads: threads)
        let run = AgentRun(pki: pki, group: group, orders: orders, reports: reports)
        let outcome = await Result.of { try await run.run() }
        try await group.shutdownGracefully()
        do {
            try outcome.get()
            Output.complain("the rehearsal is over")
        } catch {
            Output.complain("the rehearsal was given up: \(error)")
            throw Self.rpcError(error)
        }
    }

    private func takeSeat() -> Bool {
        isTaken.withLock { isTaken in
            guard !isTaken else { return false }
            isTaken = true
            return true
        }
    }

    private static func rpcError(_ error: any Error) -> RPCError {
        switch error {
        case let invalid as AgentPlan.Invalid: AgentError.invalidOrder.error("\(invalid)")
        case is CancellationError: RPCError(.cancelled, "the rehearsal was cancelled")
        default: AgentError.failed.error("\(error)")
        }
    }
}
