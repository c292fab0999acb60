internal import CSQLite

/// The function `row_checksum(value, …)` in SQL: what a row is kept with, and compared with when it is read.
///
/// It is the CRC-32C (RFC 9260, appendix A) of the values, each with its length before it. It finds what a
/// disk or a memory has changed: every single bit, and all but one of four thousand million other changes.
/// Whoever changes a row on purpose can compute it anew; against that there are the checkpoints, for entries.
enum RowChecksum {
    /// Makes the function known to a connection.
    ///
    /// - Returns: The result code.
    static func register(_ connection: OpaquePointer) -> Int32 {
        sqlite3_create_function_v2(
            connection,
            "row_checksum",
            -1,
            SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_DIRECTONLY,
            nil,
            { context, count, values in
                var checksum = CRC32C()
                for index in 0..<Int(count) { checksum.update(values?[index]) }
                sqlite3_result_int64(context, Int64(checksum.value))
            },
            nil,
            nil,
            nil
        )
    }
}

extension CRC32C {
    /// The bytes of a value, texts in UTF-8 and numbers as texts.
    fileprivate mutating func update(_ value: OpaquePointer?) {
        let bytes = UnsafeRawBufferPointer(
            start: sqlite3_value_blob(value),
            count: Int(sqlite3_value_bytes(value))
        )
        withUnsafeBytes(of: UInt64(bytes.count).littleEndian) { update($0) }
        update(bytes)
    }
}

/// A cyclic redundancy check with the polynomial of Castagnoli.
struct CRC32C {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte)) { remainder, _ in
            remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0x82f6_3b78
        }
    }

    private var remainder = UInt32.max

    var value: UInt32 { ~remainder }

    mutating func update(_ bytes: some Sequence<UInt8>) {
        for byte in bytes {
            let index = Int(truncatingIfNeeded: remainder ^ UInt32(byte)) & 0xff
            remainder = remainder >> 8 ^ Self.table[index]
        }
    }
}
