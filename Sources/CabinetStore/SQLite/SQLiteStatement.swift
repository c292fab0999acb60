internal import CSQLite

/// A prepared statement. Used on the thread of its connection.
package final class SQLiteStatement {
    private let handle: OpaquePointer
    private let connection: SQLiteConnection

    /// Takes the statement over.
    init(_ handle: OpaquePointer, _ connection: SQLiteConnection) {
        self.handle = handle
        self.connection = connection
    }

    deinit { sqlite3_finalize(handle) }

    /// A value that a statement is given.
    package enum Value {
        case int64(Int64)
        case text(String)
        case blob([UInt8])
    }

    /// Gives the statement its values, the first is number 1, and makes it ready to run again.
    package func bind(_ values: Value...) throws(StoreError) {
        try bind(values)
    }

    /// Gives the statement its values, in an array.
    package func bind(_ values: [Value]) throws(StoreError) {
        sqlite3_reset(handle)
        for (number, value) in zip(Int32(1)..., values) {
            let code =
                switch value {
                case .int64(let value): sqlite3_bind_int64(handle, number, value)
                case .text(let value):
                    sqlite3_bind_text(
                        handle,
                        number,
                        value,
                        Int32(value.utf8.count),
                        Self.copied
                    )
                case .blob(let value):
                    value.withUnsafeBytes { bytes in
                        // An empty array has no address, and NULL would be no blob.
                        bytes.isEmpty
                            ? sqlite3_bind_zeroblob(handle, number, 0)
                            : sqlite3_bind_blob(
                                handle,
                                number,
                                bytes.baseAddress,
                                Int32(bytes.count),
                                Self.copied
                            )
                    }
                }
            guard code == SQLITE_OK else { throw connection.error(code) }
        }
    }

    /// SQLITE_TRANSIENT: SQLite makes a copy of its own.
    private static let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    /// - Returns: Whether there is a row.
    package func step() throws(StoreError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE:
            sqlite3_reset(handle)
            return false
        case let code:
            let error = connection.error(code)
            sqlite3_reset(handle)
            throw error
        }
    }

    /// Runs a statement that has no rows.
    package func run() throws(StoreError) {
        while try step() {}
    }

    /// Ends a run whose rows were not all wanted.
    package func reset() {
        sqlite3_reset(handle)
    }

    package func int64(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    package func text(_ column: Int32) -> String {
        guard let text = sqlite3_column_text(handle, column) else { return "" }
        let count = Int(sqlite3_column_bytes(handle, column))
        return String(decoding: UnsafeBufferPointer(start: text, count: count), as: UTF8.self)
    }

    package func blob(_ column: Int32) -> [UInt8] {
        guard let bytes = sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(sqlite3_column_bytes(handle, column))
        return [UInt8](UnsafeRawBufferPointer(start: bytes, count: count))
    }
}
