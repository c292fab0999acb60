internal import CabinetLocks
internal import CabinetModel
internal import CabinetRPC

/// Bounds what one principal has running at once, so that nobody fills the queues of all.
///
/// Reads that wait for nothing are not counted: they are over before the event loop does anything else,
/// so that of one connection there is never more than one. What they cost is bounded by what a page may
/// hold: ``MeetingViews``.
final class PrincipalQuota: Sendable {
    /// Commands, ballots and questions of one principal that wait or are being done. A tablet has one or
    /// two; a secretary's script that prepares a meeting, some.
    static let maximumCount = 64

    private let counts = Guarded<[PrincipalID: Int]>([:])

    /// Takes a place. ``release(_:)`` gives it back.
    ///
    /// - Throws: RESOURCE_EXHAUSTED, and the call was not processed.
    func take(_ principal: PrincipalID) throws(RPCError) {
        let isTaken = counts.withLock { counts in
            guard counts[principal, default: 0] < Self.maximumCount else { return false }
            counts[principal, default: 0] += 1
            return true
        }
        guard isTaken else {
            throw RPCError(
                .resourceExhausted,
                "the caller has \(Self.maximumCount) calls running; wait for one of them",
                isNotProcessed: true
            )
        }
    }

    func release(_ principal: PrincipalID) {
        counts.withLock { counts in
            guard let count = counts[principal] else { return }
            counts[principal] = count > 1 ? count - 1 : nil
        }
    }
}
