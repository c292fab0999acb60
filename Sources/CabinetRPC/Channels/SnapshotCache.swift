internal import CabinetLocks
internal import CabinetWire
internal import NIOCore

/// The frames of a channel's newest snapshot. However many want one at the same time, it is made and
/// encoded once.
final class SnapshotCache: Sendable {
    /// A snapshot, as all subscribers get it.
    struct Encoded: Sendable {
        let sequence: UInt64
        /// SNAPSHOT frames, of one TLS record each.
        let frames: [ByteBuffer]
        let byteCount: Int
    }

    typealias Completion = @Sendable (Result<Encoded, any Error>) -> Void

    private struct State {
        var newest: Encoded?
        /// Those who wait for the one that is being made; `nil` where none is.
        var waiting: [Completion]?
    }

    private let channelID: UInt32
    private let source: ChannelCore.SnapshotSource
    private let state = Guarded(State())

    init(channelID: UInt32, _ source: @escaping ChannelCore.SnapshotSource) {
        self.channelID = channelID
        self.source = source
    }

    /// The newest snapshot that was made.
    var newest: Encoded? { state.withLock { $0.newest } }

    /// Makes a snapshot, or waits for the one that is being made.
    ///
    /// - Parameter completion: Called on any thread.
    /// - Returns: Whether it is made, and not waited for.
    func make(_ completion: @escaping Completion) -> Bool {
        let isFirst = state.withLock { state in
            let isFirst = state.waiting == nil
            // In place: thousands may wait after a restart.
            state.waiting = state.waiting ?? []
            state.waiting?.append(completion)
            return isFirst
        }
        guard isFirst else { return false }
        Task {
            let result: Result<Encoded, any Error>
            do {
                let (sequence, bytes) = try await source()
                result = .success(try encoded(sequence, bytes))
            } catch {
                result = .failure(error)
            }
            let waiting = state.withLock { state in
                if case .success(let encoded) = result { state.newest = encoded }
                defer { state.waiting = nil }
                return state.waiting ?? []
            }
            for completion in waiting { completion(result) }
        }
        return true
    }

    private func encoded(_ sequence: UInt64, _ bytes: [UInt8]) throws -> Encoded {
        guard bytes.count <= ConnectionLimits.maxSnapshotBytes, sequence < .max else {
            throw RPCError.runtime(
                .internal,
                "SNAPSHOT_TOO_LARGE",
                "the snapshot of the channel is longer than a client may be sent"
            )
        }
        let partBytes =
            ConnectionLimits.maxEventFrameBytes - FrameHeader.byteCount - SequenceBody.byteCount
        var frames: [ByteBuffer] = []
        var rest = bytes[...]
        repeat {
            let part = rest.prefix(partBytes)
            rest = rest.dropFirst(partBytes)
            var frame = ByteBuffer()
            frame.write(
                FrameHeader(
                    type: .snapshot,
                    flags: rest.isEmpty ? [] : .more,
                    id: channelID,
                    bodyByteCount: SequenceBody.byteCount + part.count
                )
            )
            frame.writeInteger(sequence)
            frame.writeBytes(part)
            frames.append(frame)
        } while !rest.isEmpty
        return Encoded(sequence: sequence, frames: frames, byteCount: bytes.count)
    }
}
