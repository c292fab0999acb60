internal import CabinetLocks
internal import CabinetWire
internal import NIOCore

/// A channel, without the type of its events: the one place where events are put in order.
final class ChannelCore: Sendable {
    /// Makes a snapshot: its sequence number and its bytes.
    typealias SnapshotSource = @Sendable () async throws -> (sequence: UInt64, bytes: [UInt8])

    private struct State {
        var history: ChannelHistory
        var loops: [ObjectIdentifier: LoopChannel] = [:]
        var isClosed = false
    }

    let name: String
    let epoch: UInt64
    let id = ChannelIDs.take()
    let limits: ChannelLimits
    let snapshots: SnapshotCache
    private let state: Guarded<State>

    init(
        name: String,
        epoch: UInt64,
        _ history: ChannelHistory,
        _ limits: ChannelLimits,
        _ source: @escaping SnapshotSource
    ) {
        self.name = name
        self.epoch = epoch
        self.limits = limits
        snapshots = SnapshotCache(channelID: id, source)
        state = Guarded(State(history: history))
    }

    deinit { ChannelIDs.release(id) }

    var lastSequence: UInt64 {
        state.withLock { $0.history.nextSequence - 1 }
    }

    /// What was published together, as every loop gets it.
    struct Publication: Sendable {
        let messages: [ByteBuffer]
        /// EVENT or BATCH frames with all of them.
        let frames: ByteBuffer
    }

    func publish(_ messages: [ByteBuffer]) throws(BroadcastError) -> UInt64 {
        let sequence = state.withLock { state -> UInt64? in
            guard !state.isClosed else { return nil }
            guard !messages.isEmpty else { return state.history.nextSequence - 1 }
            let first = state.history.nextSequence
            // Frames first: the history may be too short for all of them.
            let frames = Self.frames(messages, from: first, channelID: id)
            for message in messages { state.history.append(message) }
            let publication = Publication(messages: messages, frames: frames)
            // Within the lock, so that all loops get all publications in the same order.
            for loop in state.loops.values { loop.enqueue(publication) }
            return state.history.nextSequence - 1
        }
        guard let sequence else { throw .closed }
        return sequence
    }

    private static func frames(
        _ messages: [ByteBuffer],
        from first: UInt64,
        channelID: UInt32
    ) -> ByteBuffer {
        var limits = ChannelLimits()
        limits.historyBytes = .max
        limits.historyEvents = .max
        var events = ChannelHistory(nextSequence: first, limits)
        for message in messages { events.append(message) }
        var frames = ByteBuffer()
        var sequence = first
        while sequence < events.nextSequence {
            sequence = events.writeFrame(from: sequence, channelID: channelID, to: &frames)
        }
        return frames
    }

    /// The channel as the subscribers on an event loop see it; `nil` where it was closed. Called there.
    func loopChannel(on loop: LoopContext) -> LoopChannel? {
        state.withLock { state in
            guard !state.isClosed else { return nil }
            let key = ObjectIdentifier(loop.eventLoop)
            if let found = state.loops[key] { return found }
            let made = LoopChannel(self, on: loop, state.history)
            state.loops[key] = made
            return made
        }
    }

    /// Forgets a loop without subscribers.
    func remove(_ loop: LoopChannel) {
        state.withLock { state in
            let key = ObjectIdentifier(loop.eventLoop)
            if state.loops[key] === loop { state.loops[key] = nil }
        }
    }

    func close(_ error: RPCError?) {
        let loops = state.withLock { state in
            defer {
                state.loops = [:]
                state.isClosed = true
            }
            return Array(state.loops.values)
        }
        for loop in loops { loop.enqueueEnd(error) }
    }
}
