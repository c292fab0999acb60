/// The embedded store: a SQLite database in write-ahead mode, with one connection that writes.
///
/// A commit is one transaction and one fsync (`synchronous=FULL`). The version of SQLite that Debian 12
/// has can damage a database that two connections write, or checkpoint, at the same time: a lock file
/// keeps other processes out, and the readers never write.
public final class SQLiteEventStore: EventStore {
    private let lock: StoreLock
    private let connection: SQLiteConnection
    private let statements: Statements

    private struct Statements {
        let logs: SQLiteStatement
        let log: SQLiteStatement
        let insertLog: SQLiteStatement
        let updateLog: SQLiteStatement
        let entries: SQLiteStatement
        let insertEntry: SQLiteStatement
        let outcome: SQLiteStatement
        let insertOutcome: SQLiteStatement
        let records: SQLiteStatement
        let replaceRecord: SQLiteStatement

        init(_ connection: SQLiteConnection) throws(StoreError) {
            logs = try connection.prepare(
                "SELECT name, entry_count, checkpoint FROM log ORDER BY number"
            )
            log = try connection.prepare("SELECT number, entry_count FROM log WHERE name = ?")
            insertLog = try connection.prepare(
                "INSERT INTO log (name, entry_count, checkpoint) VALUES (?, ?, ?)"
            )
            updateLog = try connection.prepare(
                "UPDATE log SET entry_count = ?, checkpoint = ? WHERE number = ?"
            )
            entries = try connection.prepare(SQLiteEventStore.selectEntries)
            insertEntry = try connection.prepare(
                "INSERT INTO entry (log, position, bytes, leaf_hash) VALUES (?, ?, ?, ?)"
            )
            outcome = try connection.prepare(
                """
                SELECT request_digest, response,
                    checksum = row_checksum(principal, key, request_digest, response)
                FROM outcome WHERE principal = ? AND key = ?
                """
            )
            insertOutcome = try connection.prepare(
                """
                INSERT INTO outcome (principal, key, request_digest, response, checksum)
                VALUES (?1, ?2, ?3, ?4, row_checksum(?1, ?2, ?3, ?4))
                """
            )
            records = try connection.prepare(
                "SELECT name, bytes FROM record WHERE kind = ? ORDER BY name"
            )
            replaceRecord = try connection.prepare(
                """
                INSERT OR REPLACE INTO record (kind, name, bytes, checksum)
                VALUES (?1, ?2, ?3, row_checksum(?1, ?2, ?3))
                """
            )
        }
    }

    static let selectEntries = """
        SELECT position, bytes, leaf_hash FROM entry
        WHERE log = ? AND position >= ? ORDER BY position
        """

    /// The name of the database in the folder of the store.
    public static let fileName = "cabinet.sqlite"

    /// The database's header: no file of the store is shorter, from the moment on at which it is opened.
    public static let leastFileBytes: UInt64 = 100

    /// Pages that the write-ahead log may grow to before they are copied into the database: 4 MB.
    /// What a reader still needs stays until it has read.
    static let logPages: Int32 = 1_000

    /// Opens the store in a folder, or begins one there.
    ///
    /// - Parameter folder: It exists, and is this store's alone.
    /// - Throws: ``StoreError`` where another process has it, the file is no store of this version, or
    ///   SQLite finds it damaged.
    public init(folder: String) throws(StoreError) {
        lock = try StoreLock(folder: folder)
        connection = try SQLiteConnection(path: "\(folder)/\(Self.fileName)")
        try connection.execute("PRAGMA trusted_schema = OFF")
        try connection.execute("PRAGMA cell_size_check = ON")
        try connection.execute("PRAGMA foreign_keys = ON")
        guard try connection.text("PRAGMA journal_mode = WAL") == "wal" else {
            throw StoreError(.cannotOpen, "\(folder) does not allow a write-ahead log")
        }
        try connection.execute("PRAGMA synchronous = FULL")
        try Self.makeDurable(connection)
        connection.countLogPages()
        try SQLiteSchema.eventStore.migrate(connection)
        let finding = try connection.text("PRAGMA integrity_check(1)")
        guard finding == "ok" else {
            throw StoreError(.damaged, "\(connection.path): \(finding ?? "unreadable")")
        }
        statements = try Statements(connection)
        try Self.checkRows(connection)
    }

    /// Compares every outcome and record with its checksum. Entries have their leaf hashes, and logs their
    /// checkpoints: whoever reads a log compares those.
    ///
    /// A key that has changed would let a command be done twice, a name would hide a principal: what is
    /// looked up alone does not find that.
    ///
    /// - Throws: ``StoreError/Kind/damaged``, with the name of the row.
    private static func checkRows(_ connection: SQLiteConnection) throws(StoreError) {
        let rows: KeyValuePairs = [
            "outcome of a command": """
            SELECT principal || ' ' || lower(hex(key)) FROM outcome
            WHERE checksum <> row_checksum(principal, key, request_digest, response)
            """,
            "record": """
            SELECT name FROM record WHERE checksum <> row_checksum(kind, name, bytes)
            """,
        ]
        for (kind, search) in rows {
            if let name = try connection.text(search) {
                throw .changedRow(kind, name, connection)
            }
        }
    }

