import CabinetTexts

/// Something that a person reads, in each language.
struct Phrase: Hashable, Sendable {
    let english: String
    let vietnamese: String

    /// - Parameter vietnamese: Left out where only administrators read it, or it is a technical detail.
    init(_ english: String, vi vietnamese: String? = nil) {
        self.english = english
        self.vietnamese = vietnamese ?? english
    }

    func text(in language: Language) -> String {
        switch language {
        case .english: english
        case .vietnamese: vietnamese
        }
    }
}
