public import CabinetTexts

/// What went wrong, for the person who is to do something about it. What of it came from a server is
/// sanitized.
public struct Advice: Hashable, Sendable {
    /// What happened, and why, in a sentence.
    public let happened: String
    /// What to do next, in a sentence.
    public let next: String
    /// What a technician may want to know, in English; `nil` where there is nothing more.
    public let detail: String?

    public init(happened: String, next: String, detail: String? = nil) {
        self.happened = happened
        self.next = next
        self.detail = detail.map(\.sanitized)
    }

    /// All of it, one sentence a line.
    public func lines(in language: Language) -> [String] {
        let detail = detail.map { language.text(vi: "Chi tiết: ", en: "Detail: ") + $0 }
        return [happened, next] + [detail].compactMap { $0 }
    }
}
