import CabinetTexts

/// Something that a person reads, in each language.
struct Phrase: Hashable, Sendable {
    let english: String
    let vietnamese: String

    init(_ english: String, vi vietnamese: String) {
        self.english = english
        self.vietnamese = vietnamese
    }

    /// What is the same in all languages, as names are, and what only administrators read.
    init(untranslated text: String) {
        self.init(text, vi: text)
    }

    /// What the server, the system or a library says in English. It is added to what a person reads in
    /// another language.
    init(detail: String, vi vietnamese: String) {
        self.init(detail, vi: "\(vietnamese)\nchi tiết: \(detail)")
    }

    /// The same where there is nothing else to say.
    init(technical detail: String) {
        self.init(detail, vi: "chi tiết kỹ thuật: \(detail)")
    }

    func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .vietnamese: vietnamese
        }
    }
}
