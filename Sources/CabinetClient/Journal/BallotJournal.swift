public import CabinetAPI
public import CabinetLedger
public import CabinetModel

/// What a client keeps of its own: the ballots that its member has signed, and the checkpoints that it has
/// seen. With it a ballot survives a lost link, a crash of the client and a restart of the server.
///
/// It has one member, and one client at a time. ``SQLiteBallotJournal`` is for devices;
/// ``MemoryBallotJournal`` is for those who have many members and nothing to lose.
public protocol BallotJournal: CheckpointJournal {
    /// Keeps a ballot. When it returns the ballot survives the loss of the process and of power, and may be
    /// sent.
    ///
    /// - Throws: ``JournalError``; ``JournalError/Kind/pending`` where a ballot of the same poll is kept of
    ///   which nothing is known, ``JournalError/Kind/conflict`` where one with that id is.
    func add(_ ballot: SignedBallot, _ statement: CabinetModel.BallotStatement)
        async throws(JournalError)

    /// Keeps what became of a ballot. One that was proven to count stays so: whoever is told something else
    /// later was told by a server that contradicts itself.
    ///
    /// - Throws: ``JournalError``, also where no ballot has that id.
    func settle(_ ballot: BallotID, as outcome: BallotOutcome) async throws(JournalError)

    /// The ballots of which nothing is known, in the order in which they were added.
    func pendingBallots() async throws(JournalError) -> [JournalledBallot]

    /// The ballots in a meeting, in the order in which they were added.
    func ballots(in meeting: MeetingID) async throws(JournalError) -> [JournalledBallot]

    /// Takes all ballots of a meeting that were proven to count for pending: after a log was put back to an
    /// older state, nobody knows which of them it still has.
    func reopenBallots(in meeting: MeetingID) async throws(JournalError)
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

/// Bounds of a journal.
public enum JournalLimits {
    /// Checkpoints of a log that are kept at the same time.
    public static let checkpoints = 64
    /// Pieces of evidence of each kind that are kept.
    public static let evidence = 100
    /// Bytes of a piece of evidence.
    public static let evidenceBytes = 262_144
    /// Ballots that are kept. A journal that is full takes no other: begin a new one, in another folder.
    public static let ballots = 100_000
}
