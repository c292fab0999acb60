public import CabinetLedger
public import CabinetModel

/// What a whole log proves, once a ``MeetingAudit`` has gone through it.
public struct AuditReport: Hashable, Sendable {
    /// A poll that has opened, in the order of the opening.
    public struct PollResult: Hashable, Sendable {
        public let poll: PollID
        public let state: PollState
        /// Members on the roll, and their weight.
        public let roll: HeadCount
        /// Ballots in the log: each was signed by the member's key on the roll.
        public let castBallots: Int
        /// Members whose ballot counts.
        public let countedBallots: Int
        /// Computed once more; `nil` where the poll has none.
        public let verdict: Verdict?
    }

    /// What the log begins with.
    public let log: LogOpened
    /// What the log has signed.
    public let checkpoint: VerifiedCheckpoint
    /// How often it was restored from a copy that may have lacked its newest entries.
    public let restorations: Int
    /// The meeting as the log leaves it.
    public let state: MeetingState
    public let polls: [PollResult]
}

/// For people: the log, and a line for each poll.
extension AuditReport: CustomStringConvertible {
    public var description: String {
        let size = checkpoint.checkpoint.treeSize
        var lines = [
            "verified: the log of «\(log.meeting)», \(size) entries",
            "origin \(log.origin), root hash \(checkpoint.checkpoint.rootHash)",
        ]
        if restorations > 0 {
            lines.append("restored from a copy: \(restorations)")
        }
        return (lines + polls.map(\.description)).joined(separator: "\n")
    }
}

extension AuditReport.PollResult: CustomStringConvertible {
    public var description: String {
        guard let verdict else {
            return "poll \(poll): \(state.name), \(castBallots) ballots, no verdict"
        }
        let outcome = verdict.outcome == .carried ? "CARRIED" : "NOT_CARRIED"
        let tally = verdict.tally
        return "poll \(poll): \(outcome), "
            + "\(tally.yes.total.weight) yes, \(verdict.threshold.neededWeight) needed; "
            + "\(tally.no.total.weight) no, \(tally.abstain.total.weight) abstain, "
            + "\(tally.notVoted.weight) not voted; "
            + "quorum \(verdict.quorum.neededMembers), \(verdict.quorum.countedMembers) counted; "
            + "\(castBallots) ballots"
    }
}
