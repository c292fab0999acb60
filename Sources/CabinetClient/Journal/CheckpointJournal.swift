public import CabinetLedger

/// What a client keeps of the logs that it has seen, so that it finds out a log that was rewritten.
///
/// A ``BallotJournal`` is one. Who does not vote, as a wall board, has one for the checkpoints alone: a
/// ``SQLiteBallotJournal`` with the identifier of its own principal in the place of the member's.
public protocol CheckpointJournal: Sendable {
    /// The checkpoints that have been seen of a log and not been shown to be of one history with a later
    /// one. They were verified before.
    func checkpoints(of origin: NoteLine) async throws(JournalError) -> [SignedCheckpoint]

    /// Keeps a checkpoint, and forgets others that it is now known to go on from, in one step.
    func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) async throws(JournalError)

    /// Keeps what a server answered that it should not have, for whoever looks into it. Of contradictions
    /// the first ``JournalLimits/evidence`` are kept, of false answers the latest: so nobody can have a
    /// contradiction forgotten by many false answers.
    func keep(_ evidence: Evidence) async throws(JournalError)

    /// The evidence, in the order in which it was kept.
    func evidence() async throws(JournalError) -> [Evidence]
}

/// What a server answered that proves it, or whoever stands in its place, wrong.
public struct Evidence: Hashable, Sendable {
    /// Raw values are stored.
    public enum Kind: Int64, Hashable, Sendable {
        /// An answer that proves nothing, or denies what was shown before and not signed.
        case falseAnswer = 0
        /// Two things that the log has signed and that cannot both be true.
        case contradiction = 1
    }

    public let kind: Kind
    /// What is wrong, in English.
    public let finding: String
    /// The answer, serialized; of a contradiction the two signed notes, one after the other. Cut after
    /// ``JournalLimits/evidenceBytes``.
    public let answer: [UInt8]

    public init(_ kind: Kind, finding: String, answer: [UInt8]) {
        self.kind = kind
        self.finding = finding
        self.answer = Array(answer.prefix(JournalLimits.evidenceBytes))
    }
}
