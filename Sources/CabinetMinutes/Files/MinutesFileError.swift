#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#else
    internal import Darwin
#endif

/// Why minutes are not written, or cannot be read. Nothing half-made is left.
public enum MinutesFileError: Error, Hashable, Sendable {
    /// What was being done.
    public enum Operation: String, Hashable, Sendable, CaseIterable {
        case open = "opened"
        case read = "read"
        case makeFolder = "made"
        case create = "created"
        case write = "written"
        case synchronize = "brought onto the disk"
        case rename = "put in its place"
    }

    /// There is something already, and nothing was said of replacing it.
    case exists(path: String)
    /// What is there is not minutes, and so is not replaced.
    case notMinutes(path: String)
    /// Beside the minutes that are there, there is something that their manifest does not list. Nothing of
    /// them is replaced.
    case foreignFile(String, in: String)
    /// The minutes are written or put back, and what was there before is under another name now: something
    /// is in it, or has come in its place.
    case leftBehind(path: String)
    /// The path names no file that can be made.
    case unusable(path: String)
    /// The disk is full, or the quota used up.
    case diskFull(path: String)
    /// The system refuses; `code` is its `errno`.
    case system(Operation, path: String, code: Int32)
    /// A file is longer than ``MinutesLimits`` allows, or there are more of them.
    case tooLarge(path: String)
    /// The file is no tar of minutes.
    case tar(TarError)
    /// The minutes do not fit into a tar.
    case bundle(MinutesError)

    init(_ operation: Operation, _ path: String, _ code: Int32) {
        switch code {
        case ENOSPC, EDQUOT: self = .diskFull(path: path)
        case EEXIST, ENOTEMPTY: self = .exists(path: path)
        default: self = .system(operation, path: path, code: code)
        }
    }
}

extension MinutesFileError {
    /// The same about what somebody has asked for, where it was about something on the way to it.
    func at(_ path: String) -> MinutesFileError {
        switch self {
        case .diskFull: .diskFull(path: path)
        case .system(let operation, _, let code): .system(operation, path: path, code: code)
        case .exists, .notMinutes, .foreignFile, .leftBehind, .unusable, .tooLarge, .tar, .bundle:
            self
        }
    }
}

extension MinutesFileError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .exists(let path): "\(printable(path)) is there already"
        case .notMinutes(let path):
            "\(printable(path)) is there already and is not minutes: it is not replaced"
        case .foreignFile(let name, let path):
            "\(printable(path)) has «\(printable(name))» in it, which is not of the minutes: nothing is "
                + "replaced"
        case .leftBehind(let path):
            "what was there before is in \(printable(path)) now: it could not be removed or put back"
        case .unusable(let path): "«\(printable(path))» is no path for minutes"
        case .diskFull(let path): "\(printable(path)) cannot be written: the disk is full"
        case .system(let operation, let path, let code):
            "\(printable(path)) cannot be \(operation.rawValue): \(String(cString: strerror(code)))"
        case .tooLarge(let path):
            "\(printable(path)) is too large: minutes have at most \(MinutesLimits.fileCount) files "
                + "and \(MinutesLimits.bundleBytes) bytes"
        case .tar(let error): "\(error)"
        case .bundle(let error): "\(error)"
        }
    }
}
