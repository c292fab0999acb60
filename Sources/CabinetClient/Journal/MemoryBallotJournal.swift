public import CabinetAPI
public import CabinetLedger
internal import CabinetLocks
public import CabinetModel

/// A journal that is gone with its process: for load, and for tests. Who votes has one on a disk.
public final class MemoryBallotJournal: BallotJournal {
    private struct Content {
        var order: [BallotID] = []
        var ballots: [BallotID: JournalledBallot] = [:]
        var checkpoints: [NoteLine: [SignedCheckpoint]] = [:]
        var evidence: [Evidence] = []
    }

    private let content = Guarded(Content())

    public init() {}

    /// What was kept of wrong answers.
    public var evidence: [Evidence] { content.withLock { $0.evidence } }

    public func add(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) throws(JournalError) {
        try content.withLock { content throws(JournalError) in
            guard content.ballots[statement.ballot] == nil else {
                throw JournalError(.conflict, "there is a ballot \(statement.ballot) already")
            }
            content.order.append(statement.ballot)
            content.ballots[statement.ballot] = JournalledBallot(ballot, statement, .pending)
        }
    }

    public func settle(
        _ ballot: BallotID,
        as outcome: BallotOutcome
    ) throws(JournalError) {
        try content.withLock { content throws(JournalError) in
            guard let kept = content.ballots[ballot] else {
                throw JournalError(.conflict, "there is no ballot \(ballot)")
            }
            content.ballots[ballot] = JournalledBallot(kept.ballot, kept.statement, outcome)
        }
    }

    public func ballots(onlyPending: Bool) -> [JournalledBallot] {
        content.withLock { content in
            content.order.compactMap { content.ballots[$0] }
                .filter { !onlyPending || $0.outcome == .pending }
        }
    }

    public func checkpoints(of origin: NoteLine) -> [SignedCheckpoint] {
        content.withLock { $0.checkpoints[origin] ?? [] }
    }

    public func keep(
        _ checkpoint: SignedCheckpoint,
        inPlaceOf older: [SignedCheckpoint]
    ) throws(JournalError) {
        try content.withLock { content throws(JournalError) in
            let origin = checkpoint.unverified.origin
            var kept = content.checkpoints[origin] ?? []
            kept.removeAll { older.contains($0) || $0 == checkpoint }
            guard kept.count < JournalLimits.checkpoints else { throw .tooManyCheckpoints(origin) }
            content.checkpoints[origin] = kept + [checkpoint]
        }
    }

    public func keep(_ evidence: Evidence) {
        content.withLock { content in
            content.evidence.append(evidence)
            if content.evidence.count > JournalLimits.evidence { content.evidence.removeFirst() }
        }
    }
}

extension JournalError {
    static func tooManyCheckpoints(_ origin: NoteLine) -> JournalError {
        JournalError(
            .full,
            "\(JournalLimits.checkpoints) checkpoints of \(origin) are waiting to be compared"
        )
    }
}
