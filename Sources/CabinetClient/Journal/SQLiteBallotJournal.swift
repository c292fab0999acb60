public import CabinetAPI
public import CabinetLedger
public import CabinetModel
internal import Dispatch
internal import NIOPosix

/// The journal of a device: a SQLite database in a folder of its own, with one fsync for each ballot that
/// is kept. Its statements run on a thread of their own.
///
/// Whoever can read it knows how the member has voted, so the folder is for its owner alone.
public final class SQLiteBallotJournal: BallotJournal {
    private let database: JournalDatabase
    private let thread = NIOThreadPool(numberOfThreads: 1)

    /// Opens the journal in a folder, or begins one there. Waits for the disk.
    ///
    /// - Parameters:
    ///   - folder: It exists, and no other journal is in it.
    ///   - member: Whose ballots are kept in it.
    /// - Throws: ``JournalError`` where another process has it, it is another member's, or the file is no
    ///   journal of this version.
    public init(folder: String, of member: PrincipalID) throws(JournalError) {
        database = try JournalDatabase(folder: folder, member: member)
        thread.start()
    }

    /// For who has not called ``close()``: the thread ends, and the journal is free, soon after.
    deinit {
        thread.shutdownGracefully(queue: .global()) { _ in }
    }

    /// Ends the thread and lets another process have the journal, before it returns. Whatever is called
    /// after it throws ``JournalError/Kind/closed``.
    public func close() async {
        try? await thread.shutdownGracefully()
        database.close()
    }

    public func add(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) async throws(JournalError) {
        try await onThread { database throws(JournalError) in
            try database.add(ballot, statement)
        }
    }

    public func settle(
        _ ballot: BallotID,
        as outcome: BallotOutcome
    ) async throws(JournalError) {
        try await onThread { database throws(JournalError) in
            try database.settle(ballot, as: outcome)
        }
    }

    public func pendingBallots() async throws(JournalError) -> [JournalledBallot] {
        try await onThread { database throws(JournalError) in try database.pendingBallots() }
    }

    public func ballots(
        in meeting: MeetingID
    ) async throws(JournalError) -> [JournalledBallot] {
        try await onThread { database throws(JournalError) in
            try database.ballots(in: meeting)
        }
    }

    /// The meetings that ballots are kept of, sorted by identifier.
    ///
    /// - Throws: ``JournalError``.
    public func meetings() async throws(JournalError) -> [MeetingID] {
        try await onThread { database throws(JournalError) in try database.meetings() }
    }

    public func reopenBallots(in meeting: MeetingID) async throws(JournalError) {
        try await onThread { database throws(JournalError) in
            try database.reopenBallots(in: meeting)
        }
    }

    public func checkpoints(
        of origin: NoteLine
    ) async throws(JournalError) -> [SignedCheckpoint] {
        try await onThread { database throws(JournalError) in
            try database.checkpoints(of: origin)
        }
    }

    public func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) async throws(JournalError) {
        try await onThread { database throws(JournalError) in
            try database.keep(checkpoint, inPlaceOf: older)
        }
    }

    public func keep(_ evidence: Evidence) async throws(JournalError) {
        try await onThread { database throws(JournalError) in try database.keep(evidence) }
    }

    public func evidence() async throws(JournalError) -> [Evidence] {
        try await onThread { database throws(JournalError) in try database.evidence() }
    }

    /// Runs on the journal's thread, also for a task that was cancelled: what became of a ballot is kept in
    /// any case.
    private func onThread<Value: Sendable>(
        _ body: @escaping @Sendable (JournalDatabase) throws(JournalError) -> Value
    ) async throws(JournalError) -> Value {
        let result = await withCheckedContinuation { continuation in
            thread.submit { [database] state in
                guard state == .active else {
                    return continuation.resume(
                        returning: Result<Value, JournalError>.failure(.closed)
                    )
                }
                do throws(JournalError) {
                    continuation.resume(returning: .success(try body(database)))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
        }
        return try result.get()
    }
}

extension JournalError {
    static let closed = JournalError(.closed, "it was closed")
}
