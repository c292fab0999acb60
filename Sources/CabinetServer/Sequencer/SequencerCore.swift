public import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
public import CabinetStore

/// Why the sequencer stopped for good. Nothing was acknowledged that may not be stored.
public enum SequencerFailure: Error, Sendable {
    case store(StoreError)
    case signing(NoteSigningError)
}

extension SequencerFailure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .store(let error): "\(error)"
        case .signing(let error): "a checkpoint could not be signed: \(error)"
        }
    }
}

/// The single writer of all meetings, without its thread and its queue.
///
/// Orders come in batches. Each command is decided against the state that the commands before it lead
/// to, in the same batch or before; then all entries are stored with one commit, and only then is anything
/// answered. What is decided for a batch that cannot be stored dies with the process.
///
/// It is used by one thread at a time.
final class SequencerCore {
    /// What the logs may grow to. An insider could otherwise fill memory and disk.
    struct Limits {
        /// Meetings of the installation, those that are over included: weekly sessions of two centuries.
        /// All are served from memory.
        var meetings = 10_000
        /// Entries of a log. A session of 600 members with 200 polls has 150,000. The server's own
        /// entries, such as the close of a poll, are not refused.
        var entriesOfLog: UInt64 = 1_000_000
    }

    let views: MeetingViews
    /// When the next timer of a poll runs out; `nil` where none runs.
    var nextDeadline: Moment? { deadlines.values.min() }

    /// Orders of the last batch that have been answered.
    private(set) var answeredCount = 0

    private let store: any EventStore
    private let identity: LogIdentity
    private let limits: Limits
    private var logs: [MeetingID: MeetingLog] = [:]
    private var deadlines: [MeetingID: Moment] = [:]
    private var coding = EntryCoding()
    private var batch = Batch()

    /// What a batch has led to so far.
    private struct Batch {
        /// Logs with new entries, each once.
        var touched: [MeetingLog] = []
        var outcomes: [OutcomeKey: StoredOutcome] = [:]
        /// One for each order, called in order when everything is stored.
        var answers: [Answer] = []
    }

    /// What is done for an order when everything is stored.
    private enum Answer {
        /// Hands on what is known.
        case give(() -> Void)
        /// Proves once more that a ballot is in the log.
        case receipt(BallotOrder, MeetingLog, index: UInt64)
        case query(QueryOrder)
    }

    /// Reads all logs of a store.
    ///
    /// - Parameter report: Is told of each log that is damaged, and so not served.
    /// - Throws: `StoreError` where the store cannot be read.
    init(
        _ store: any EventStore,
        identity: LogIdentity,
        limits: Limits = Limits(),
        report: (LogID, LogDamage) -> Void
    ) throws(StoreError) {
        self.store = store
        self.identity = identity
        self.limits = limits
        var findings: [MeetingID: MeetingViews.Finding] = [:]
        for stored in try store.logs() {
            guard let id = try? MeetingID(stored.id.text) else {
                report(stored.id, LogDamage(index: nil, explanation: "its name is no identifier"))
                continue
            }
            switch try Self.open(id, stored, store, identity) {
            case .success(let log):
                logs[id] = log
                deadlines[id] = log.state.nextDeadline
                findings[id] = log.checkpoint.map {
                    .served(MeetingView(state: log.state, checkpoint: $0))
                }
            case .failure(let damage):
                report(stored.id, damage)
                findings[id] = .damaged(damage)
            }
        }
        views = MeetingViews(findings)
    }

    private static func open(
        _ id: MeetingID,
        _ stored: StoredLog,
        _ store: any EventStore,
        _ identity: LogIdentity
    ) throws(StoreError) -> Result<MeetingLog, LogDamage> {
        try MeetingLogReplay.read(stored, from: store).flatMap { replayed in
            guard let signer = identity.signer(of: replayed.opening) else {
                return .failure(
                    LogDamage(
                        index: 0,
                        explanation: "the log was begun with another log key than the server's"
                    )
                )
            }
            return .success(MeetingLog(id, replayed: replayed, signer: signer))
        }
    }

    // MARK: - A batch

    /// Takes orders, and closes the polls whose time is over, in one commit. When it returns, everything
    /// that the answers say is durable, and all of them have been given.
    ///
    /// - Throws: ``SequencerFailure``. The first ``answeredCount`` orders have been answered, the others
    ///   have not, and the core must not be used any more.
    func process(_ orders: [Order], at now: Moment) throws(SequencerFailure) {
        batch = Batch()
        answeredCount = 0
        do throws(StoreError) {
            closePollsInTime(now)
            for order in orders { try take(order, at: now) }
        } catch {
            throw .store(error)
        }
        try commit()
        do throws(StoreError) {
            for answer in batch.answers {
                try give(answer)
                answeredCount += 1
            }
        } catch {
            throw .store(error)
        }
        batch = Batch()
    }

