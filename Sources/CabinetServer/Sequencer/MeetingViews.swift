internal import CabinetLedger
internal import CabinetLocks
internal import CabinetModel

/// What is durable of a meeting, for whoever only looks.
struct MeetingView: Sendable {
    let state: MeetingState
    let checkpoint: SignedCheckpoint
}

/// What is durable of all meetings, on any thread. The sequencer replaces what it has committed before it
/// answers, so that whoever has its answer sees its effect.
final class MeetingViews: Sendable {
    enum Finding: Sendable {
        case served(MeetingView)
        case damaged(LogDamage)
    }

    private let findings: Guarded<[MeetingID: Finding]>

    init(_ findings: [MeetingID: Finding]) {
        self.findings = Guarded(findings)
    }

    subscript(id: MeetingID) -> Finding? {
        findings.withLock { $0[id] }
    }

    /// All meetings that are served, in no order.
    var served: [MeetingView] {
        findings.withLock { findings in
            findings.values.compactMap { finding in
                if case .served(let view) = finding { view } else { nil }
            }
        }
    }

    func publish(_ logs: [MeetingLog]) {
        findings.withLock { findings in
            for log in logs {
                guard let checkpoint = log.checkpoint else { continue }
                findings[log.id] = .served(MeetingView(state: log.state, checkpoint: checkpoint))
            }
        }
    }
}
