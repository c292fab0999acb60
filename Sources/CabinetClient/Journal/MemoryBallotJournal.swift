public import CabinetAPI
public import CabinetLedger
internal import CabinetLocks
public import CabinetModel

/// A journal that is gone with its process: for load, and for tests. Who votes has one on a disk.
public final class MemoryBallotJournal: BallotJournal {
    private struct Content {
        var order: [BallotID] = []
        var pending: [BallotID] = []
        var ballots: [BallotID: JournalledBallot] = [:]
        var checkpoints: [NoteLine: [SignedCheckpoint]] = [:]
        var evidence: [Evidence] = []
    }

    private let content = Guarded(Content())

    public init() {}

    public func add(
        _ ballot: SignedBallot,
        _ statement: CabinetModel.BallotStatement
    ) throws(JournalError) {
        try content.withLock { content throws(JournalError) in
            guard content.ballots[statement.ballot] == nil else {
                throw JournalError(.conflict, "there is a ballot \(statement.ballot) already")
            }
            let others = content.pending.compactMap { content.ballots[$0]?.statement }
            if let other = others.first(where: { $0.isInPoll(of: statement) }) {
                throw .pending(other.ballot)
            }
            guard content.order.count < JournalLimits.ballots else { throw .tooManyBallots }
            content.order.append(statement.ballot)
            content.pending.append(statement.ballot)
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
            if case .counted = kept.outcome { return }
            content.ballots[ballot] = JournalledBallot(kept.ballot, kept.statement, outcome)
            if outcome != .pending { content.pending.removeAll { $0 == ballot } }
        }
    }

    public func pendingBallots() -> [JournalledBallot] {
        content.withLock { content in content.pending.compactMap { content.ballots[$0] } }
    }

    public func ballots(in meeting: MeetingID) -> [JournalledBallot] {
        content.withLock { content in
            content.order.compactMap { content.ballots[$0] }
                .filter { $0.statement.meeting == meeting }
        }
    }

    public func reopenBallots(in meeting: MeetingID) {
        content.withLock { content in
            for id in content.order {
                guard let kept = content.ballots[id], kept.statement.meeting == meeting,
                    case .counted = kept.outcome
                else { continue }
                content.ballots[id] = JournalledBallot(kept.ballot, kept.statement, .pending)
                content.pending.append(id)
            }
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

    public func evidence() -> [Evidence] { content.withLock { $0.evidence } }

    public func keep(_ evidence: Evidence) {
        content.withLock { content in
            let same = content.evidence.indices.filter {
                content.evidence[$0].kind == evidence.kind
            }
            if same.count >= JournalLimits.evidence {
                guard evidence.kind == .falseAnswer else { return }
                content.evidence.remove(at: same[0])
            }
            content.evidence.append(evidence)
        }
    }
}

extension CabinetModel.BallotStatement {
    fileprivate func isInPoll(of other: Self) -> Bool {
        poll == other.poll && meeting == other.meeting
    }
}

extension JournalError {
    static func pending(_ ballot: BallotID) -> JournalError {
        JournalError(.pending, "the ballot \(ballot) in the same poll is on its way")
    }

    static let tooManyBallots = JournalError(.full, "it has \(JournalLimits.ballots) ballots")

    static func tooManyCheckpoints(_ origin: NoteLine) -> JournalError {
        JournalError(
            .full,
            "\(JournalLimits.checkpoints) checkpoints of \(origin) are waiting to be compared"
        )
    }
}
