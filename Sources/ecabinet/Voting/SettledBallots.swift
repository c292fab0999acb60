import CabinetClient
import CabinetClientTexts
import CabinetModel
import CabinetTexts

/// A ballot of before of which nothing was known, and what became of it now.
struct SettledBallot: Sendable {
    let id: BallotID
    let result: Result<ProvenBallot, CastError>

    var json: JSONValue {
        switch result {
        case .success(let ballot): .object([.init("state", .string("COUNTED"))] + ballot.members)
        case .failure(let error):
            .object([
                .init("state", .string(error.isRefusal ? "REFUSED" : "PENDING")),
                .init("receipt_id", .string(Hexadecimal.text(id.bytes))),
                .init("reason", .string(error.failure.reason)),
            ])
        }
    }

    /// For people.
    var phrase: Phrase {
        let name = Hexadecimal.text(id.bytes)
        switch result {
        case .success(let ballot):
            let purpose = ballot.statement.purpose
            return Phrase(
                "the earlier ballot in \(ballot.statement.poll) counts: "
                    + purpose.text(in: .english) + " (\(name))",
                vi: "phiếu trước đó trong \(ballot.statement.poll) được tính: "
                    + purpose.text(in: .vietnamese) + " (\(name))"
            )
        case .failure(let error):
            return Phrase(
                "the earlier ballot \(name): \(error.advice(in: .english).happened)",
                vi: "phiếu trước đó \(name): \(error.advice(in: .vietnamese).happened)"
            )
        }
    }
}

extension CastError {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}

extension VotingClient {
    /// Sends again every ballot of which nothing is known.
    ///
    /// - Throws: `CastError` of the first that is neither in the log nor refused now: nothing else should be
    ///   signed before that is known.
    func settlePending() async throws -> [SettledBallot] {
        let settled = try await deliverPending().map { SettledBallot(id: $0.0, result: $0.1) }
        for ballot in settled {
            if case .failure(let error) = ballot.result, !error.isRefusal { throw error }
        }
        return settled
    }
}