    private func commit() throws(SequencerFailure) {
        guard !batch.touched.isEmpty else { return }
        var stored = StoreBatch()
        do throws(NoteSigningError) {
            for log in batch.touched { stored.appends.append(try log.sealed()) }
        } catch {
            throw .signing(error)
        }
        stored.outcomes = Array(batch.outcomes.values)
        do throws(StoreError) {
            try store.commit(stored)
        } catch {
            throw .store(error)
        }
        for log in batch.touched {
            log.forgetPending()
            deadlines[log.id] = log.state.nextDeadline
        }
        views.publish(batch.touched)
    }

    private func take(_ order: Order, at now: Moment) throws(StoreError) {
        switch order {
        case .command(let order): try take(order, at: now)
        case .ballot(let order): try take(order, at: now)
        case .query(let order): batch.answers.append(.query(order))
        }
    }

    private func give(_ answer: Answer) throws(StoreError) {
        switch answer {
        case .give(let give): give()
        case .receipt(let order, let log, let index):
            try answerAgain(order, in: log, at: index)
        case .query(let order): try self.answer(order)
        }
    }

    private func refuse(_ fail: @escaping (RPCError) -> Void, _ error: RPCError) {
        batch.answers.append(.give { fail(error) })
    }

    // MARK: - Timers

    private func closePollsInTime(_ now: Moment) {
        for (id, deadline) in deadlines {
            guard let log = logs[id], deadline <= log.state.entryTime(at: now),
                let poll = log.state.proceedings.pollInProgress?.id
            else { continue }
            let entries = try? log.state.commit(.timeIsUp(poll), by: .server, at: now)
            guard let entries, !entries.isEmpty else { continue }
            do {
                try append(entries, to: log)
            } catch {
                // A verdict has no room for anything long.
                preconditionFailure("a poll's close is too long: \(error)")
            }
        }
    }

    // MARK: - Commands

    private func take(_ order: CommandOrder, at now: Moment) throws(StoreError) {
        let key = OutcomeKey(
            principal: order.caller.id.text,
            key: order.caller.commandKey.bytes
        )
        if let outcome = batch.outcomes[key] { return answer(order, outcome) }
        if let outcome = try store.outcome(key) { return answer(order, outcome) }
        do throws(RPCError) {
            let log = try log(for: order)
            guard try !isBallot(order.caller.commandKey, of: log) else {
                throw RPCError(.idempotencyKeyReused)
            }
            let entries = try decide(order.command.command, by: order.caller, in: log, at: now)
            guard !entries.isEmpty else {
                // No command of a principal leads to nothing.
                throw RPCError(.internal, "the command led to no entry")
            }
            try order.beginEffect()
            try appendOrRefuse(entries, to: log)
            logs[log.id] = log
            let response = order.response(entries, log.state)
            batch.outcomes[key] = StoredOutcome(
                key: key,
                requestDigest: order.requestDigest,
                response: response.serialized
            )
            batch.answers.append(.give(response.deliver))
        } catch {
            refuse(order.fail, error)
        }
    }

    /// Answers a command that was given before, or another one with its key.
    private func answer(_ order: CommandOrder, _ outcome: StoredOutcome) {
        guard outcome.requestDigest == order.requestDigest else {
            return refuse(order.fail, RPCError(.idempotencyKeyReused))
        }
        batch.answers.append(.give { order.replay(outcome.response) })
    }

    private func isBallot(_ key: CommandKey, of log: MeetingLog) throws(RPCError) -> Bool {
        guard let id = try? BallotID(key.bytes) else { return false }
        return log.ballots[id] != nil
    }

