public import CabinetLedger
public import CabinetRPC

/// Why a log is not shown to be the one that was seen before.
public enum HistoryError: Error, Hashable, Sendable {
    /// The server did not answer, or refused: nothing is known.
    case call(RPCError)
    /// The checkpoint of the answer is none.
    case malformedCheckpoint(CheckpointFormatError)
    /// The checkpoint of the answer is not this log's.
    case untrustedCheckpoint(CheckpointVerificationError)
    /// The server says that the log has fewer entries than it had signed once: `kept` is signed.
    case lost(kept: SignedCheckpoint)
    /// The log has signed two histories, of which neither goes on from the other. Both together prove it.
    case rewritten(kept: SignedCheckpoint, shown: SignedCheckpoint, CheckpointExtensionError)
    /// The log has signed a state with fewer entries than it is known to have had: events of them were
    /// shown. `shown` is signed.
    case shorter(seen: UInt64, shown: SignedCheckpoint)
    /// What this client has kept cannot be read or written.
    case journal(JournalError)
    /// The installation's name and the meeting's are together too long for a log's.
    case logNameTooLong

    /// Whether the log contradicts what was seen of it: it lost or changed what it had, and is not to be
    /// followed.
    public var isContradiction: Bool {
        switch self {
        case .lost, .rewritten, .shorter: true
        case .call, .malformedCheckpoint, .untrustedCheckpoint, .journal, .logNameTooLong: false
        }
    }
}

extension HistoryError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .call(let error): "the log could not be compared with what was seen: \(error)"
        case .malformedCheckpoint(let error): "the log could not be compared: \(error)"
        case .untrustedCheckpoint(let error): "the log could not be compared: \(error)"
        case .lost(let kept):
            "the log has lost entries: it had \(kept.unverified.treeSize) and has fewer"
        case .rewritten(let kept, let shown, let error):
            "the log was rewritten between \(kept.unverified.treeSize) and "
                + "\(shown.unverified.treeSize) entries: \(error)"
        case .shorter(let seen, let shown):
            "the log has lost entries: it had \(seen) and has \(shown.unverified.treeSize)"
        case .journal(let error): "\(error)"
        case .logNameTooLong: "the names of installation and meeting are too long for a log's"
        }
    }
}
