public import CabinetLedger
public import CabinetModel

/// What is wrong with a log that an auditor has read: the entry at fault, and what it breaks.
public struct AuditError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Finding: Hashable, Sendable {
        /// The file is no export.
        case file(LogFileError)
        /// The checkpoint is not that log's, or not signed with that log's key.
        case checkpoint(CheckpointVerificationError)
        /// The log begins with another origin, or another key, than the checkpoint was verified with.
        case otherLog(origin: LogOrigin)
        /// The checkpoint is of another number of entries than there are.
        case entryCount(found: UInt64, signed: UInt64)
        /// The entries are not those that the checkpoint was signed for.
        case rootHash
        /// An entry cannot be read, or cannot be at its place.
        case entry(EntryError.Problem)
        /// No command leads to entries that begin like this.
        case noCommand
        /// More entries in one commit than any command leads to.
        case commitTooLong
        /// The command was to be refused.
        case notPermitted(Rejection)
        /// The command leads to other entries than those that follow.
        case otherOutcome
        /// A command took effect twice, or a ballot is there twice.
        case repeated
        /// The tally of a verdict is not that of the ballots.
        case tally(PollID)
    }

    /// The place of the entry in the log; `nil` where no entry can be named.
    public let index: UInt64?
    public let finding: Finding

    public init(at index: UInt64?, _ finding: Finding) {
        self.index = index
        self.finding = finding
    }
}

extension AuditError: CustomStringConvertible {
    public var description: String {
        index.map { "entry \($0): \(finding)" } ?? "\(finding)"
    }
}

extension AuditError.Finding: CustomStringConvertible {
    public var description: String {
        switch self {
        case .file(let error): "\(error)"
        case .checkpoint(let error): "\(error)"
        case .otherLog(let origin):
            "it opens the log «\(origin)», whose name or key is not the verifier key's"
        case .entryCount(let found, let signed):
            "there are \(found) entries, and the checkpoint is of \(signed)"
        case .rootHash:
            "the root hash of the entries is not that of the checkpoint"
        case .entry(let problem):
            "\(problem)"
        case .noCommand:
            "no command leads to such an entry"
        case .commitTooLong:
            "no command leads to more than \(MeetingAudit.maximumCommitEntries) entries"
        case .notPermitted(let rejection):
            "its command was to be refused: \(rejection)"
        case .otherOutcome:
            "its command leads to other entries by the rules of the meeting"
        case .repeated:
            "its command has taken effect before"
        case .tally(let poll):
            "the verdict on «\(poll)» has another tally than the ballots in the log"
        }
    }
}
