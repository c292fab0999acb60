import CabinetClient
import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetRPC

extension BallotPaperError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .call(let error): error.failure
        case .history(let error): error.failure
        case .journal(let error): error.failure
        case .notOpened: said(.refused, FailureReason.pollNotOpen.name)
        case .notOnRoll: said(.notPermitted, FailureReason.notOnRoll.name)
        case .keyNotOnRoll: said(.notPermitted, FailureReason.signingKeyNotOnRoll.name)
        case .logNameTooLong: said(.configuration, "LOG_NAME_TOO_LONG")
        case .malformed: said(.badData, "RESPONSE_MALFORMED")
        case .otherRoll: said(.badData, "ROLL_UNVERIFIED")
        case .receipt: said(.badData, "RECEIPT_UNVERIFIED")
        }
    }

    private func said(_ status: ExitStatus, _ reason: String) -> Failure {
        Failure(status, reason) { advice(in: $0) }
    }
}

extension CastError: FailureConvertible {
    var failure: Failure {
        switch self {
        case .noFurtherRevision: said(.refused, FailureReason.limitReached.name)
        case .signing: said(.configuration, "SIGNING_FAILED")
        case .notSent(let error): said(error.failure.status, error.failure.reason)
        case .unsettled(let ballot, _): said(.cannotWrite, "BALLOT_UNSETTLED", ballot)
        case .refused(let reason, let error): said(error.failure.status, reason.name)
        case .undelivered(let ballot, let error):
            if error.code == .cancelled {
                said(.interrupted, "BALLOT_UNDELIVERED", ballot)
            } else {
                // Where there was an answer, it was that of the server, and said nothing of the ballot.
                said(
                    error.failureReason == nil ? .unavailable : error.failure.status,
                    "BALLOT_UNDELIVERED",
                    ballot
                )
            }
        case .unproven(let ballot, _): said(.badData, "BALLOT_UNPROVEN", ballot)
        case .logNameTooLong: said(.configuration, "LOG_NAME_TOO_LONG")
        case .history(let ballot, let error):
            said(error.failure.status, error.failure.reason, ballot.statement.ballot)
        }
    }

    private func said(
        _ status: ExitStatus,
        _ reason: String,
        _ ballot: BallotID? = nil
    ) -> Failure {
        let id = ballot.map { JSONValue.Member("ballot_id", .string(Hexadecimal.text($0.bytes))) }
        return Failure(status, reason, attributes: [id].compactMap(\.self)) { advice(in: $0) }
    }
}
