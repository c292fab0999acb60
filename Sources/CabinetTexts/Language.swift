/// A language that members and secretaries read. Raw values are codes of ISO 639-1.
///
/// What a program acts on is the same in every language: codes, reasons, identifiers, JSON.
public enum Language: String, Hashable, Sendable, CaseIterable {
    case vietnamese = "vi"
    case english = "en"

    /// The language of a code, which may be that of a locale: «vi», «vi-VN», «vi_VN.UTF-8».
    ///
    /// - Returns: `nil` where there are no texts in it.
    public init?(code: some StringProtocol) {
        let language = code.prefix { $0 != "_" && $0 != "-" && $0 != "." && $0 != "@" }
        self.init(rawValue: language.lowercased())
    }

    /// The language that a process is asked for: the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is
    /// not empty decides (POSIX.1-2017, XBD, section 8.2).
    ///
    /// - Returns: English where that names a language without texts, or «C», or where none is set.
    public init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }
            .first { !$0.isEmpty }
        self = locale.flatMap { Self(code: $0) } ?? .english
    }

    /// One of the same text in all languages: a text that is missing does not compile.
    public func text(vi: @autoclosure () -> String, en: @autoclosure () -> String) -> String {
        switch self {
        case .vietnamese: vi()
        case .english: en()
        }
    }
}
