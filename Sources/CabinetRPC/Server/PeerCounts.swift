internal import CabinetLocks
internal import CabinetTLS

/// Counts the connections of each peer, by the fingerprint of its key.
final class PeerCounts: Sendable {
    // Bounded by the connections that there are.
    private let counts = Guarded<[PeerIdentity.Fingerprint: Int]>([:])
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// - Returns: `false` where the peer has as many connections as it may have.
    func add(_ peer: PeerIdentity) -> Bool {
        counts.withLock { counts in
            let count = counts[peer.publicKeyFingerprint, default: 0]
            guard count < limit else { return false }
            counts[peer.publicKeyFingerprint] = count + 1
            return true
        }
    }

    func remove(_ peer: PeerIdentity) {
        counts.withLock { counts in
            let count = counts[peer.publicKeyFingerprint, default: 0]
            counts[peer.publicKeyFingerprint] = count > 1 ? count - 1 : nil
        }
    }
}