    /// The log that a command is for: a new one, which is not kept yet, where it schedules a meeting.
    private func log(for order: CommandOrder) throws(RPCError) -> MeetingLog {
        guard case .scheduleMeeting = order.command.command else {
            return try served(order.command.meeting)
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

    /// - Throws: NOT_FOUND / MEETING_NOT_FOUND, DATA_LOSS / LOG_DAMAGED.
    private func served(_ id: MeetingID) throws(RPCError) -> MeetingLog {
        if let log = logs[id] { return log }
        if case .damaged(let damage)? = views[id] { throw RPCError(damage) }
        throw RPCError(Rejection.meetingNotFound)
    }

    private func decide(
        _ command: Command,
        by caller: Caller,
        in log: MeetingLog,
        at now: Moment
    ) throws(RPCError) -> [Entry] {
        guard log.state.entryCount < limits.entriesOfLog else {
            throw RPCError(
                .limitReached,
                attributes: ["limit": "entries", "maximum": String(limits.entriesOfLog)]
            )
        }
        do throws(Rejection) {
            return try log.state.commit(
                command.withRoll(of: log.state),
                by: .principal(caller),
                at: now
            )
        } catch {
            throw log.state.failure(error, of: command, by: caller.id)
        }
    }

    private func appendOrRefuse(_ entries: [Entry], to log: MeetingLog) throws(RPCError) {
        do {
            try append(entries, to: log)
        } catch {
            // The limits of all fields leave room for each.
            throw RPCError(.internal, "an entry is too long: \(error)")
        }
    }

    private func append(_ entries: [Entry], to log: MeetingLog) throws(EntryError) {
        let isFirst = log.pending.isEmpty
        try log.append(entries, &coding, identity: identity)
        if isFirst { batch.touched.append(log) }
    }

    // MARK: - Ballots

    private func take(_ order: BallotOrder, at now: Moment) throws(StoreError) {
        let isReused = try hasOutcome(order.caller)
        do throws(RPCError) {
            let log = try served(order.command.meeting)
            do throws(Rejection) {
                _ = try log.state.authorize(order.command.command, by: .principal(order.caller))
            } catch {
                throw RPCError(error)
            }
            if let index = log.ballots[order.ballot.statement.ballot] {
                return batch.answers.append(.receipt(order, log, index: index))
            }
            guard !isReused else { throw RPCError(.idempotencyKeyReused) }
            let entries = try decide(order.command.command, by: order.caller, in: log, at: now)
            try order.beginEffect()
            try appendOrRefuse(entries, to: log)
            // The ballot is the first of them.
            guard let index = entries.first?.index, let bytes = log.pendingEntry(at: index) else {
                throw RPCError(.internal, "the ballot led to no entry")
            }
            batch.answers.append(
                .give { Self.answer(order, in: log, at: index, entry: bytes) }
            )
        } catch {
            refuse(order.fail, error)
        }
    }

    /// Whether a principal has used its key for a command that is no ballot.
    private func hasOutcome(_ caller: Caller) throws(StoreError) -> Bool {
        let key = OutcomeKey(principal: caller.id.text, key: caller.commandKey.bytes)
        if batch.outcomes[key] != nil { return true }
        return try store.outcome(key) != nil
    }

    /// Answers a ballot that is in the log already, whoever carried it first: with the receipt of the same
    /// entry, or a refusal where it is another ballot with that id.
    private func answerAgain(
        _ order: BallotOrder,
        in log: MeetingLog,
        at index: UInt64
    ) throws(StoreError) {
        guard let bytes = try store.entry(index, of: LogID(log.id.text)),
            let entry = try? coding.parse(bytes, at: index)
        else { throw StoreError(.damaged, "the entry \(index) of «\(log.id)» cannot be read") }
        switch (entry.body, order.command.command) {
        case (.ballotCast(let ballot, _), .castBallot), (.tieDecided(let ballot), .decideTie):
            if ballot == order.ballot {
                return Self.answer(order, in: log, at: index, entry: bytes)
            }
        default:
            break
        }
        order.fail(RPCError(.idempotencyKeyReused))
    }

    private static func answer(
        _ order: BallotOrder,
        in log: MeetingLog,
        at index: UInt64,
        entry: [UInt8]
    ) {
        guard let receipt = log.receipt(of: index, entry: entry) else {
            // The tree of the newest checkpoint has every entry that is stored.
            return order.fail(RPCError(.internal, "there is no receipt of the entry \(index)"))
        }
        let poll = order.ballot.statement.poll
        let verdict = log.state.proceedings.poll(poll)?.verdict
        order.succeed(BallotOrder.Outcome(receipt: receipt, verdict: verdict))
    }

    // MARK: - Queries

    private func answer(_ order: QueryOrder) throws(StoreError) {
        do throws(QueryFailure) {
            try order.answer(logForQuery(order.meeting), store)
        } catch {
            switch error {
            case .refused(let error): order.fail(error)
            case .store(let error): throw error
            }
        }
    }

    private func logForQuery(_ id: MeetingID) throws(QueryFailure) -> MeetingLog {
        do {
            return try served(id)
        } catch {
            throw .refused(error)
        }
    }
}

extension EventStore {
    /// The bytes of one entry; `nil` where there is none.
    func entry(_ index: UInt64, of log: LogID) throws(StoreError) -> [UInt8]? {
        var found: [UInt8]?
        try readEntries(of: log, from: index) { entry in
            if entry.index == index { found = entry.bytes }
            return false
        }
        return found
    }
}

extension RPCError {
    /// A meeting whose stored log is damaged.
    init(_ damage: LogDamage) {
        self.init(
            .logDamaged,
            attributes: damage.index.map { ["index": String($0)] } ?? [:]
        )
    }
}
