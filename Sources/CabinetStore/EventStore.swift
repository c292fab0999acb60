/// Where the logs of the meetings are kept, with everything that must not be lost beside them.
///
/// A store has one writer, which uses it on one thread at a time: the sequencer. What several threads
/// read at the same time comes from ``reader()``. A store knows bytes, and no meeting: the entries are
/// as they were signed and hashed.
///
/// Every store passes the same suite of tests, `EventStoreConformance`.
public protocol EventStore: AnyObject {
    /// The logs, in the order in which they were begun.
    ///
    /// - Throws: ``StoreError``.
    func logs() throws(StoreError) -> [StoredLog]

    /// Reads the entries of a log in their order.
    ///
    /// - Parameters:
    ///   - first: The index of the first that is wanted.
    ///   - body: Is given each entry. It returns `false` where it wants no more.
    /// - Throws: ``StoreError``; ``StoreError/Kind/notFound`` for a log that there is not.
    /// - Complexity: O(1) memory in the number of entries.
    func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError)

    /// What became of a command; `nil` where none with that key was kept.
    func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome?

    /// Does what reads several times, so that the store can prepare for it once. `body` does not commit.
    ///
    /// - Throws: What `body` throws, and ``StoreError`` of the preparation.
    func reading(_ body: () throws(StoreError) -> Void) throws(StoreError)

    /// The records of a kind, in the order of their names.
    func records(_ kind: RecordKind) throws(StoreError) -> [StoredRecord]

    /// Writes everything in the batch, or nothing. When it returns, the batch survives the loss of the
    /// process, of the machine and of its power.
    ///
    /// - Throws: ``StoreError``. Whether the batch is there then is not known: the process must not go
    ///   on as if it were, nor as if it were not. A batch that does not fit what is stored throws
    ///   ``StoreError/Kind/conflict``, and has not been written.
    func commit(_ batch: StoreBatch) throws(StoreError)

    /// Reads while the writer writes. Each reader sees what was committed before it reads.
    func reader() throws(StoreError) -> any EventReader
}

extension EventStore {
    public func reading(_ body: () throws(StoreError) -> Void) throws(StoreError) { try body() }
}

/// Reads the logs of a store, on any thread, beside its writer.
public protocol EventReader: Sendable {
    /// As ``EventStore/readEntries(of:from:_:)``.
    func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError)
}
