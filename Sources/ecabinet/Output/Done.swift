import CabinetTexts

/// That something was done, for commands that have nothing else to tell.
struct Done: Report {
    private let action: String
    private let subject: String
    private let phrase: Phrase
    private let facts: [JSONValue.Member]

    /// - Parameters:
    ///   - action: In snake_case, for programs.
    ///   - subject: The identifier of what it was done to.
    init(
        _ action: String,
        _ subject: String,
        _ phrase: Phrase,
        facts: [JSONValue.Member] = []
    ) {
        self.action = action
        self.subject = subject
        self.phrase = phrase
        self.facts = facts
    }

    var json: JSONValue {
        .object(
            [.init("done", .string(action.uppercased())), .init("subject", .string(subject))]
                + facts
        )
    }

    func lines(_ style: Style, _ language: Language) -> [String] {
        phrase.text(in: language).sanitizedLines
    }
}
