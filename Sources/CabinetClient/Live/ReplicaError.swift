public import CabinetMapping
public import CabinetRPC

/// Why a replica does not go on. What it had last can still be read, and is of no use as the state of
/// today.
public enum ReplicaError: Error, Hashable, Sendable {
    /// The server refuses it, as PERMISSION_DENIED, NOT_FOUND and UNAUTHENTICATED say, or one side does not
    /// accept the other's certificate, or the client was closed: another attempt would fail as well.
    case refused(RPCError)
    /// The log is not shown to be the one that was seen before. Where ``HistoryError/isContradiction`` is
    /// true it was rewritten, and the journal has the evidence. Whether to go on is for people to decide.
    ///
    /// A new replica with the same journal finds a contradiction of what was signed again, until
    /// ``MeetingHistory/acceptRestoration()`` is called. Not so ``HistoryError/shorter(seen:shown:)``: that the
    /// log had been longer was shown and not signed, and a new replica knows nothing of it.
    case history(HistoryError)
    /// What the server sends cannot be followed, as often as it was tried from a new snapshot.
    case cannotFollow(FollowFault)
}

extension ReplicaError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .refused(let error): "\(error)"
        case .history(let error): "\(error)"
        case .cannotFollow(let fault): "what the server sends cannot be followed: \(fault)"
        }
    }
}

/// Why a replica could not go on with what a channel brought. It begins anew, from a snapshot.
public enum FollowFault: Error, Hashable, Sendable {
    /// An event or a snapshot that does not fit what came before, or does not map.
    case follow(FollowError)
    /// The event is of another epoch than the state.
    case otherEpoch
    /// The snapshot is of another meeting, or says that another key signs its log.
    case otherLog
    /// The server failed, or sent what cannot be decoded.
    case call(RPCError)
}
