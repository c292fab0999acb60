internal import CabinetLocks
public import CabinetTLS

/// Who is connected to a server, by the fingerprints of their keys.
///
/// It is made before the server, and handed to it with ``RPCServerConfiguration/connectedPeers``, for those
/// who are to tell others who is there.
public final class ConnectedPeers: Sendable {
    private struct State {
        // Bounded by the connections that there are.
        var counts: [PeerIdentity.Fingerprint: Int] = [:]
        var changed: (@Sendable () -> Void)?
    }

    private let state = Guarded(State())

    public init() {}

    /// The connections of each peer that has any.
    public var counts: [PeerIdentity.Fingerprint: Int] {
        state.withLock { $0.counts }
    }

    /// Has somebody told whenever a peer has its first connection, or none any more: on any thread, so it
    /// must not wait. It takes the place of who was told before.
    public func onChange(_ changed: @escaping @Sendable () -> Void) {
        state.withLock { $0.changed = changed }
    }

    /// - Returns: `false` where the peer has as many connections as it may have.
    func add(_ peer: PeerIdentity, limit: Int) -> Bool {
        let (isAdded, changed) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            let count = state.counts[peer.publicKeyFingerprint, default: 0]
            guard count < limit else { return (false, nil) }
            state.counts[peer.publicKeyFingerprint] = count + 1
            return (true, count == 0 ? state.changed : nil)
        }
        changed?()
        return isAdded
    }

    func remove(_ peer: PeerIdentity) {
        let changed = state.withLock { state -> (@Sendable () -> Void)? in
            let count = state.counts[peer.publicKeyFingerprint, default: 0]
            state.counts[peer.publicKeyFingerprint] = count > 1 ? count - 1 : nil
            return count == 1 ? state.changed : nil
        }
        changed?()
    }
}
