public import CabinetTexts

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
    public enum Operation: Hashable, Sendable, CaseIterable {
        case open
        case read
        case makeFolder
        case create
        case write
        case synchronize
        case rename

        /// What cannot be done, behind the path.
        fileprivate func text(in language: Language) -> String {
            switch self {
            case .open: language.text(vi: "không mở được", en: "cannot be opened")
            case .read: language.text(vi: "không đọc được", en: "cannot be read")
            case .makeFolder: language.text(vi: "không tạo được thư mục", en: "cannot be made")
            case .create: language.text(vi: "không tạo được", en: "cannot be created")
            case .write: language.text(vi: "không ghi được", en: "cannot be written")
            case .synchronize:
                language.text(
                    vi: "không ghi chắc được vào ổ đĩa",
                    en: "cannot be brought onto the disk"
                )
            case .rename:
                language.text(vi: "không đặt được vào chỗ", en: "cannot be put in its place")
            }
        }
    }

    /// There is something already, and nothing was said of replacing it.
    case exists(path: String)
    /// What is there is not minutes, and so is not replaced.
    case notMinutes(path: String)
    /// Beside the minutes that are there, there is something that their manifest does not list. Nothing of
    /// them is replaced.
    case foreignFile(String, in: String)
    /// A file of the minutes that are there is not what their manifest says: somebody has changed it. Nothing
    /// of them is replaced.
    case changedFile(String, in: String)
    /// The minutes are written or put back as a whole, and something is under another name than it should be:
    /// something has come into it, or in its place.
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
        case .exists, .notMinutes, .foreignFile, .changedFile, .leftBehind, .unusable, .tooLarge,
            .tar, .bundle:
            self
        }
    }
}

extension MinutesFileError {
    /// Why, for people. What the system says is in its own language.
    public func text(in language: Language) -> String {
        switch self {
        case .exists(let path):
            language.text(
                vi: "\(printable(path)) đã có sẵn",
                en: "\(printable(path)) is there already"
            )
        case .notMinutes(let path):
            language.text(
                vi: "\(printable(path)) đã có sẵn và không phải biên bản, nên không bị thay thế",
                en: "\(printable(path)) is there already and is not minutes: it is not replaced"
            )
        case .foreignFile(let name, let path):
            language.text(
                vi:
                    "trong \(printable(path)) có «\(printable(name))» không thuộc biên bản: không có gì bị "
                    + "thay thế",
                en:
                    "\(printable(path)) has «\(printable(name))» in it, which is not of the minutes: "
                    + "nothing is replaced"
            )
        case .changedFile(let name, let path):
            language.text(
                vi:
                    "trong \(printable(path)), tệp «\(printable(name))» đã bị sửa sau khi được ghi: không có "
                    + "gì bị thay thế",
                en:
                    "in \(printable(path)) the file «\(printable(name))» was changed after it was written: "
                    + "nothing is replaced"
            )
        case .leftBehind(let path):
            language.text(
                vi: "không xóa hoặc trả lại chỗ cũ được những gì ở trong \(printable(path))",
                en: "what is in \(printable(path)) now could not be removed or put back"
            )
        case .unusable(let path):
            language.text(
                vi: "«\(printable(path))» không phải đường dẫn dùng được cho biên bản",
                en: "«\(printable(path))» is no path for minutes"
            )
        case .diskFull(let path):
            language.text(
                vi: "không ghi được \(printable(path)): ổ đĩa đã đầy",
                en: "\(printable(path)) cannot be written: the disk is full"
            )
        case .system(let operation, let path, let code):
            "\(printable(path)) \(operation.text(in: language)): \(String(cString: strerror(code)))"
        case .tooLarge(let path):
            language.text(
                vi:
                    "\(printable(path)) quá lớn: biên bản có tối đa \(MinutesLimits.fileCount) tệp và "
                    + "\(MinutesLimits.bundleBytes) byte",
                en:
                    "\(printable(path)) is too large: minutes have at most \(MinutesLimits.fileCount) "
                    + "files and \(MinutesLimits.bundleBytes) bytes"
            )
        case .tar(let error): error.text(in: language)
        case .bundle(let error): error.text(in: language)
        }
    }
}

extension MinutesFileError: CustomStringConvertible {
    public var description: String { text(in: .english) }
}
