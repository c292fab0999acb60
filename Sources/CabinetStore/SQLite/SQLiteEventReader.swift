internal import CabinetLocks

/// Reads a SQLite store beside its writer, through a connection that cannot write.
///
/// `@unchecked Sendable`: a connection and its statements are for one thread at a time, and everything
/// here is used within the lock.
final class SQLiteEventReader: EventReader, @unchecked Sendable {
    private let lock = Guarded(())
    private let connection: SQLiteConnection
    private let log: SQLiteStatement
    private let entries: SQLiteStatement

    init(path: String) throws(StoreError) {
        connection = try SQLiteConnection(path: path, readOnly: true)
        log = try connection.prepare("SELECT number FROM log WHERE name = ?")
        entries = try connection.prepare(SQLiteEventStore.selectEntries)
    }

    func readEntries(
        of name: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        try lock.withLock { _ throws(StoreError) in
            try log.bind(.text(name.text))
            defer { log.reset() }
            guard try log.step() else { throw .noSuchLog(name) }
            try SQLiteEventStore.read(entries, log.int64(0), from: first, body)
        }
    }
}
