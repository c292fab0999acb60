import CabinetModel

/// What an identifier on the command line names.
enum IdentifierKind: Sendable {
    case meeting
    case agendaItem
    case poll
    case principal

    fileprivate var phrase: Phrase {
        switch self {
        case .meeting: Phrase("a meeting", vi: "phiên họp")
        case .agendaItem: Phrase("an agenda item", vi: "nội dung chương trình")
        case .poll: Phrase("a poll", vi: "cuộc biểu quyết")
        case .principal: Phrase("a person or a device", vi: "người hoặc thiết bị")
        }
    }

    fileprivate var example: String {
        switch self {
        case .meeting: "2019-06-24"
        case .agendaItem: "a1"
        case .poll: "p1"
        case .principal: "m1"
        }
    }

    fileprivate var list: String {
        switch self {
        case .meeting: "ecabinet meeting list"
        case .agendaItem: "ecabinet agenda list"
        case .poll: "ecabinet poll list"
        case .principal: "ecabinet attend list"
        }
    }
}

extension Identifier {
    /// An identifier that somebody has typed.
    ///
    /// - Parameter isNew: Whether it is for something that is made now, and may be any that there is not yet.
    init(typed text: String, _ kind: IdentifierKind, isNew: Bool = false) throws(Failure) {
        do throws(InvalidValue) {
            try self.init(text)
        } catch {
            throw Failure(
                .usage,
                "IDENTIFIER",
                Phrase(
                    "«\(text)» is no identifier of \(kind.phrase.english)",
                    vi: "«\(text)» không phải mã \(kind.phrase.vietnamese)"
                ),
                because: Phrase(
                    error.rule,
                    vi:
                        "mã có 1 đến 64 ký tự: chữ thường không dấu, chữ số, '-', '_', '.', và bắt đầu"
                        + " bằng chữ hoặc số"
                ),
                advice: isNew
                    ? Phrase(
                        "take 1 to 64 lower-case letters, digits, '-', '_' and '.', the first a letter or"
                            + " a digit, as \(kind.example)",
                        vi:
                            "hãy dùng 1 đến 64 chữ thường không dấu, chữ số, '-', '_' và '.', bắt đầu"
                            + " bằng chữ hoặc số, như \(kind.example)"
                    )
                    : Phrase(
                        "«\(kind.list)» says which there are",
                        vi: "«\(kind.list)» cho biết các mã hiện có"
                    )
            )
        }
    }
}
