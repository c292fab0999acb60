import CabinetClient
import CabinetClientTexts
import CabinetMapping
import CabinetModel
import CabinetRPC
import CabinetTexts

/// A ballot of before of which nothing was known, and what became of it now.
struct SettledBallot: Sendable {
    let id: BallotID
    /// What it is about; `nil` where the journal does not say it any more.
    let statement: BallotStatement?
    let result: Result<ProvenBallot, CastError>

    /// Whether the server has answered, and said nothing of the ballot: that it does not know the meeting, for
    /// example. It stays in the journal, and keeps nobody from voting in another poll.
    var isStuck: Bool {
        guard case .failure(.undelivered(_, let error)) = result else { return false }
        return error.failureReason != nil
    }

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
            let place = statement.map { "\($0.meeting)/\($0.poll), " } ?? ""
            return Phrase(
                "the earlier ballot (\(place)\(name)): \(error.advice(in: .english).happened)",
                vi: "phiếu trước đó (\(place)\(name)): \(error.advice(in: .vietnamese).happened)"
            )
        }
    }
}

extension CastError {
    fileprivate var isRefusal: Bool {
        if case .refused = self { true } else { false }
    }
}

extension Session.Member {
    /// Sends again every ballot of which nothing is known.
    ///
    /// - Returns: What became of each. The log has them, or the server refused them, or they are stuck
    ///   (``SettledBallot/isStuck``).
    /// - Throws: `CastError` of the first of which there is no answer, or a false one: nothing else should be
    ///   signed before that is known.
    func settlePending() async throws -> [SettledBallot] {
        let pending = try await journal.pendingBallots().map { ($0.statement.ballot, $0.statement) }
        let statements = Dictionary(pending, uniquingKeysWith: { first, _ in first })
        let settled = try await voting.deliverPending().map {
            SettledBallot(id: $0.0, statement: statements[$0.0], result: $0.1)
        }
        for ballot in settled where !ballot.isStuck {
            if case .failure(let error) = ballot.result, !error.isRefusal { throw error }
        }
        return settled
    }
}
