internal import CabinetLocks

/// A store that forgets everything with the process: for tests, and for simulations.
public final class MemoryEventStore: EventStore {
    private let contents = SharedContents()
    /// What is thrown instead of the next commit, once.
    public var nextFailure: StoreError?

    public init() {}

    public func logs() throws(StoreError) -> [StoredLog] {
        contents.value.withLock { contents in
            contents.order.compactMap { id in
                contents.logs[id].map { log in
                    StoredLog(
                        id: id,
                        entryCount: UInt64(log.entries.count),
                        checkpoint: log.checkpoint
                    )
                }
            }
        }
    }

    public func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        try contents.readEntries(of: log, from: first, body)
    }

    public func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome? {
        contents.value.withLock { $0.outcomes[key] }
    }

    public func records(_ kind: RecordKind) throws(StoreError) -> [StoredRecord] {
        contents.value.withLock { contents in
            contents.records.values.filter { $0.kind == kind }.sorted { $0.name < $1.name }
        }
    }

    public func commit(_ batch: StoreBatch) throws(StoreError) {
        if let failure = nextFailure {
            nextFailure = nil
            throw failure
        }
        let conflict = contents.value.withLock { contents -> StoreError? in
            if let conflict = contents.conflict(with: batch) { return conflict }
            contents.apply(batch)
            return nil
        }
        if let conflict { throw conflict }
    }

    public func reader() throws(StoreError) -> any EventReader { contents }
}

private struct Contents: Sendable {
    struct Log: Sendable {
        var entries: [StoredEntry] = []
        var checkpoint: [UInt8] = []
    }

    struct RecordName: Hashable, Sendable {
        let kind: RecordKind
        let name: String
    }

    var logs: [LogID: Log] = [:]
    var order: [LogID] = []
    var outcomes: [OutcomeKey: StoredOutcome] = [:]
    var records: [RecordName: StoredRecord] = [:]

    func conflict(with batch: StoreBatch) -> StoreError? {
        var seen: Set<LogID> = []
        for append in batch.appends {
            guard seen.insert(append.log).inserted else { return .appendedTwice(append.log) }
            let count = UInt64(logs[append.log]?.entries.count ?? 0)
            if let conflict = append.conflict(withEntryCount: count) { return conflict }
        }
        var keys: Set<OutcomeKey> = []
        for outcome in batch.outcomes
        where outcomes[outcome.key] != nil || !keys.insert(outcome.key).inserted {
            return .outcomeExists
        }
        return nil
    }

    mutating func apply(_ batch: StoreBatch) {
        for append in batch.appends {
            if logs[append.log] == nil { order.append(append.log) }
            logs[append.log, default: Log()].entries += append.entries
            logs[append.log]?.checkpoint = append.checkpoint
        }
        for outcome in batch.outcomes { outcomes[outcome.key] = outcome }
        for record in batch.records {
            records[RecordName(kind: record.kind, name: record.name)] = record
        }
    }
}

private final class SharedContents: EventReader {
    let value = Guarded(Contents())

    func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        guard let entries = value.withLock({ $0.logs[log]?.entries }) else {
            throw .noSuchLog(log)
        }
        guard let start = Int(exactly: first), start < entries.count else { return }
        for entry in entries[start...] where !body(entry) { return }
    }
}
