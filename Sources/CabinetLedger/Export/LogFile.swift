/// A whole log as one file: what an auditor keeps of an export, and verifies whenever it wants to.
///
///     file   = "e-cabinet/log/v1\n" ‖ piece(checkpoint) ‖ piece(entry 0) ‖ piece(entry 1) ‖ …
///     piece  = length of its bytes, 4 bytes, the most significant first ‖ the bytes
///
/// - The checkpoint is a C2SP signed note, byte for byte as the log signed it.
/// - The entries are exact bytes, from the first on, without a gap. There are as many as the checkpoint
///   says, and nothing after them.
/// - The key that the checkpoint is verified with is not in the file: it has to come another way.
///
/// The file is written from the stream of `LedgerService.ExportLog` as it comes, and read with
/// ``LogFileReader`` in constant memory. By convention its name ends in `.cabinet-log`.
/// `proto/log-file.md` says the same to those who read it without this library.
public enum LogFile {
    /// The first bytes of every file: what it is, and the version of the format.
    public static let magic = Array("e-cabinet/log/v1\n".utf8)

    /// Bytes of the number before each piece.
    static let lengthBytes = 4

    /// What a file begins with.
    ///
    /// - Parameter checkpoint: Of the tree that the export ends with.
    public static func beginning(with checkpoint: SignedCheckpoint) -> [UInt8] {
        magic + piece(checkpoint.serialized)
    }

    /// What an entry adds.
    ///
    /// - Throws: ``LogFileError/entryTooLong(index:byteCount:)``, and
    ///   ``LogFileError/entryEmpty(index:)``.
    public static func piece(
        ofEntry bytes: [UInt8],
        at index: UInt64
    ) throws(LogFileError) -> [UInt8] {
        try check(entryBytes: UInt64(bytes.count), at: index)
        return piece(bytes)
    }

    static func check(entryBytes count: UInt64, at index: UInt64) throws(LogFileError) {
        guard count > 0 else { throw .entryEmpty(index: index) }
        guard count <= LedgerLimits.maximumEntryBytes else {
            throw .entryTooLong(index: index, byteCount: count)
        }
    }

    /// A piece whose length has been checked: both kinds are far shorter than 2^32 bytes.
    private static func piece(_ bytes: [UInt8]) -> [UInt8] {
        let count = UInt32(clamping: bytes.count)
        return stride(from: 24, through: 0, by: -8)
            .map { UInt8(truncatingIfNeeded: count >> UInt32($0)) } + bytes
    }
}
