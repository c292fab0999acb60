public import CabinetMapping
public import CabinetModel
public import CabinetTexts

/// Why there are no minutes of a log.
public enum MinutesError: Error, Hashable, Sendable {
    /// The log file has more bytes than ``MinutesLimits/logBytes``.
    case logTooLong(byteCount: Int)
    /// The files would be more, or longer, than ``MinutesLimits`` allows.
    case tooLarge
    /// The key is of another installation, or of another log, than the log says it is.
    case otherInstallation(key: String, origin: String)
    /// The log does not verify.
    case log(AuditError)
    /// A poll has no verdict yet: the log says how members voted before its rule lets it be seen.
    case pollInProgress(PollID)
    /// The log would lead to a file with such a name.
    case path(String)
}

extension MinutesError {
    /// Why, for people. What is wrong with an entry is said in English: it is for who examines the log.
    public func text(in language: Language) -> String {
        switch self {
        case .logTooLong(let byteCount):
            language.text(
                vi: "tệp nhật ký có \(byteCount) byte, còn biên bản chỉ được lập từ tối đa "
                    + "\(MinutesLimits.logBytes)",
                en: "the log file has \(byteCount) bytes, and minutes are made of at most "
                    + "\(MinutesLimits.logBytes)"
            )
        case .tooLarge:
            language.text(
                vi: "biên bản sẽ có hơn \(MinutesLimits.fileCount) tệp, hoặc hơn "
                    + "\(MinutesLimits.bundleBytes) byte",
                en:
                    "the minutes would have more than \(MinutesLimits.fileCount) files, or more than "
                    + "\(MinutesLimits.bundleBytes) bytes"
            )
        case .otherInstallation(let key, let origin):
            language.text(
                vi: "khóa là của «\(printable(key))», còn nhật ký là «\(printable(origin))»",
                en: "the key is that of «\(printable(key))», and the log is «\(printable(origin))»"
            )
        case .log(let error):
            language.text(
                vi: "nhật ký không xác minh được: \(error)",
                en: "the log does not verify: \(error)"
            )
        case .pollInProgress(let poll):
            language.text(
                vi: "lần biểu quyết «\(poll)» chưa kết thúc: hãy lập biên bản khi đã có kết quả",
                en: "the poll «\(poll)» is in progress: make the minutes when it has its verdict"
            )
        case .path(let text):
            language.text(
                vi: "«\(printable(text))» không dùng làm tên tệp của biên bản được",
                en: "«\(printable(text))» is no name for a file of the minutes"
            )
        }
    }
}

extension MinutesError: CustomStringConvertible {
    public var description: String { text(in: .english) }
}

/// A text that may say anything, for one line on a terminal: letters, and nothing that controls it.
func printable(_ text: String) -> String {
    String(String.UnicodeScalarView(text.unicodeScalars.prefix(300))).escaped
}
