/// Why bytes are no ``LogFile``, or a log cannot be written into one.
public enum LogFileError: Error, Hashable, Sendable {
    /// It does not begin as such a file does, or as one of this version.
    case unknownFormat

    /// The checkpoint has more bytes than ``LedgerLimits/maximumNoteBytes``.
    case checkpointTooLong(byteCount: UInt64)

    /// The checkpoint cannot be parsed.
    case checkpoint(CheckpointFormatError)

    /// An entry without bytes, which no log has.
    case entryEmpty(index: UInt64)

    /// An entry has more bytes than ``LedgerLimits/maximumEntryBytes``.
    case entryTooLong(index: UInt64, byteCount: UInt64)

    /// The file ends after so many whole entries; `expected` is `nil` where it ends before it says.
    case truncated(entryCount: UInt64, expected: UInt64?)

    /// There is something after the last entry.
    case bytesAfterEnd(entryCount: UInt64)
}

extension LogFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownFormat:
            "the file does not begin with «e-cabinet/log/v1»"
        case .checkpointTooLong(let byteCount):
            "the checkpoint has \(byteCount) bytes, and the limit is "
                + "\(LedgerLimits.maximumNoteBytes)"
        case .checkpoint(let error):
            "the checkpoint: \(error)"
        case .entryEmpty(let index):
            "entry \(index) has no bytes"
        case .entryTooLong(let index, let byteCount):
            "entry \(index) has \(byteCount) bytes, and the limit is "
                + "\(LedgerLimits.maximumEntryBytes)"
        case .truncated(_, nil):
            "the file ends before the end of its checkpoint"
        case .truncated(let count, let expected?):
            "the file ends after \(count) entries, and its checkpoint is of \(expected)"
        case .bytesAfterEnd(let count):
            "the file goes on after its \(count) entries"
        }
    }
}
