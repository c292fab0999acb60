/// A store that cannot do what it was asked for.
public struct StoreError: Error, Hashable, Sendable {
    public enum Kind: String, Hashable, Sendable {
        /// The folder or a file cannot be opened, for want of permission for example.
        case cannotOpen = "CANNOT_OPEN"
        /// Another process has the store.
        case locked = "LOCKED"
        /// The file is of something else, or of a later version of this software.
        case unknownFormat = "UNKNOWN_FORMAT"
        /// What is stored contradicts itself.
        case damaged = "DAMAGED"
        /// What is to be written does not fit what is stored.
        case conflict = "CONFLICT"
        /// There is no such log.
        case notFound = "NOT_FOUND"
        /// The disk is full.
        case full = "FULL"
        /// Reading or writing failed.
        case io = "IO"
    }

    public let kind: Kind
    /// What happened and where, in English, for an operator.
    public let explanation: String

    public init(_ kind: Kind, _ explanation: String) {
        self.kind = kind
        self.explanation = explanation
    }
}

extension StoreError: CustomStringConvertible {
    public var description: String { "\(explanation) (\(kind.rawValue))" }
}
