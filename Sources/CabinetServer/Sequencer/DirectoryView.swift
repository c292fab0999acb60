internal import CabinetLocks
internal import CabinetModel

/// What is durable of the directory, on any thread. The sequencer replaces it before it answers.
final class DirectoryView: Sendable {
    private let published: Guarded<DirectoryState>
    private let changed = Guarded<(@Sendable () -> Void)?>(nil)

    init(_ state: DirectoryState) {
        published = Guarded(state)
    }

    var state: DirectoryState { published.withLock { $0 } }

    /// Whom a connection belongs to; `nil` where it belongs to nobody.
    func principal(authenticatedBy key: KeyFingerprint, at time: Moment) -> Principal? {
        published.withLock { $0.principal(authenticatedBy: key, at: time) }
    }

    /// Whether a key belongs to somebody, or did.
    func knows(_ key: KeyFingerprint) -> Bool {
        published.withLock { $0.owners[key] != nil }
    }

    /// Has somebody told of every change: on the sequencer's thread, so it must not wait. It takes the place
    /// of who was told before.
    func onChange(_ changed: (@Sendable () -> Void)?) {
        self.changed.withLock { $0 = changed }
    }

    func publish(_ state: DirectoryState) {
        published.withLock { $0 = state }
        changed.withLock { $0 }?()
    }
}
