internal import CabinetLocks
internal import CabinetWire

/// Gives channels the numbers that name them on the wire: the same for all connections of the process.
enum ChannelIDs {
    private struct State {
        var next: UInt32 = 1
        var released: [UInt32] = []
    }

    private static let state = Guarded(State())

    /// - Returns: A number that no other channel has now.
    static func take() -> UInt32 {
        state.withLock { state in
            // Fresh ones first: no number is used again before all were.
            if state.next <= FrameHeader.maxField {
                defer { state.next += 1 }
                return state.next
            }
            guard let id = state.released.popLast() else {
                preconditionFailure("there are 16 million channels")
            }
            return id
        }
    }

    static func release(_ id: UInt32) {
        state.withLock { $0.released.append(id) }
    }
}
