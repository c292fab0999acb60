public import CabinetCrypto
public import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// Why a member cannot be told that it has voted. What is known of the ballot then, each case says.
public enum CastError: Error, Hashable, Sendable {
    /// Nothing was sent: the poll takes no further ballot of the member, as its revisions are used up.
    case noFurtherRevision
    /// Nothing was sent: it is not known yet whether an earlier ballot in the same poll counts.
    /// ``VotingClient/deliverPending()`` finds out.
    case pending(BallotID)
    /// Nothing was sent: the member's signature could not be had.
    case signing(SigningError)
    /// The journal failed. Nothing was sent where it failed before; otherwise the ballot is as it says
    /// afterwards.
    case journal(JournalError)
    /// The server refused the ballot. It does not count. The error's details may hold the poll as it is
    /// by now.
    case refused(FailureReason, RPCError)
    /// The ballot was sent, or the attempt was made, and there was no answer. It may count. It is in the
    /// journal, and ``VotingClient/deliverPending()`` sends the same ballot again.
    case undelivered(BallotID, RPCError)
    /// The server answered with something that proves nothing. The ballot may count; it is in the journal,
    /// with the answer.
    case unproven(BallotID, ReceiptProblem)
    /// The installation's name and the meeting's are together too long for a log's.
    case logNameTooLong
    /// The receipt was verified: the ballot is in the log that the server showed. That log is not the one
    /// that this client saw before.
    case history(BallotID, HistoryError)
}

extension CastError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noFurtherRevision: "the poll takes no further ballot of the member"
        case .pending:
            "it is not known yet whether the ballot before this one counts: deliver that first"
        case .signing(let error): "the ballot was not signed: \(error)"
        case .journal(let error): "\(error)"
        case .refused(_, let error): "the ballot was refused: \(error)"
        case .undelivered(_, let error):
            "it is not known whether the ballot counts, and it will be sent again: \(error)"
        case .unproven(_, let problem):
            "it is not proven that the ballot counts: \(problem)"
        case .logNameTooLong: "the names of installation and meeting are too long for a log's"
        case .history(_, let error): "\(error)"
        }
    }
}

extension FailureReason {
    /// Whether it says that the ballot is not in the log: the meeting, or the rules for ballots, refused
    /// it. What else fails says nothing of the ballot, which the same server, or another carrier, may take
    /// later.
    var refusesBallot: Bool {
        switch self {
        case .fieldInvalid, .idempotencyKeyReused, .meetingNotFound, .meetingAdjourned,
            .meetingNotOpen, .participantNotFound, .pollNotFound, .pollNotOpen, .notCheckedIn,
            .statementInvalid, .ballotIDMismatch, .certificateInvalid, .signatureInvalid,
            .notOnRoll, .signingKeyNotOnRoll, .signingKeyRevoked, .motionDigestMismatch,
            .rollDigestMismatch, .ballotNotRevocable, .revisionStale, .limitReached,
            .chairSignatureRequired, .tieNotPending:
            true
        default:
            false
        }
    }
}
