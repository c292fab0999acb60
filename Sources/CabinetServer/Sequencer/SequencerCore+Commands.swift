internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetStore

// Commands that are no ballots.

extension SequencerCore {
    func take(_ order: CommandOrder, at now: Moment) throws(StoreError) {
        try once(order.call) { () throws(RPCError) in
            let log = try log(for: order)
            guard !isBallot(order.call.caller.commandKey, of: log) else {
                throw RPCError(.idempotencyKeyReused)
            }
            let entries = try decide(
                withValidKeys(order.command.command, at: now),
                by: try present(order.call.caller, at: now),
                in: log,
                at: now
            )
            guard !entries.isEmpty else {
                // No command of a principal leads to nothing.
                throw RPCError(.internal, "the command led to no entry")
            }
            try order.call.beginEffect()
            try appendOrRefuse(entries, to: log)
            logs[log.id] = log
            return order.response(entries, log.state)
        }
    }

    /// The command as the directory has its keys now: it was made of the directory as it was when the
    /// call came, and a key may have been revoked meanwhile.
    private func withValidKeys(_ command: Command, at now: Moment) -> Command {
        guard case .admitParticipants(let participants) = command else { return command }
        return .admitParticipants(
            participants.map { participant in
                let valid = directory.principals[participant.id]?.signingKeys(at: now)
                return participant.removingKeys { valid?.contains($0) != true }
            }
        )
    }

    /// A caller as the directory has it now: it may have been shut out since its call came, or have
    /// other roles.
    ///
    /// - Throws: UNAUTHENTICATED / PRINCIPAL_UNKNOWN.
    func present(_ caller: Caller, at now: Moment) throws(RPCError) -> Caller {
        guard let principal = directory.principal(authenticatedBy: caller.transportKey, at: now),
            principal.id == caller.id
        else { throw RPCError(.principalUnknown) }
        return Caller(
            caller.id,
            transportKey: caller.transportKey,
            commandKey: caller.commandKey,
            directoryRoles: principal.roles
        )
    }

    /// Answers a call with the outcome that is stored under its key. Where there is none, has it done, and
    /// its response stored.
    func once(
        _ call: KeyedCall,
        _ perform: () throws(RPCError) -> KeyedCall.Response
    ) throws(StoreError) {
        let key = OutcomeKey(principal: call.caller.id.text, key: call.caller.commandKey.bytes)
        if let outcome = try outcome(key) {
            guard outcome.requestDigest == call.requestDigest else {
                return refuse(call.fail, RPCError(.idempotencyKeyReused))
            }
            return batch.answers.append(.give { call.replay(outcome.response) })
        }
        do throws(RPCError) {
            let response = try perform()
            batch.outcomes[key] = StoredOutcome(
                key: key,
                requestDigest: call.requestDigest,
                response: response.serialized
            )
            batch.answers.append(.give(response.deliver))
        } catch {
            refuse(call.fail, error)
        }
    }

    /// What became of a command that was given before, in this batch or an earlier one.
    func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome? {
        if let outcome = batch.outcomes[key] { return outcome }
        return try store.outcome(key)
    }

    func isBallot(_ key: CommandKey, of log: MeetingLog) -> Bool {
        guard let id = try? BallotID(key.bytes) else { return false }
        return log.ballots[id] != nil
    }

    /// The log that a command is for: a new one, which is not kept yet, where it schedules a meeting.
    func log(for order: CommandOrder) throws(RPCError) -> MeetingLog {
        guard case .scheduleMeeting = order.command.command else {
            return try served(order.command.meeting, for: order.call.caller.directoryRoles)
        }
        if let log = logs[order.command.meeting] { return log }
        // A damaged log has the identifier, too.
        guard views[order.command.meeting] == nil else { throw RPCError(Rejection.meetingExists) }
        guard logs.count < limits.meetings else {
            throw RPCError(
                .limitReached,
                attributes: ["limit": "meetings", "maximum": String(limits.meetings)]
            )
        }
        return MeetingLog(order.command.meeting)
    }
}
