internal import CSQLite

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// A connection to a SQLite database. The C library is called in this file, in ``SQLiteStatement`` and in
/// ``RowChecksum`` alone.
///
/// Used on one thread at a time.
package final class SQLiteConnection {
    /// How long a statement waits for a lock that the other connection has for a moment.
    private static let busyMilliseconds: Int32 = 2_000

    private let handle: OpaquePointer
    package let path: String
    /// Pages in the write-ahead log after the last commit; counted from ``countLogPages()`` on.
    private let logPages = UnsafeMutablePointer<Int32>.allocate(capacity: 1)

    /// - Throws: ``StoreError``.
    package init(path: String, readOnly: Bool = false) throws(StoreError) {
        if !readOnly { Self.makeForOwner(path) }
        var handle: OpaquePointer?
        let flags =
            (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE)
            | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE
        let code = sqlite3_open_v2(path, &handle, flags, nil)
        guard code == SQLITE_OK, let handle else {
            let explanation = String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(handle)
            throw StoreError(.cannotOpen, "\(path) cannot be opened: \(explanation)")
        }
        self.handle = handle
        self.path = path
        logPages.initialize(to: 0)
        sqlite3_busy_timeout(handle, Self.busyMilliseconds)
        let registered = RowChecksum.register(handle)
        guard registered == SQLITE_OK else { throw error(registered) }
    }

    /// Makes an empty file for its owner alone, where there is none: SQLite gives those beside it the same
    /// mode. Where it fails, opening the database says why.
    private static func makeForOwner(_ path: String) {
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        if descriptor >= 0 { close(descriptor) }
    }

    deinit {
        sqlite3_close_v2(handle)
        logPages.deallocate()
    }

    package func prepare(_ sql: String) throws(StoreError) -> SQLiteStatement {
        var statement: OpaquePointer?
        let code = sqlite3_prepare_v3(
            handle,
            sql,
            -1,
            UInt32(SQLITE_PREPARE_PERSISTENT),
            &statement,
            nil
        )
        guard code == SQLITE_OK, let statement else { throw error(code) }
        return SQLiteStatement(statement, self)
    }

    /// Runs statements without parameters and results.
    package func execute(_ sql: String) throws(StoreError) {
        let code = sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(code) }
    }

    /// The first value of the first row, as a number.
    package func number(_ sql: String) throws(StoreError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.int64(0) : nil
    }

    /// The first value of the first row, as a text.
    package func text(_ sql: String) throws(StoreError) -> String? {
        let statement = try prepare(sql)
        return try statement.step() ? statement.text(0) : nil
    }

    /// Runs `body` in a transaction, which is rolled back where it throws.
    ///
    /// - Parameter begin: Begins it: with the lock of the writer, or as one that only reads.
    package func transaction(
        _ begin: String = "BEGIN IMMEDIATE",
        _ body: () throws(StoreError) -> Void
    ) throws(StoreError) {
        try execute(begin)
        do throws(StoreError) {
            try body()
            try execute("COMMIT")
        } catch {
            // Where SQLite has rolled back by itself this fails, and changes nothing.
            _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    // MARK: - The write-ahead log

    /// Leaves the write-ahead log alone, and counts its pages. SQLite would otherwise copy it into the
    /// database after some commit, and say nothing of an error there.
    func countLogPages() {
        sqlite3_wal_hook(
            handle,
            { pages, _, _, count in
                pages?.assumingMemoryBound(to: Int32.self).pointee = count
                return SQLITE_OK
            },
            logPages
        )
    }

    /// Pages in the write-ahead log after the last commit.
    var logPageCount: Int32 { logPages.pointee }

    /// Copies the write-ahead log into the database, each synced before the other is changed.
    ///
    /// - Returns: Whether nobody was in the way.
    package func checkpoint(_ mode: CheckpointMode) throws(StoreError) -> Bool {
        try number("PRAGMA wal_checkpoint(\(mode.rawValue))") == 0
    }

    package enum CheckpointMode: String {
        /// As much as can be copied without waiting for readers.
        case passive = "PASSIVE"
        /// All of it. The log is empty then.
        case truncate = "TRUNCATE"
    }

    /// What a result code means to this store.
    func error(_ code: Int32) -> StoreError {
        let explanation = "\(path): \(String(cString: sqlite3_errmsg(handle)))"
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: return StoreError(.locked, explanation)
        case SQLITE_CORRUPT: return StoreError(.damaged, explanation)
        case SQLITE_NOTADB: return StoreError(.unknownFormat, explanation)
        case SQLITE_FULL: return StoreError(.full, explanation)
        case SQLITE_CANTOPEN, SQLITE_PERM, SQLITE_READONLY, SQLITE_AUTH:
            return StoreError(.cannotOpen, explanation)
        case SQLITE_CONSTRAINT: return StoreError(.conflict, explanation)
        default: return StoreError(.io, "\(explanation) (SQLite \(code))")
        }
    }
}
