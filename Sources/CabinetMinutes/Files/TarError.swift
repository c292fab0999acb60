public import CabinetTexts

/// Why a tar is not read. It is the work of somebody else, or was changed.
public enum TarError: Error, Hashable, Sendable {
    /// It has more bytes than ``MinutesLimits/tarBytes``, or more files than
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

extension TarError {
    /// Why, for people.
    public func text(in language: Language) -> String {
        switch self {
        case .tooLarge:
            language.text(
                vi:
                    "tar có hơn \(MinutesLimits.tarBytes) byte hoặc \(MinutesLimits.fileCount) tệp",
                en: "the tar has more than \(MinutesLimits.tarBytes) bytes or "
                    + "\(MinutesLimits.fileCount) files"
            )
        case .truncated(let offset):
            language.text(
                vi: "tar kết thúc quá sớm, ở byte \(offset)",
                en: "the tar ends too early, at byte \(offset)"
            )
        case .header(let offset):
            language.text(
                vi: "ở byte \(offset) không có phần đầu của một tệp trong tar",
                en: "there is no header of a tar at byte \(offset)"
            )
        case .padding(let offset):
            language.text(
                vi: "ở byte \(offset) của tar có dữ liệu, trong khi ở đó phải là số không",
                en: "there is something at byte \(offset) of the tar, where zeros belong"
            )
        case .empty:
            language.text(vi: "trong tar không có tệp nào", en: "there is no file in the tar")
        case .name(let name), .notAFile(let name), .fileTooLong(let name), .order(let name),
            .folders(let name), .foreign(let name):
            "«\(printable(name))»" + aboutFile(in: language)
        }
    }

    /// What is wrong with a file, behind its name.
    private func aboutFile(in language: Language) -> String {
        switch self {
        case .name:
            language.text(
                vi: " không phải tên tệp của biên bản",
                en: " is no name of a file of minutes"
            )
        case .notAFile:
            language.text(vi: " không phải tệp thông thường", en: " is no regular file")
        case .fileTooLong:
            language.text(
                vi: " có hơn \(MinutesLimits.fileBytes) byte",
                en: " has more than \(MinutesLimits.fileBytes) bytes"
            )
        case .order:
            language.text(
                vi: " không ở đúng chỗ trong tar",
                en: " is not in its place in the tar"
            )
        case .folders:
            language.text(
                vi: " ở trong thư mục khác với tệp đứng trước",
                en: " is in another folder than the file before"
            )
        case .foreign:
            language.text(
                vi:
                    " có phần đầu không do e-Cabinet ghi: hãy giải nén tar một cách thận trọng, rồi xác "
                    + "minh thư mục",
                en:
                    " has a header that was not written by e-Cabinet: unpack the tar with care, and "
                    + "verify the folder"
            )
        case .tooLarge, .truncated, .header, .padding, .empty: ""
        }
    }
}

extension TarError: CustomStringConvertible {
    public var description: String { text(in: .english) }
}
