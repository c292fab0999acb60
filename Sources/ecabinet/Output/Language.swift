import ArgumentParser

/// A language that people are addressed in.
enum Language: String, CaseIterable, ExpressibleByArgument, Sendable {
    case vietnamese = "vi"
    case english = "en"

    /// The language of the user's locale; English where that is another one.
    ///
    /// - Parameter environment: The first of LC_ALL, LC_MESSAGES and LANG that is set and not empty decides
    ///   (POSIX.1, section 8.2).
    init(environment: [String: String]) {
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy
            .compactMap { environment[$0] }.first { !$0.isEmpty }
        let name = locale?.prefix { $0 != "_" && $0 != "." && $0 != "@" && $0 != "-" }
        self = name.flatMap { Language(rawValue: $0.lowercased()) } ?? .english
    }
}
