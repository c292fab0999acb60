public import CabinetCodec

/// Why the bytes of an entry are not what a meeting's log can hold at that place.
///
/// It is found when a log is read, at start or by an auditor, and names the entry at fault.
public struct EntryError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// The entry is longer than ``EntryCoding/maximumBytes``.
        case tooLong(byteCount: Int)
        /// The bytes are no `LedgerEntry`.
        case undecodable(MessageDecodingError)
        /// The entry says that it has another index.
        case otherIndex(UInt64)
        /// There is no body, or one that this version of the schema does not know.
        case unknownBody
        /// A field is missing or holds what it cannot hold.
        case field(InvalidField)
        /// The entry fits its place badly: what it breaks, in English.
        case outOfOrder(rule: String)
    }

    /// The place of the entry in the log.
    public let index: UInt64
    public let problem: Problem

    public init(at index: UInt64, _ problem: Problem) {
        self.index = index
        self.problem = problem
    }
}

extension EntryError: CustomStringConvertible {
    public var description: String { "entry \(index): \(problem)" }
}

extension EntryError.Problem: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLong(let byteCount):
            "it has \(byteCount) bytes, and the limit is \(EntryCoding.maximumBytes)"
        case .undecodable(let error): "\(error)"
        case .otherIndex(let index): "it says that its index is \(index)"
        case .unknownBody: "it has no body that this version knows"
        case .field(let error): "\(error)"
        case .outOfOrder(let rule): rule
        }
    }
}
