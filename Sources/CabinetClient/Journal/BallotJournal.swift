public import CabinetAPI
public import CabinetLedger
public import CabinetModel

/// What a client keeps of its own: the ballots that its member has signed, and the checkpoints that it has
/// seen. With it a ballot survives a lost link, a crash of the client and a restart of the server.
///
/// It has one member, and one client at a time. ``SQLiteBallotJournal`` is for devices;
/// ``MemoryBallotJournal`` is for those who have many members and nothing to lose.
public protocol BallotJournal: Sendable {
    /// Keeps a ballot. When it returns the ballot survives the loss of the process and of power, and may be
    /// sent.
    ///
    /// - Throws: ``JournalError``, also where a ballot with that id is kept already.
    func add(_ ballot: SignedBallot, _ statement: CabinetModel.BallotStatement)
        async throws(JournalError)

    /// Keeps what became of a ballot.
    ///
    /// - Throws: ``JournalError``, also where no ballot has that id.
    func settle(_ ballot: BallotID, as outcome: BallotOutcome) async throws(JournalError)

    /// The ballots in the order in which they were added.
    ///
    /// - Parameter onlyPending: Whether those are left out of which the outcome is known.
    func ballots(onlyPending: Bool) async throws(JournalError) -> [JournalledBallot]

    /// The checkpoints that have been seen of a log and not been shown to be of one history with a later
    /// one. They were verified before.
    func checkpoints(of origin: NoteLine) async throws(JournalError) -> [SignedCheckpoint]

    /// Keeps a checkpoint, and forgets others that it is now known to go on from, in one step.
    func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) async throws(JournalError)

    /// Keeps what a server answered that it should not have, for whoever looks into it. The latest
    /// ``JournalLimits/evidence`` pieces are kept.
    func keep(_ evidence: Evidence) async throws(JournalError)
}

/// A ballot of a journal.
public struct JournalledBallot: Hashable, Sendable {
    /// As it is sent, and sent again.
    public let ballot: SignedBallot
    /// What it says.
    public let statement: CabinetModel.BallotStatement
    public let outcome: BallotOutcome

    public init(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement,
        _ outcome: BallotOutcome
    ) {
        self.ballot = ballot
        self.statement = statement
        self.outcome = outcome
    }
}

/// What became of a ballot, as far as this client knows.
public enum BallotOutcome: Hashable, Sendable {
    /// It may be in the log or not: it is to be sent again.
    case pending
    /// It is in the log; the receipt was verified.
    case counted(CabinetLedger.Receipt)
    /// The server refused it, for a reason of `cabinet.v1`.
    case refused(reason: String)
}

/// What a server answered that proves it, or whoever stands in its place, wrong.
public struct Evidence: Hashable, Sendable {
    /// What is wrong with it, in English.
    public let finding: String
    /// The answer, serialized.
    public let answer: [UInt8]

    public init(finding: String, answer: [UInt8]) {
        self.finding = finding
        self.answer = answer
    }
}

/// Bounds of a journal.
public enum JournalLimits {
    /// Checkpoints of a log that are kept at the same time.
    public static let checkpoints = 64
    /// Pieces of evidence that are kept.
    public static let evidence = 100
}
