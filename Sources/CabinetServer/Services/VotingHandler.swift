internal import CabinetAPI
internal import CabinetCodec
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC

/// Serves `cabinet.v1.VotingService`.
struct VotingHandler: VotingService.Handler {
    let calls: CallHandling
    let verification: BallotVerification

    // MARK: - Reading

    func getPoll(
        _ request: GetPollRequest,
        context: CallContext
    ) async throws -> GetPollResponse {
        try calls.read(request.meetingID, context) { (state, audience) throws(Rejection) in
            try GetPollResponse(request, of: state, for: audience)
        }
    }

    func listPolls(
        _ request: ListPollsRequest,
        context: CallContext
    ) async throws -> ListPollsResponse {
        let (view, audience, _) = try calls.view(of: request.meetingID, for: context)
        return try ListPollsResponse(request, of: view.state, for: audience)
    }

    func getRoll(
        _ request: GetRollRequest,
        context: CallContext
    ) async throws -> GetRollResponse {
        try calls.read(request.meetingID, context) { (state, audience) throws(Rejection) in
            try GetRollResponse(request, of: state, for: audience)
        }
    }

    func getRollCall(
        _ request: GetRollCallRequest,
        context: CallContext
    ) async throws -> GetRollCallResponse {
        try calls.read(request.meetingID, context) { (state, audience) throws(Rejection) in
            try GetRollCallResponse(request, of: state, for: audience)
        }
    }

    // MARK: - The life of a poll

    func createPoll(
        _ request: CreatePollRequest,
        context: CallContext
    ) async throws -> CreatePollResponse {
        try await calls.execute(request, context, MeetingCommand.init, CreatePollResponse.init)
    }

    func openPoll(
        _ request: OpenPollRequest,
        context: CallContext
    ) async throws -> OpenPollResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            OpenPollResponse.init(commit:)
        )
    }

    func holdPoll(
        _ request: HoldPollRequest,
        context: CallContext
    ) async throws -> HoldPollResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            HoldPollResponse.init(commit:)
        )
    }

    func resumePoll(
        _ request: ResumePollRequest,
        context: CallContext
    ) async throws -> ResumePollResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            ResumePollResponse.init(commit:)
        )
    }

    func closePoll(
        _ request: ClosePollRequest,
        context: CallContext
    ) async throws -> ClosePollResponse {
        try await calls.execute(request, context, MeetingCommand.init, ClosePollResponse.init)
    }

    func voidPoll(
        _ request: VoidPollRequest,
        context: CallContext
    ) async throws -> VoidPollResponse {
        try await calls.execute(
            request,
            context,
            MeetingCommand.init,
            VoidPollResponse.init(commit:)
        )
    }

    // MARK: - Ballots

    func castBallot(
        _ request: CastBallotRequest,
        context: CallContext
    ) async throws -> CastBallotResponse {
        let outcome = try await carry(request, context) {
            (key, certificates) throws(Rejection) in
            try MeetingCommand(
                request,
                commandKey: key,
                parseCertificate: certificates.certificate
            )
        }
        return CastBallotResponse(receipt: Receipt(outcome.receipt))
    }

    func decideTie(
        _ request: DecideTieRequest,
        context: CallContext
    ) async throws -> DecideTieResponse {
        let outcome = try await carry(request, context) {
            (key, certificates) throws(Rejection) in
            try MeetingCommand(
                request,
                commandKey: key,
                parseCertificate: certificates.certificate
            )
        }
        return DecideTieResponse(
            receipt: Receipt(outcome.receipt),
            verdict: outcome.verdict.map(Verdict.init)
        )
    }

    /// Has a ballot verified and then entered into the log, and waits until it is durable.
    private func carry(
        _ request: some Message,
        _ context: CallContext,
        _ verify:
            @escaping @Sendable (
                CommandKey, CertificateCache
            ) throws(Rejection) -> MeetingCommand
    ) async throws -> BallotOrder.Outcome {
        let caller = try calls.callers.caller(of: context).commanding(context)
        try calls.quota.take(caller.id)
        defer { calls.quota.release(caller.id) }
        return try await withCheckedThrowingContinuation { continuation in
            verification.submit(
                { (certificates) throws(Rejection) in
                    try verify(caller.commandKey, certificates)
                },
                order: { command, ballot in
                    BallotOrder(
                        ballot: ballot,
                        command: command,
                        caller: caller,
                        beginEffect: { () throws(RPCError) in try context.beginEffect() },
                        succeed: { continuation.resume(returning: $0) },
                        fail: { continuation.resume(throwing: $0) }
                    )
                },
                refused: { continuation.resume(throwing: $0) }
            )
        }
    }
}
