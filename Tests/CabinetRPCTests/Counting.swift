import CabinetLocks
import CabinetRPC
import FixtureAPI

/// A counter whose changes are published on a channel: the smallest state that a client can follow.
final class Counting: Sendable {
    private struct State {
        var sum: Int32 = 0
        var sequence: UInt64 = 0
        var snapshotCount = 0
        var channel: BroadcastChannel<Choices>?
    }

    private let state: Guarded<State>

    /// - Parameters:
    ///   - changes: What has happened already.
    ///   - kept: How many of the last of them the channel still has.
    init(
        epoch: UInt64 = 1,
        _ changes: [Int32] = [],
        kept: Int = 0,
        limits: ChannelLimits = ChannelLimits()
    ) throws {
        state = Guarded(
            State(sum: changes.reduce(0, &+), sequence: UInt64(changes.count))
        )
        let channel = try BroadcastChannel<Choices>(
            name: "counter",
            epoch: epoch,
            history: changes.suffix(kept).map { try EncodedEvent(Choices(choice: .number($0))) },
            lastSequence: UInt64(changes.count),
            limits: limits
        ) { [weak self] in
            guard let self else { throw RPCError(.unavailable, "the counter is gone") }
            return self.snapshot()
        }
        state.withLock { $0.channel = channel }
    }

    var sum: Int32 { state.withLock { $0.sum } }
    var sequence: UInt64 { state.withLock { $0.sequence } }
    var snapshotCount: Int { state.withLock { $0.snapshotCount } }

    private func snapshot() -> BroadcastChannel<Choices>.Snapshot {
        state.withLock { state in
            state.snapshotCount += 1
            return .init(sequence: state.sequence, event: Choices(choice: .text("\(state.sum)")))
        }
    }

    func channel() throws -> BroadcastChannel<Choices> {
        guard let channel = state.withLock({ $0.channel }) else { throw CancellationError() }
        return channel
    }

    func add(_ numbers: [Int32]) throws {
        try state.withLock { state in
            try state.channel?.publish(numbers.map { Choices(choice: .number($0)) })
            state.sum = numbers.reduce(state.sum, &+)
            state.sequence += UInt64(numbers.count)
        }
    }

    func close(_ error: RPCError? = nil) {
        state.withLock { $0.channel?.close(error) }
    }

    var router: MethodRouter {
        var router = MethodRouter()
        router.register(EverythingService.Methods.follow) { [self] _, _ in
            ChannelSubscription(try channel())
        }
        return router
    }
}

/// What a reader of the counter's channel has arrived at.
struct Counted: Equatable {
    private(set) var sum: Int32 = 0
    private(set) var token = ResumeToken(epoch: 0, sequence: 0)
    private(set) var snapshotCount = 0
    /// Whether each event followed the one before.
    private(set) var isContiguous = true

    init() {}

    init(sum: Int32, _ token: ResumeToken) {
        self.sum = sum
        self.token = token
    }

    mutating func apply(_ element: Subscription<Choices>.Element) {
        switch element.event.choice {
        case .text(let text) where element.isSnapshot:
            sum = Int32(text) ?? 0
            snapshotCount += 1
        case .number(let number) where !element.isSnapshot:
            isContiguous =
                isContiguous && element.token.epoch == token.epoch
                && element.token.sequence == token.sequence + 1
            sum &+= number
        default:
            isContiguous = false
        }
        token = element.token
    }

    /// Reads up to the event with that sequence number.
    mutating func read(
        _ iterator: inout Subscription<Choices>.Iterator,
        upTo sequence: UInt64
    ) async throws {
        while snapshotCount == 0 && token.epoch == 0 || token.sequence < sequence {
            guard let element = try await iterator.next() else { return }
            apply(element)
        }
    }
}
