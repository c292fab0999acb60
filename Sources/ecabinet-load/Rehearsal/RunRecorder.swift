import CabinetLoad
import CabinetLocks
import CabinetRPC

/// Keeps what is measured, on any thread.
final class RunRecorder: Sendable {
    /// A kind of call.
    enum Kind {
        case ballots
        case reads
        /// Of the secretary.
        case commands
    }

    private struct State {
        var record: RunRecord
        var recent = Recent()
    }

    /// What happened since the last look, for those who wait for the end.
    struct Recent: Sendable {
        var ballots = LatencyHistogram()
        var reads = LatencyHistogram()
    }

    private let state: Guarded<State>

    /// - Parameter duration: As planned.
    init(for duration: Duration) {
        state = Guarded(State(record: RunRecord(for: duration)))
    }

    var record: RunRecord { state.withLock { $0.record } }

    /// Does something with the record.
    func update(_ body: (inout RunRecord) -> Void) {
        state.withLock { body(&$0.record) }
    }

    func mark(_ text: String, at time: Duration) {
        update { $0.marks.append(RunRecord.Mark(at: time, text)) }
    }

    /// What is to be sent is sent, some time after it was planned.
    func sent(late delay: Duration) {
        update { $0.lateness.record(max(.zero, delay)) }
    }

    func repeated(_ kind: Kind) {
        update { $0[kind].resent += 1 }
    }

    func plan(_ kind: Kind, _ count: Int) {
        update { $0[kind].planned += count }
    }

    func succeeded(_ kind: Kind, planned time: Duration, end: Duration) {
        let latency = max(.zero, end - time)
        state.withLock { state in
            state.record[kind].series.record(latency, at: time)
            if kind == .ballots { state.recent.ballots.record(latency) }
            if kind == .reads { state.recent.reads.record(latency) }
        }
    }

    func failed(_ kind: Kind, planned time: Duration, _ error: any Error) {
        let reason =
            (error as? RPCError)?.tallied
            ?? (error is Voter.WrongReceipt
                ? "WRONG_RECEIPT" : kind == .ballots ? "INVALID_RECEIPT" : "HARNESS")
        state.withLock { state in
            state.record[kind].series.recordError(at: time)
            state.record[kind].failures.record(reason)
            // A server may refuse; what it acknowledges must hold.
            if !(error is RPCError), kind == .ballots, state.record.broken == nil {
                state.record.broken = "\(error)"
            }
        }
    }

    /// What happened since the last call.
    func takeRecent() -> Recent {
        state.withLock { state in
            defer { state.recent = Recent() }
            return state.recent
        }
    }
}

extension RunRecord {
    /// Calls that failed for good.
    var errors: Int {
        ballots.failures.total + reads.failures.total + commands.failures.total
    }

    fileprivate subscript(_ kind: RunRecorder.Kind) -> Calls {
        get {
            switch kind {
            case .ballots: ballots
            case .reads: reads
            case .commands: commands
            }
        }
        _modify {
            switch kind {
            case .ballots: yield &ballots
            case .reads: yield &reads
            case .commands: yield &commands
            }
        }
    }
}
