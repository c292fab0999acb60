import CabinetLocks
import CabinetRPC
import ConformanceAPI

/// A channel whose state is all that was said on it.
final class Room: Sendable {
    private struct State {
        var text = ""
        var sequence: UInt64 = 0
        var channel: BroadcastChannel<Event>?
    }

    private static let epoch: UInt64 = 0x0102_0304_0506_0708

    private let state = Guarded(State())

    init(_ name: String, _ limits: ChannelLimits) throws {
        let channel = try BroadcastChannel<Event>(
            name: name,
            epoch: Self.epoch,
            limits: limits
        ) { [weak self] in
            guard let self else { throw RPCError(.unavailable, "the room is gone") }
            return self.state.withLock { state in
                .init(sequence: state.sequence, event: Event(text: state.text))
            }
        }
        state.withLock { $0.channel = channel }
    }

    func channel() throws -> BroadcastChannel<Event> {
        guard let channel = state.withLock({ $0.channel }) else { throw CancellationError() }
        return channel
    }

    func publish(_ text: String, count: Int) throws -> PublishResponse {
        try state.withLock { state in
            do {
                let events = [Event](repeating: Event(text: text), count: count)
                state.sequence = try state.channel?.publish(events) ?? 0
            } catch let error as BroadcastError {
                throw RPCError(.invalidArgument, "\(error)")
            }
            state.text += String(repeating: text, count: count)
            return PublishResponse(sequence: state.sequence)
        }
    }
}
