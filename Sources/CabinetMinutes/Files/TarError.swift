/// Why a tar is not read. It is the work of somebody else, or was changed.
public enum TarError: Error, Hashable, Sendable {
    /// It has more bytes than ``MinutesLimits/bundleBytes``, or more files than
    /// ``MinutesLimits/fileCount``.
    case tooLarge
    /// It ends within a file or a header, or before the two blocks of zeros at its end.
    case truncated(offset: Int)
    /// A header is none of the ustar format, or its sum is wrong.
    case header(offset: Int)
    /// A file would be outside the folder, or under a name that no bundle has.
    case name(String)
    /// A symbolic link, a device, a folder, or something else that is no file.
    case notAFile(String)
    /// A file has more bytes than ``MinutesLimits/fileBytes``.
    case fileTooLong(String)
    /// A file is there twice, or before one whose name comes first.
    case order(String)
    /// Files are in more than one folder.
    case folders(String)
    /// A header has something in it that ours have not: another owner, time or mode.
    case foreign(String)
    /// There is something other than zeros behind a file, or behind the end.
    case padding(offset: Int)
    /// There is no file in it.
    case empty
}

extension TarError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge:
            "the tar has more than \(MinutesLimits.bundleBytes) bytes or "
                + "\(MinutesLimits.fileCount) files"
        case .truncated(let offset): "the tar ends too early, at byte \(offset)"
        case .header(let offset): "there is no header of a tar at byte \(offset)"
        case .name(let name): "«\(printable(name))» is no name of a file of minutes"
        case .notAFile(let name): "«\(printable(name))» is no regular file"
        case .fileTooLong(let name):
            "«\(printable(name))» has more than \(MinutesLimits.fileBytes) bytes"
        case .order(let name): "«\(printable(name))» is not in its place in the tar"
        case .folders(let name): "«\(printable(name))» is in another folder than the file before"
        case .foreign(let name):
            "the header of «\(printable(name))» was not written by e-Cabinet: unpack the tar with care, "
                + "and verify the folder"
        case .padding(let offset):
            "there is something at byte \(offset) of the tar, where zeros belong"
        case .empty: "there is no file in the tar"
        }
    }
}
