import CabinetAPI
import CabinetCodec
import CabinetLedger
import CabinetMapping
import CabinetModel
import CabinetRPC

/// A member at its device. It casts ballots, and believes nothing but a receipt that it has verified.
struct Voter: Sendable {
    /// Why a receipt is none for the ballot that was cast.
    struct WrongReceipt: Error, CustomStringConvertible {
        let description: String
    }

    let person: Person
    let client: RPCClient
    /// Of all members of the load.
    let checkpoints: CheckpointMemory

    /// Makes a ballot, signs it and casts it.
    ///
    /// - Returns: The proof that this very ballot is in the log, which has been verified.
    /// - Throws: `RPCError` where the server refuses it or does not answer, and otherwise what is wrong with
    ///   the receipt.
    func cast(
        _ choice: CabinetModel.Choice,
        _ revision: Revision,
        _ id: BallotID,
        in poll: OpenPoll
    ) async throws -> CabinetLedger.Receipt {
        try await send(try await person.sign(choice, revision, id, in: poll), id, in: poll)
    }

    /// Casts a ballot that is signed.
    ///
    /// - Parameter answered: Told the index of the ballot's entry when the answer has come, before the receipt
    ///   is verified.
    /// - Returns: The proof that this very ballot is in the log, which has been verified.
    /// - Throws: As ``cast(_:_:_:in:)``.
    func send(
        _ ballot: SignedBallot,
        _ id: BallotID,
        in poll: OpenPoll,
        answered: (UInt64) -> Void = { _ in }
    ) async throws -> CabinetLedger.Receipt {
        let response = try await VotingService.Client(client).castBallot(
            CastBallotRequest(ballot: ballot),
            options: CallOptions(idempotencyKey: IdempotencyKey(id.bytes))
        )
        answered(response.receipt?.index ?? 0)
        guard let message = response.receipt else {
            throw WrongReceipt(description: "the response has no receipt")
        }
        let receipt = try CabinetLedger.Receipt(message)
        let checkpoint = try checkpoints.verified(receipt.checkpoint, poll.log)
        try receipt.inclusionProof.verify(
            LeafHash(entry: receipt.entry),
            in: checkpoint.checkpoint.rootHash
        )
        try Self.check(receipt, isOf: ballot, id)
        return receipt
    }

    private static func check(
        _ receipt: CabinetLedger.Receipt,
        isOf ballot: SignedBallot,
        _ id: BallotID
    ) throws {
        let entry = try LedgerEntry(serialized: receipt.entry)
        guard entry.index == receipt.index, entry.commandKey == id.bytes,
            case .ballotCast(let cast) = entry.body, cast.ballot == ballot
        else { throw WrongReceipt(description: "the receipt is not that of the ballot") }
    }
}

extension Person {
    /// Signs a ballot of its own.
    ///
    /// - Precondition: It is a member.
    func sign(
        _ choice: CabinetModel.Choice,
        _ revision: Revision,
        _ id: BallotID,
        in poll: OpenPoll
    ) async throws -> SignedBallot {
        guard let signature else { preconditionFailure("\(self.id) does not vote") }
        let unsigned = UnsignedBallot(
            CabinetModel.BallotStatement(
                ballot: id,
                meeting: poll.meeting,
                poll: poll.poll,
                member: try PrincipalID(self.id),
                purpose: .vote(choice, revision),
                motionDigest: poll.motionDigest,
                rollDigest: poll.rollDigest
            )
        )
        return try await unsigned.signed(by: signature.key, certificate: signature.certificate)
    }
}