    /// Copies what the write-ahead log has into the database, and syncs both.
    ///
    /// A process that was killed may have written a commit and not synced it. It is found as if it were
    /// committed, because the system still has its pages in memory, and a loss of power would take it
    /// away: nobody must read it, and acknowledge it, before this.
    private static func makeDurable(_ connection: SQLiteConnection) throws(StoreError) {
        guard try connection.checkpoint(.truncate) else {
            throw StoreError(
                .locked,
                "\(connection.path): another program reads the database; end it and start again"
            )
        }
    }

    // MARK: - Reading

    public func logs() throws(StoreError) -> [StoredLog] {
        var logs: [StoredLog] = []
        let statement = statements.logs
        try statement.bind()
        while try statement.step() {
            logs.append(
                StoredLog(
                    id: LogID(statement.text(0)),
                    entryCount: UInt64(clamping: statement.int64(1)),
                    checkpoint: statement.blob(2)
                )
            )
        }
        return logs
    }

    public func readEntries(
        of log: LogID,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        guard let (number, _) = try find(log) else { throw .noSuchLog(log) }
        try Self.read(statements.entries, number, from: first, body)
    }

    static func read(
        _ statement: SQLiteStatement,
        _ log: Int64,
        from first: UInt64,
        _ body: (StoredEntry) -> Bool
    ) throws(StoreError) {
        // An index beyond what SQLite counts is beyond every entry.
        guard let first = Int64(exactly: first) else { return }
        try statement.bind(.int64(log), .int64(first))
        defer { statement.reset() }
        while try statement.step() {
            let entry = StoredEntry(
                index: UInt64(clamping: statement.int64(0)),
                bytes: statement.blob(1),
                leafHash: statement.blob(2)
            )
            guard body(entry) else { return }
        }
    }

    public func outcome(_ key: OutcomeKey) throws(StoreError) -> StoredOutcome? {
        let statement = statements.outcome
        try statement.bind(.text(key.principal), .blob(key.key))
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        guard statement.int64(2) == 1 else {
            throw .changedRow("outcome of a command", key.principal, connection)
        }
        return StoredOutcome(
            key: key,
            requestDigest: statement.blob(0),
            response: statement.blob(1)
        )
    }

    /// In one transaction: by itself, each statement locks the file and frees it again.
    public func reading(_ body: () throws(StoreError) -> Void) throws(StoreError) {
        try connection.transaction("BEGIN", body)
    }

    public func records(_ kind: RecordKind) throws(StoreError) -> [StoredRecord] {
        var records: [StoredRecord] = []
        let statement = statements.records
        try statement.bind(.int64(Int64(kind.rawValue)))
        while try statement.step() {
            records.append(
                StoredRecord(kind: kind, name: statement.text(0), bytes: statement.blob(1))
            )
        }
        return records
    }

    private func find(_ log: LogID) throws(StoreError) -> (number: Int64, entryCount: UInt64)? {
        let statement = statements.log
        try statement.bind(.text(log.text))
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return (statement.int64(0), UInt64(clamping: statement.int64(1)))
    }

    public func reader() throws(StoreError) -> any EventReader {
        try SQLiteEventReader(path: connection.path)
    }

    // MARK: - Writing

    public func commit(_ batch: StoreBatch) throws(StoreError) {
        guard !batch.isEmpty else { return }
        var seen: Set<LogID> = []
        for append in batch.appends where !seen.insert(append.log).inserted {
            throw .appendedTwice(append.log)
        }
        try connection.transaction { () throws(StoreError) in
            for append in batch.appends { try write(append) }
            for outcome in batch.outcomes { try write(outcome) }
            for record in batch.records {
                try statements.replaceRecord.bind(
                    .int64(Int64(record.kind.rawValue)),
                    .text(record.name),
                    .blob(record.bytes)
                )
                try statements.replaceRecord.run()
            }
        }
        if connection.logPageCount >= Self.logPages {
            _ = try connection.checkpoint(.passive)
        }
    }

    private func write(_ append: StoreBatch.Append) throws(StoreError) {
        let found = try find(append.log)
        let count = found?.entryCount ?? 0
        if let conflict = append.conflict(withEntryCount: count) { throw conflict }
        let newCount = Int64(clamping: count + UInt64(append.entries.count))
        let number: Int64
        if let found {
            number = found.number
            try statements.updateLog.bind(
                .int64(newCount),
                .blob(append.checkpoint),
                .int64(number)
            )
            try statements.updateLog.run()
        } else {
            try statements.insertLog.bind(
                .text(append.log.text),
                .int64(newCount),
                .blob(append.checkpoint)
            )
            try statements.insertLog.run()
            guard let inserted = try find(append.log) else { throw .noSuchLog(append.log) }
            number = inserted.number
        }
        for entry in append.entries {
            try statements.insertEntry.bind(
                .int64(number),
                .int64(Int64(clamping: entry.index)),
                .blob(entry.bytes),
                .blob(entry.leafHash)
            )
            try statements.insertEntry.run()
        }
    }

    private func write(_ outcome: StoredOutcome) throws(StoreError) {
        guard try self.outcome(outcome.key) == nil else { throw .outcomeExists }
        try statements.insertOutcome.bind(
            .text(outcome.key.principal),
            .blob(outcome.key.key),
            .blob(outcome.requestDigest),
            .blob(outcome.response)
        )
        try statements.insertOutcome.run()
    }
}

extension StoreError {
    fileprivate static func changedRow(
        _ kind: String,
        _ name: String,
        _ connection: SQLiteConnection
    ) -> StoreError {
        StoreError(
            .damaged,
            "\(connection.path): the \(kind) «\(name)» is not what was written: put a copy of the folder back"
        )
    }
}
