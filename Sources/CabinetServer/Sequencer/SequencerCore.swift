public import CabinetLedger
internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
public import CabinetStore
internal import Metrics

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
        /// Of those, the last ones are for commands that take a role in the meeting: whoever presides can
        /// close the polls and adjourn when the others have filled the log.
        var entriesReserved: UInt64 = 10_000

        /// Entries that a log has at most where a command may add one.
        func entries(for command: Command, by author: Author) -> UInt64 {
            switch (command, author) {
            // Only the chair signs it.
            case (.decideTie, _): entriesOfLog
            case (_, .principal(_, _, nil)): entriesOfLog - min(entriesReserved, entriesOfLog)
            default: entriesOfLog
            }
        }
    }

    let views: MeetingViews
    let directoryView: DirectoryView
    /// When the next timer of a poll runs out; `nil` where none runs.
    var nextDeadline: Moment? { deadlines.values.min() }

    /// Time of the newest entry of a meeting that is not over; `nil` where there is none. The server's
    /// clock must not be before it: ``ServerClock/startNotBefore(_:)``.
    var newestEntry: Moment? {
        logs.values.lazy.filter { !$0.state.isOver }.compactMap(\.state.lastTime).max()
    }

    /// Orders of the last batch that have been answered.
    private(set) var answeredCount = 0

    let store: any EventStore
    private let identity: LogIdentity
    let limits: Limits
    private let live: ChannelLimits
    private var metrics: SequencerMetrics
    var logs: [MeetingID: MeetingLog] = [:]
    var directory: DirectoryState
    private var deadlines: [MeetingID: Moment] = [:]
    /// Whether the meetings know of every revocation in the directory. The first batch sees to it.
    private var hasCaughtUp = false
    var coding = EntryCoding()
    var batch = Batch()

    /// What a batch has led to so far.
    struct Batch {
        /// Logs with new entries, each once.
        var touched: [MeetingLog] = []
        var outcomes: [OutcomeKey: StoredOutcome] = [:]
        /// Principals that have changed.
        var principals: Set<PrincipalID> = []
        /// One for each order, called in order when everything is stored.
        var answers: [Answer] = []
    }

    /// What is done for an order when everything is stored.
    enum Answer {
        /// Hands on what is known.
        case give(() -> Void)
        /// Proves once more that a ballot is in the log.
        case receipt(BallotOrder, MeetingLog, index: UInt64)
        case query(QueryOrder)
    }

    /// Reads the directory and all logs of a store.
    ///
    /// - Parameters:
    ///   - now: The wall clock; `nil` asks nothing of the times in the logs.
    ///   - factory: Where what the sequencer does is counted.
    ///   - report: Is told of each log that is damaged, and so not served.
    /// - Throws: `StoreError` where the store cannot be read, or a principal of the directory, and where a
    ///   log was begun with another log key: one that is damaged is the fault of its disk, and this one
    ///   an operator's, whose meetings must not seem to be gone.
    init(
        _ store: any EventStore,
        identity: LogIdentity,
        limits: Limits = Limits(),
        live: ChannelLimits = ChannelLimits(),
        startingAt now: Moment? = nil,
        metrics factory: any MetricsFactory = NOOPMetricsHandler.instance,
        report: (LogID, LogDamage) -> Void
    ) throws(StoreError) {
        self.store = store
        self.identity = identity
        self.limits = limits
        self.live = live
        metrics = SequencerMetrics(factory)
        directory = try Self.directory(store)
        directoryView = DirectoryView(directory)
        var findings: [MeetingID: MeetingViews.Finding] = [:]
        for stored in try store.logs() {
            guard let id = try? MeetingID(stored.id.text) else {
                report(stored.id, LogDamage(index: nil, explanation: "its name is no identifier"))
                continue
            }
            switch try Self.open(id, stored, store, identity, live, startingAt: now) {
            case .success((let log, let byteCount)):
                metrics.opened(entries: log.state.entryCount, byteCount: byteCount)
                logs[id] = log
                deadlines[id] = log.state.nextDeadline
                findings[id] = MeetingView(log).map { .served($0) }
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
        _ identity: LogIdentity,
        _ live: ChannelLimits,
        startingAt now: Moment?
    ) throws(StoreError) -> Result<(MeetingLog, byteCount: UInt64), LogDamage> {
        switch try MeetingLogReplay.read(stored, from: store) {
        case .success(let replayed):
            guard let signer = identity.signer(of: replayed.opening) else {
                throw StoreError(
                    .conflict,
                    "the log of «\(id)» was begun with another log key or name than the server was given: "
                        + "start it with the log key and the name that this data folder began with"
                )
            }
            if let now, let damage = replayed.lead(over: now) { return .failure(damage) }
            let log = MeetingLog(id, replayed: replayed, signer: signer, live: live)
            return .success((log, replayed.byteCount))
        case .failure(let damage):
            return .failure(damage)
        }
    }

    private static func directory(_ store: any EventStore) throws(StoreError) -> DirectoryState {
        var principals: [Principal] = []
        for record in try store.records(.principal) {
            do throws(PrincipalRecordError) {
                principals.append(try PrincipalRecord.parse(record.bytes, named: record.name))
            } catch {
                throw StoreError(.damaged, "\(error)")
            }
        }
        do throws(InvalidValue) {
            return try DirectoryState(restoring: principals)
        } catch {
            throw StoreError(.damaged, "the directory: \(error.rule)")
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
        metrics.began(orders: orders.count)
        do throws(StoreError) {
            if !hasCaughtUp {
                catchUp(at: now)
                hasCaughtUp = true
            }
            closePollsInTime(now)
            try take(orders, at: now)
        } catch {
            throw .store(error)
        }
        try commit()
        do throws(StoreError) {
            for answer in batch.answers {
                // Proofs take their time, and those who follow do not wait for them.
                if case .give = answer {} else { publishEvents() }
                try give(answer)
                answeredCount += 1
            }
        } catch {
            throw .store(error)
        }
        publishEvents()
        batch = Batch()
    }

    /// Tells those who follow the meetings, if that was not done for this batch: after those who have
    /// waited for it. Whoever is told of something finds its effect.
    private func publishEvents() {
        for log in batch.touched { log.publish() }
    }

    func commit() throws(SequencerFailure) {
        var stored = StoreBatch()
        do throws(NoteSigningError) {
            for log in batch.touched { stored.appends.append(try log.sealed()) }
        } catch {
            throw .signing(error)
        }
        stored.outcomes = Array(batch.outcomes.values)
        stored.records = batch.principals.map { id in
            StoredRecord(
                kind: .principal,
                name: id.text,
                bytes: directory.principals[id].map(PrincipalRecord.serialize) ?? []
            )
        }
        guard !stored.isEmpty else { return }
        let begin = ContinuousClock.now
        do throws(StoreError) {
            try store.commit(stored)
        } catch {
            throw .store(error)
        }
        metrics.committed(stored, in: begin.duration(to: .now))
        for log in batch.touched {
            log.forgetPending()
            log.openChannels(live)
            deadlines[log.id] = log.state.nextDeadline
        }
        views.publish(batch.touched)
        if !batch.principals.isEmpty { directoryView.publish(directory) }
    }

    private func take(_ orders: [Order], at now: Moment) throws(StoreError) {
        // A lone one reads once.
        if orders.count == 1 { return try take(orders[0], at: now) }
        try store.reading { () throws(StoreError) in
            for order in orders { try take(order, at: now) }
        }
    }

    private func take(_ order: Order, at now: Moment) throws(StoreError) {
        switch order {
        case .command(let order): try take(order, at: now)
        case .ballot(let order): try take(order, at: now)
        case .directory(let order): try take(order, at: now)
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

    func refuse(_ fail: @escaping (RPCError) -> Void, _ error: RPCError) {
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

    // MARK: - Logs

    /// - Parameter roles: The caller's in the directory; without any, nobody is told of damage.
    /// - Throws: NOT_FOUND / MEETING_NOT_FOUND, DATA_LOSS / LOG_DAMAGED.
    func served(_ id: MeetingID, for roles: RoleSet) throws(RPCError) -> MeetingLog {
        if let log = logs[id] { return log }
        if case .damaged(let damage)? = views[id] { throw RPCError(damage, for: roles) }
        throw RPCError(Rejection.meetingNotFound)
    }

    func decide(
        _ command: Command,
        by caller: Caller,
        in log: MeetingLog,
        at now: Moment
    ) throws(RPCError) -> [Entry] {
        let author: Author
        do throws(Rejection) {
            // Whoever may not know of the meeting does not learn how long its log is.
            author = try log.state.authorize(command, by: .principal(caller))
        } catch {
            throw RPCError(error)
        }
        let maximum = limits.entries(for: command, by: author)
        guard log.state.entryCount < maximum else {
            throw RPCError(
                .limitReached,
                attributes: ["limit": "entries", "maximum": String(maximum)]
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

    func appendOrRefuse(_ entries: [Entry], to log: MeetingLog) throws(RPCError) {
        do {
            try append(entries, to: log)
        } catch {
            // The limits of all fields leave room for each.
            throw RPCError(.internal, "an entry is too long: \(error)")
        }
    }

    func append(_ entries: [Entry], to log: MeetingLog) throws(EntryError) {
        let isFirst = log.pending.isEmpty
        try log.append(entries, &coding, identity: identity)
        if isFirst { batch.touched.append(log) }
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
            // Who asks was told of damage before the question was put.
            return try served(id, for: [])
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
    /// A meeting whose stored log is damaged, as a caller with these roles in the directory is told.
    ///
    /// Who takes part cannot be read from such a log, and who does not must not learn that there is one:
    /// those are told who keep the installation, or audit it.
    init(_ damage: LogDamage, for roles: RoleSet) {
        guard roles.contains(.auditor) || roles.contains(.administrator) else {
            self.init(Rejection.meetingNotFound)
            return
        }
        self.init(
            .logDamaged,
            attributes: damage.index.map { ["index": String($0)] } ?? [:]
        )
    }
}
