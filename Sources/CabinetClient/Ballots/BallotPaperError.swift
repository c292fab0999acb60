public import CabinetMapping
public import CabinetRPC

/// Why there is nothing that a member could vote on.
public enum BallotPaperError: Error, Hashable, Sendable {
    /// The server did not answer, or refused.
    case call(RPCError)
    /// The server answered something that the schema does not allow.
    case malformed(InvalidField)
    /// The poll is a draft.
    case notOpened
    /// The roll that the server sent is not the one that the poll was opened with.
    case otherRoll
    /// The member may not vote in this poll.
    case notOnRoll
    /// The member may vote, and not with this key: it was not in the directory when the poll opened.
    case keyNotOnRoll
    /// The installation's name and the meeting's are together too long for a log's.
    case logNameTooLong
    /// The receipt of the ballot that counts proves nothing.
    case receipt(ReceiptProblem)
    /// The log of the meeting is not the one that this client saw before.
    case history(HistoryError)
    /// What this client has kept cannot be read or written.
    case journal(JournalError)
}

extension BallotPaperError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .call(let error): "\(error)"
        case .malformed(let field): "the server's answer is malformed: \(field)"
        case .notOpened: "the poll has not opened"
        case .otherRoll: "the roll that the server sent is not the one that the poll has"
        case .notOnRoll: "the member is not on the roll of the poll"
        case .keyNotOnRoll: "the signing key is not on the roll of the poll"
        case .logNameTooLong: "the names of installation and meeting are too long for a log's"
        case .receipt(let problem): "the ballot that counts: \(problem)"
        case .history(let error): "\(error)"
        case .journal(let error): "\(error)"
        }
    }
}
