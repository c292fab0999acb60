public import CabinetCrypto
public import CabinetMapping
public import CabinetModel
public import CabinetRPC

/// Why a member cannot be told that it has voted. What is known of the ballot then, each case says.
public enum CastError: Error, Hashable, Sendable {
    /// Nothing was sent: the poll takes no further ballot of the member, as its revisions are used up.
    case noFurtherRevision
    /// Nothing was sent: the member's signature could not be had.
    case signing(SigningError)
    /// Nothing was sent: the ballot could not be kept. ``JournalError/Kind/pending`` says that it is not
    /// known yet whether an earlier ballot in the same poll counts; ``VotingClient/deliverPending()`` finds
    /// out.
    case notSent(JournalError)
    /// The ballot may have been sent, and what became of it could not be kept: it is pending in the journal,
    /// and ``VotingClient/deliverPending()`` asks again.
    case unsettled(BallotID, JournalError)
    /// The server says that it refuses the ballot. The error's details may hold the poll as it is by now.
    /// Where the ballot is found to count all the same, ``VotingClient/ballotPaper(of:in:)`` keeps that as
    /// evidence.
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
    /// that this client saw before, or could not be compared with it.
    case history(ProvenBallot, HistoryError)
}

extension CastError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .noFurtherRevision: "the poll takes no further ballot of the member"
        case .signing(let error): "the ballot was not signed: \(error)"
        case .notSent(let error): "the ballot was not sent: \(error)"
        case .unsettled(_, let error): "what became of the ballot was not kept: \(error)"
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
    /// Whether it says that the ballot is not in the log: the rules for ballots refused it.
    ///
    /// What else fails says nothing of the ballot: who carries it may be shut out of the meeting, or the
    /// log be damaged for the moment, with the ballot in it.
    var refusesBallot: Bool {
        switch self {
        case .fieldInvalid, .idempotencyKeyReused, .meetingAdjourned, .meetingNotOpen,
            .pollNotOpen, .notCheckedIn, .statementInvalid, .ballotIDMismatch,
            .certificateInvalid, .signatureInvalid, .notOnRoll, .signingKeyNotOnRoll,
            .signingKeyRevoked, .motionDigestMismatch, .rollDigestMismatch, .ballotNotRevocable,
            .revisionStale, .limitReached, .chairSignatureRequired, .tieNotPending:
            true
        case .principalUnknown, .roleRequired, .pageTokenInvalid, .idempotencyKeyRequired,
            .meetingNotFound, .logDamaged, .logUnreadable, .principalNotFound, .principalChanged,
            .certificateExists, .certificateNotFound, .meetingExists, .meetingNotScheduled,
            .meetingNotInRecess, .chairRequired, .quorumNotMet, .participantNotFound,
            .participantInUse, .checkedIn, .agendaItemNotFound, .agendaItemInUse, .pollNotFound,
            .pollExists, .pollRuleInvalid, .pollNotDraft, .pollNotHeld, .pollInProgress,
            .pollFinished, .pollNotDecided, .entryNotFound, .beyondLog,
            .administratorRequired:
            false
        }
    }
}
