internal import CabinetMapping
internal import CabinetModel
internal import CabinetRPC
internal import CabinetTexts

/// The attributes that a reason came with (common.proto, `Reason`), in words. They came from a server.
struct ReasonFacts {
    private let attributes: [String: String]
    private let language: Language

    init(_ attributes: [String: String], in language: Language) {
        self.attributes = attributes
        self.language = language
    }

    /// The value of an attribute; a question mark where it did not come.
    func value(_ name: String) -> String {
        attributes[name]?.sanitized ?? "?"
    }

    /// «, for example, that is missing or not allowed»: what is broken, in parentheses; nothing where it did
    /// not come.
    func note(_ names: String...) -> String {
        let values = names.compactMap { attributes[$0]?.sanitized }.filter { !$0.isEmpty }
        return values.isEmpty ? "" : " (" + values.joined(separator: ": ") + ")"
    }

    /// The rule that is not kept, in parentheses; nothing where it did not come. It is said to be what must
    /// hold, since the words alone say that it does: «the certificate is valid now».
    var brokenRule: String {
        guard let rule = attributes["rule"]?.sanitized, !rule.isEmpty else { return "" }
        return language.text(vi: " (phải đúng: \(rule))", en: " (what must hold: \(rule))")
    }

    /// The state of a poll; `nil` where none came.
    var pollState: PollState? {
        let name = value("state")
        return PollState.allCases.first { $0.name == name }
    }

    /// Whether the meeting is over.
    var isAdjourned: Bool { MeetingPhase.Name(rawValue: value("state")) == .adjourned }

    /// The state of a poll or of a meeting, in words.
    var state: String {
        if let pollState { return pollState.text(in: language) }
        let name = value("state")
        return MeetingPhase.Name(rawValue: name)?.text(in: language) ?? name
    }

    /// The roles that would be needed, in words.
    var roles: String {
        let roles = value("roles").split(separator: ",").map { name in
            Role.allCases.first { $0.name == name }?.text(in: language) ?? String(name)
        }
        return roles.joined(separator: language.text(vi: " hoặc ", en: " or "))
    }
}

extension RPCError {
    /// The attributes of the reason that the failure came with.
    var reasonAttributes: [String: String] {
        let detail = details.first {
            $0.domain == "cabinet.v1" && FailureReason(rawValue: $0.reason) != nil
        }
        let pairs = detail?.attributes.map { ($0.name, $0.value) } ?? []
        return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }
}
