public import CabinetAPI
public import CabinetModel

// What commands are answered with: where their entries are, and what the entries say that the caller
// wants to know.

extension CabinetAPI.Commit {
    /// Where the entries of a command are; `nil` where it led to none.
    public init?(_ entries: [Entry]) {
        guard let first = entries.first else { return nil }
        self.init(
            firstIndex: first.index,
            entryCount: UInt32(clamping: entries.count),
            timeUnixMs: first.time.unixMilliseconds
        )
    }
}

extension [Entry] {
    /// The verdict that is among them.
    fileprivate var verdict: CabinetAPI.Verdict? {
        for case .verdictReached(_, let verdict) in lazy.map(\.body) { return Verdict(verdict) }
        return nil
    }
}

extension ScheduleMeetingResponse {
    /// - Parameter state: After the entries.
    public init(_ entries: [Entry], _ state: CabinetModel.MeetingState) {
        self.init(commit: Commit(entries), meeting: Meeting(state.proceedings))
    }
}

extension OpenMeetingResponse {
    public init(_ entries: [Entry]) {
        self.init(commit: Commit(entries))
        for case .fact(.meetingOpened(let count)) in entries.map(\.body) {
            quorum = QuorumCount(count)
        }
    }
}

extension CreatePollResponse {
    public init(_ entries: [Entry]) {
        self.init(commit: Commit(entries))
        for case .fact(.pollCreated(_, _, let motion, _)) in entries.map(\.body) {
            self.motion = motion.bytes
            motionDigest = motion.digest.bytes
        }
    }
}

extension ClosePollResponse {
    public init(_ entries: [Entry]) {
        self.init(commit: Commit(entries), verdict: entries.verdict)
    }
}

extension DecideTieResponse {
    /// - Parameter receipt: Of the entry `TieDecided`, which is the first.
    public init(_ entries: [Entry], receipt: CabinetAPI.Receipt) {
        self.init(receipt: receipt, verdict: entries.verdict)
    }
}
