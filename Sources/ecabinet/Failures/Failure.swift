/// Why the program ends without success: what happened, why, and what to do next.
struct Failure: Error, Sendable {
    let status: ExitStatus
    /// For programs; it is the same in all languages, and does not change.
    let reason: String
    let happened: Phrase
    var cause: Phrase?
    var advice: Phrase?
    /// Facts that belong to the reason.
    var attributes: [JSONValue.Member] = []

    init(
        _ status: ExitStatus,
        _ reason: String,
        _ happened: Phrase,
        because cause: Phrase? = nil,
        advice: Phrase? = nil,
        attributes: [JSONValue.Member] = []
    ) {
        self.status = status
        self.reason = reason
        self.happened = happened
        self.cause = cause
        self.advice = advice
        self.attributes = attributes
    }

    /// Any error as what is reported of it.
    init(reporting error: any Error) {
        switch error {
        case let failure as Failure: self = failure
        case let error as any FailureConvertible: self = error.failure
        case is CancellationError: self = .interrupted
        default:
            self.init(
                .internalError,
                "INTERNAL",
                Phrase(
                    "something unexpected has happened",
                    vi: "đã xảy ra một lỗi không lường trước"
                ),
                because: Phrase(technical: "\(error)"),
                advice: Phrase(
                    "this is a mistake of the program; report it with the command that led to it",
                    vi: "đây là lỗi của chương trình; hãy báo lại kèm lệnh đã chạy"
                )
            )
        }
    }

    static let interrupted = Failure(
        .interrupted,
        "INTERRUPTED",
        Phrase("interrupted", vi: "đã bị ngắt"),
        advice: Phrase("give the command again", vi: "hãy chạy lại lệnh")
    )

    /// One JSON document, for `--json`.
    func json(in language: Language) -> JSONValue {
        var members: [JSONValue.Member] = [
            .init("reason", .string(reason)),
            .init("exit_status", .integer(Int64(status.rawValue))),
            .init("message", .string(happened.text(in: language))),
        ]
        if let cause { members.append(.init("cause", .string(cause.text(in: language)))) }
        if let advice { members.append(.init("advice", .string(advice.text(in: language)))) }
        if !attributes.isEmpty { members.append(.init("attributes", .object(attributes))) }
        return .object([.init("error", .object(members))])
    }
}

/// An error that says itself what is to be reported of it.
protocol FailureConvertible: Error {
    var failure: Failure { get }
}
