internal import CabinetAPI
internal import CabinetCodec
internal import CabinetCrypto
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// What the services have in common: who calls, what is durable, and the way to the sequencer.
struct CallHandling: Sendable {
    let sequencer: Sequencer
    let callers: Callers
    let quota = PrincipalQuota()

    // MARK: - Reading

    /// What is durable of a meeting, for a caller who takes part in it or is an auditor.
    ///
    /// - Returns: The meeting, and the audience that sees what the caller may see.
    /// - Throws: INVALID_ARGUMENT / FIELD_INVALID, NOT_FOUND / MEETING_NOT_FOUND also where the caller
    ///   may not know of it, DATA_LOSS / LOG_DAMAGED for auditors and administrators.
    func view(
        of meetingID: String,
        for context: CallContext
    ) throws(RPCError) -> (view: MeetingView, audience: CabinetModel.Audience, caller: KnownCaller)
    {
        let caller = try callers.caller(of: context)
        let (view, audience) = try view(of: Self.meeting(meetingID), for: caller)
        return (view, audience, caller)
    }

    /// - Throws: NOT_FOUND / MEETING_NOT_FOUND, DATA_LOSS / LOG_DAMAGED, as ``view(of:for:)-(String,_)``.
    func view(
        of meeting: MeetingID,
        for caller: KnownCaller
    ) throws(RPCError) -> (view: MeetingView, audience: CabinetModel.Audience) {
        let isAuditor = caller.facts.roles.contains(.auditor)
        switch sequencer.views[meeting] {
        case .served(let view):
            if let audience = view.state.audience(of: caller.id) { return (view, audience) }
            // An auditor reads the ledger; of what is not in it yet for members it sees no more.
            if isAuditor { return (view, .members) }
            throw RPCError(Rejection.meetingNotFound)
        case .damaged(let damage):
            throw RPCError(damage, for: caller.facts.roles)
        case nil:
            throw RPCError(Rejection.meetingNotFound)
        }
    }

    /// Answers from what is durable of a meeting, as the caller may see it.
    ///
    /// - Throws: As ``view(of:for:)``, and what `answer` refuses.
    func read<Response>(
        _ meetingID: String,
        _ context: CallContext,
        _ answer: (CabinetModel.MeetingState, CabinetModel.Audience) throws(Rejection) -> Response
    ) throws(RPCError) -> Response {
        let (view, audience, _) = try view(of: meetingID, for: context)
        return try refusing { () throws(Rejection) in try answer(view.state, audience) }
    }

    /// - Throws: INVALID_ARGUMENT / FIELD_INVALID.
    static func meeting(_ text: String) throws(RPCError) -> MeetingID {
        try refusing { () throws(Rejection) in try MeetingID(requested: text) }
    }

    // MARK: - Commands

    /// Gives a command that is answered with where its entries are.
    func execute<Request: Message, Response: Message>(
        _ request: Request,
        _ context: CallContext,
        _ command: (Request) throws(Rejection) -> MeetingCommand,
        _ response: @escaping @Sendable (Commit?) -> Response
    ) async throws -> Response {
        try await execute(
            request,
            context,
            by: { (_) throws(Rejection) in try command(request) },
            answering: { entries, _ in response(Commit(entries)) }
        )
    }

    /// Gives a command that is answered with what its entries say.
    func execute<Request: Message, Response: Message>(
        _ request: Request,
        _ context: CallContext,
        _ command: (Request) throws(Rejection) -> MeetingCommand,
        _ response: @escaping @Sendable ([Entry]) -> Response
    ) async throws -> Response {
        try await execute(
            request,
            context,
            by: { (_) throws(Rejection) in try command(request) },
            answering: { entries, _ in response(entries) }
        )
    }

