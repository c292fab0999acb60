/// A rule of CWP/1 that the peer broke. The connection ends with GOAWAY and the reason.
public struct ProtocolViolation: Error, Hashable, Sendable {
    /// The reasons of GOAWAY that a violation can have. Raw values are those of
    /// `cabinet.rpc.GoAwayReason`.
    public enum Reason: Int32, Sendable {
        case protocolError = 4
        case version = 5
        case tooLarge = 6
        case limitExceeded = 7
        case controlFlood = 8
        case stalled = 9
        case timeout = 10
    }

    public let reason: Reason

    /// The number of the broken rule in the protocol document, for example `2.3`.
    public let rule: StaticText

    /// What the peer did, in English, for a log.
    public let explanation: StaticText

    public init(_ reason: Reason, rule: StaticText, _ explanation: StaticText) {
        self.reason = reason
        self.rule = rule
        self.explanation = explanation
    }
}

extension ProtocolViolation: CustomStringConvertible {
    public var description: String { "\(explanation) (\(reason), rule \(rule))" }
}

/// A text that is known when the program is compiled: a `StaticString` that can be compared.
public struct StaticText: ExpressibleByStringLiteral, Hashable, Sendable, CustomStringConvertible {
    private let text: StaticString

    public init(stringLiteral text: StaticString) {
        self.text = text
    }

    public var description: String { text.description }

    public static func == (left: Self, right: Self) -> Bool {
        left.description == right.description
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(description)
    }
}
