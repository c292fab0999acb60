/// The tables of a database, and how an older file becomes one of this version.
package struct SQLiteSchema: Sendable {
    /// In the header of the file: what `file(1)` and SQLite know it by.
    let applicationID: Int64
    /// Each step leads from the version that is its place in the list to the next.
    let migrations: [String]

    package init(applicationID: Int64, migrations: [String]) {
        self.applicationID = applicationID
        self.migrations = migrations
    }

    var version: Int64 { Int64(migrations.count) }

    /// Makes a new file one of this schema, or an older one one of this version.
    ///
    /// - Throws: ``StoreError`` for the file of another program, or of a later version.
    package func migrate(_ connection: SQLiteConnection) throws(StoreError) {
        let application = try connection.number("PRAGMA application_id") ?? 0
        let found = try connection.number("PRAGMA user_version") ?? 0
        let isEmpty = try connection.number("SELECT count(*) FROM sqlite_schema") == 0
        guard application == applicationID || isEmpty && application == 0 && found == 0 else {
            throw StoreError(
                .unknownFormat,
                "\(connection.path) is the database of another program"
            )
        }
        guard found <= version, found >= 0 else {
            throw StoreError(
                .unknownFormat,
                "\(connection.path) has the format \(found), and this software knows \(version):"
                    + " use the newer software that wrote it"
            )
        }
        guard found < version else { return }
        try connection.transaction { () throws(StoreError) in
            for step in migrations[Int(found)...] { try connection.execute(step) }
            try connection.execute("PRAGMA application_id = \(applicationID)")
            try connection.execute("PRAGMA user_version = \(version)")
        }
    }
}

extension SQLiteSchema {
    /// Of ``SQLiteEventStore``: «eCab».
    static let eventStore = SQLiteSchema(
        applicationID: 0x6543_6162,
        migrations: [
            """
            CREATE TABLE log (
                number INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                entry_count INTEGER NOT NULL CHECK (entry_count > 0),
                checkpoint BLOB NOT NULL
            ) STRICT;
            CREATE TABLE entry (
                log INTEGER NOT NULL REFERENCES log,
                position INTEGER NOT NULL,
                bytes BLOB NOT NULL,
                leaf_hash BLOB NOT NULL CHECK (length(leaf_hash) = 32),
                PRIMARY KEY (log, position)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE outcome (
                principal TEXT NOT NULL,
                key BLOB NOT NULL CHECK (length(key) = 16),
                request_digest BLOB NOT NULL CHECK (length(request_digest) = 32),
                response BLOB NOT NULL,
                PRIMARY KEY (principal, key)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE record (
                kind INTEGER NOT NULL,
                name TEXT NOT NULL,
                bytes BLOB NOT NULL,
                PRIMARY KEY (kind, name)
            ) STRICT, WITHOUT ROWID;
            """,
            """
            ALTER TABLE outcome ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
            UPDATE outcome
                SET checksum = row_checksum(principal, key, request_digest, response);
            ALTER TABLE record ADD COLUMN checksum INTEGER NOT NULL DEFAULT 0;
            UPDATE record SET checksum = row_checksum(kind, name, bytes);
            """,
        ]
    )
}