    /// Gives a command to the sequencer, and waits until it is durable.
    ///
    /// - Parameters:
    ///   - command: Maps the request for its caller.
    ///   - response: Made of the entries, and of the state after them.
    /// - Throws: `RPCError` where the command is refused.
    func execute<Request: Message, Response: Message>(
        _ request: Request,
        _ context: CallContext,
        by command: (KnownCaller) throws(Rejection) -> MeetingCommand,
        answering response: @escaping @Sendable ([Entry], CabinetModel.MeetingState) -> Response
    ) async throws -> Response {
        let known = try callers.caller(of: context)
        let caller = try known.commanding(context)
        let mapped = try refusing { () throws(Rejection) in try command(known) }
        return try await submit(request, caller, context) { continuation, call in
            .command(
                CommandOrder(call: call, command: mapped) { entries, state in
                    Self.response(response(entries, state), continuation)
                }
            )
        }
    }

    /// Gives a change of the directory to the sequencer, and waits until it is durable.
    ///
    /// - Parameter response: Made of the principal as it has become.
    /// - Throws: `RPCError` where the change is refused.
    func execute<Request: Message, Response: Message>(
        _ request: Request,
        _ context: CallContext,
        _ command: DirectoryCommand,
        answering response: @escaping @Sendable (CabinetModel.Principal) -> Response
    ) async throws -> Response {
        let caller = try callers.caller(of: context).commanding(context)
        return try await submit(request, caller, context) { continuation, call in
            .directory(
                DirectoryOrder(call: call, command: command) { principal in
                    Self.response(response(principal), continuation)
                }
            )
        }
    }

    private func submit<Response: Message>(
        _ request: some Message,
        _ caller: Caller,
        _ context: CallContext,
        _ order: (CheckedContinuation<Response, any Error>, KeyedCall) -> Order
    ) async throws -> Response {
        try quota.take(caller.id)
        defer { quota.release(caller.id) }
        let serialized = request.serialized()
        let digest = SHA256.digest(of: Array(context.method.name.utf8) + [0], serialized)
        return try await withCheckedThrowingContinuation { continuation in
            let call = KeyedCall(
                caller: caller,
                requestDigest: digest.bytes,
                beginEffect: { () throws(RPCError) in try context.beginEffect() },
                replay: { continuation.resume(with: Self.decoded($0)) },
                fail: { continuation.resume(throwing: $0) }
            )
            sequencer.submit(order(continuation, call), byteCount: serialized.count)
        }
    }

    private static func response<Response: Message>(
        _ message: Response,
        _ continuation: CheckedContinuation<Response, any Error>
    ) -> KeyedCall.Response {
        KeyedCall.Response(
            serialized: message.serialized(),
            deliver: { continuation.resume(returning: message) }
        )
    }

    /// A response that was stored.
    private static func decoded<Response: Message>(
        _ bytes: [UInt8]
    ) -> Result<Response, any Error> {
        Result {
            do {
                return try Response(serialized: bytes)
            } catch {
                throw RPCError(.internal, "the stored outcome cannot be read: \(error)")
            }
        }
    }

    // MARK: - Questions

    /// Asks the sequencer what takes the tree or an entry.
    func ask<Value: Sendable>(
        _ meeting: MeetingID,
        by caller: KnownCaller,
        _ answer: @escaping @Sendable (MeetingLog, EntryReading) throws(QueryFailure) -> Value
    ) async throws -> Value {
        try quota.take(caller.id)
        defer { quota.release(caller.id) }
        return try await withCheckedThrowingContinuation { continuation in
            let order = QueryOrder(
                meeting: meeting,
                answer: { (log, store) throws(QueryFailure) in
                    continuation.resume(returning: try answer(log, EntryReading(store, log)))
                },
                fail: { continuation.resume(throwing: $0) }
            )
            sequencer.submit(.query(order), byteCount: 0)
        }
    }
}

/// What is refused, as the caller is told.
func refusing<Value>(_ body: () throws(Rejection) -> Value) throws(RPCError) -> Value {
    do {
        return try body()
    } catch {
        throw RPCError(error)
    }
}
