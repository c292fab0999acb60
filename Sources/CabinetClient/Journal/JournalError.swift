/// A journal that cannot keep or find something. Where a ballot cannot be kept it is not sent.
public struct JournalError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// The file cannot be opened, or is no journal of this version.
        case cannotOpen = "CANNOT_OPEN"
        /// Another process has it.
        case locked = "LOCKED"
        /// It belongs to another member.
        case otherMember = "OTHER_MEMBER"
        /// What is in it contradicts itself.
        case damaged = "DAMAGED"
        /// It has a ballot with that id, or none.
        case conflict = "CONFLICT"
        /// A ballot in the same poll is on its way.
        case pending = "PENDING"
        /// It has ``JournalLimits/ballots``, or ``JournalLimits/checkpoints`` of a log.
        case full = "FULL"
        /// Reading or writing failed.
        case io = "IO"
        /// It was closed.
        case closed = "CLOSED"
    }

    public let kind: Kind
    /// What happened, in English.
    public let explanation: String

    public init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }
}

extension JournalError: CustomStringConvertible {
    public var description: String { "the ballot journal: \(explanation) (\(kind.rawValue))" }
}
