internal import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

/// Something that the sequencer is asked for, and whom it tells what became of it.
///
/// The closures that tell are called on the sequencer's thread, after everything that the answer says is
/// durable. They only hand the answer on: while one runs, all meetings wait.
enum Order: Sendable {
    case command(CommandOrder)
    case directory(DirectoryOrder)
    case ballot(BallotOrder)
    case query(QueryOrder)

    /// Answers that nothing is known of what was asked for.
    func fail(_ error: RPCError) {
        switch self {
        case .command(let order): order.call.fail(error)
        case .directory(let order): order.call.fail(error)
        case .ballot(let order): order.fail(error)
        case .query(let order): order.fail(error)
        }
    }
}

/// A call whose outcome is stored under its key, for whoever sends it again.
struct KeyedCall: Sendable {
    /// A response that waits for the commit.
    struct Response: Sendable {
        /// What is stored as the outcome.
        let serialized: [UInt8]
        /// Hands it to the caller.
        let deliver: @Sendable () -> Void
    }

    let caller: Caller
    /// SHA-256 of the method's name and the request.
    let requestDigest: [UInt8]
    /// ``CabinetRPC/CallContext/beginEffect()`` of the call.
    let beginEffect: @Sendable () throws(RPCError) -> Void
    /// Takes the response that was stored when the call came first.
    let replay: @Sendable ([UInt8]) -> Void
    let fail: @Sendable (RPCError) -> Void
}

/// A command that is no ballot.
struct CommandOrder: Sendable {
    let call: KeyedCall
    let command: MeetingCommand
    /// Makes the response of the entries, and of the state after them.
    let response: @Sendable ([Entry], MeetingState) -> KeyedCall.Response
}

/// A change of the directory.
struct DirectoryOrder: Sendable {
    let call: KeyedCall
    let command: DirectoryCommand
    /// Makes the response of the principal as it has become.
    let response: @Sendable (Principal) -> KeyedCall.Response
}

/// A signed ballot or tie choice. The log itself is the memory of its outcome: it has the ballot's id.
struct BallotOrder: Sendable {
    struct Outcome: Sendable {
        /// Under the newest checkpoint.
        let receipt: Receipt
        /// Of a tie that was decided.
        let verdict: Verdict?
    }

    let ballot: VerifiedBallot
    /// Casts it, or decides a tie with it.
    let command: MeetingCommand
    let caller: Caller
    let beginEffect: @Sendable () throws(RPCError) -> Void
    let succeed: @Sendable (Outcome) -> Void
    let fail: @Sendable (RPCError) -> Void
}

/// A question that only the sequencer can answer, because it takes the tree or an entry.
struct QueryOrder: Sendable {
    let meeting: MeetingID
    /// Answers it from what is durable. It calls neither of the two where it throws.
    let answer: @Sendable (MeetingLog, any EventStore) throws(QueryFailure) -> Void
    let fail: @Sendable (RPCError) -> Void
}

/// Why a question was not answered.
enum QueryFailure: Error {
    /// The caller is told.
    case refused(RPCError)
    /// The store cannot be read: the server must not go on.
    case store(StoreError)
}
