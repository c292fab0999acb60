/// What a person has to know beside the result of a command.
struct Warning: Sendable {
    /// For programs; it is the same in all languages, and does not change.
    let reason: String
    let phrase: Phrase
    /// Facts that belong to the reason.
    let attributes: [JSONValue.Member]

    init(_ reason: String, _ phrase: Phrase, attributes: [JSONValue.Member] = []) {
        self.reason = reason
        self.phrase = phrase
        self.attributes = attributes
    }

    /// One JSON object, for `--json`.
    func json(in language: Language) -> JSONValue {
        .object([
            .init(
                "warning",
                .object(
                    [
                        .init("reason", .string(reason)),
                        .init("message", .string(phrase.text(in: language))),
                    ] + (attributes.isEmpty ? [] : [.init("attributes", .object(attributes))])
                )
            )
        ])
    }
}
