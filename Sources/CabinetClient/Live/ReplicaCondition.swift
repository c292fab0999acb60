public import CabinetRPC

/// How current a replica's state is.
public enum ReplicaCondition: Hashable, Sendable {
    /// It has not been connected yet, and nothing has failed.
    case connecting
    /// It is connected, and does not have everything yet, or the proof that the log is the one that it
    /// knows.
    case catchingUp
    /// It has everything, and gets what is new as it comes.
    case live
    /// No connection brings anything since then, for that reason; it tries again until it is stopped. The
    /// instant is of a clock that no change of the wall clock moves.
    case offline(since: ContinuousClock.Instant, reason: RPCError)
    /// It could not go on with what it was sent, and gets everything anew. The state is what it was before.
    ///
    /// - Parameter attempt: 1, 2 … for attempts in a row that end so.
    case startingAnew(FollowFault, attempt: Int)
    /// It was stopped, or has ended with a ``ReplicaError``.
    case ended
}
